// SPDX-License-Identifier: Apache-2.0
// YAML from anywhere is refused or read within its bounds.

#include "base/check.h"
#include "base/codec/yaml.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  const auto value = codec::parse_yaml({reinterpret_cast<const char*>(data), size});
  if (!value) WEIR_CHECK(value.error().code == Code::kInvalid, value.error().message);
  return 0;
}

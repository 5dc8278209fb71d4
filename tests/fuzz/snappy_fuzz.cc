// SPDX-License-Identifier: Apache-2.0
// Snappy blocks from anywhere are refused or uncompressed within their bound, and what we compress comes
// back.

#include "base/check.h"
#include "base/codec/snappy.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  constexpr std::size_t kMost = 1 << 20;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto decoded = codec::snappy_decode(input, kMost);
  if (decoded) WEIR_CHECK(decoded->size() <= kMost, "the bound holds");
  std::string buffer;
  const auto back = codec::snappy_decode(codec::snappy_encode(input, buffer), size);
  WEIR_CHECK(back && *back == input, "what was compressed comes back");
  return 0;
}

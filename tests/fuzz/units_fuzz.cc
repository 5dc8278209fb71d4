// SPDX-License-Identifier: Apache-2.0
// Durations, sizes and instants that parse are printed in a form that parses to the same.

#include "base/check.h"
#include "base/units.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (const auto duration = parse_duration(input))
    WEIR_CHECK(*parse_duration(print_duration(*duration)) == *duration, input);
  if (const auto bytes = parse_bytes(input))
    WEIR_CHECK(*parse_bytes(print_bytes(*bytes)) == *bytes, input);
  if (const auto time = parse_rfc3339(input))
    WEIR_CHECK(*parse_rfc3339(print_rfc3339(*time)) == *time, input);
  return 0;
}

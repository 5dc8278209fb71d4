// SPDX-License-Identifier: Apache-2.0
// Old positions files and cursor stores: any bytes are read or refused.

#include "components/loki/source_file/cursor_store.h"
#include "components/loki/source_file/positions.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)weir::loki::parse_positions(text);
  if (const auto cursors = weir::loki::parse_cursors(text)) {
    WEIR_CHECK(weir::loki::parse_cursors(weir::loki::print_cursors(*cursors)).has_value(),
               "what is printed is read");
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// logfmt of any bytes: the scanner ends, and what it found stays in the text or in its own room.

#include "base/check.h"
#include "components/loki/process/logfmt.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  weir::loki::LogfmtScanner scanner(text);
  std::size_t pairs = 0;
  while (scanner.next()) {
    WEIR_CHECK(!scanner.key().empty(), "a pair has a key");
    WEIR_CHECK(++pairs <= size, "each pair takes a byte at least");
  }
  return 0;
}

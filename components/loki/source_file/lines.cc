// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/lines.h"

namespace weir::loki {

std::size_t wide_line_end(std::string_view bytes, std::size_t from, TextUnit unit) {
  const std::size_t size = unit_size(unit);
  const std::size_t low = unit == TextUnit::kUtf16Le || unit == TextUnit::kUtf32Le ? 0 : size - 1;
  for (std::size_t at = (from + size - 1) / size * size; at + size <= bytes.size(); at += size) {
    bool newline = true;
    for (std::size_t i = 0; i < size; ++i)
      newline = newline && bytes[at + i] == (i == low ? '\n' : '\0');
    if (newline) return at + size;
  }
  return kNoNewline;
}

}  // namespace weir::loki

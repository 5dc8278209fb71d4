// SPDX-License-Identifier: Apache-2.0
// Lines of any bytes: they and their terminators are the text, whatever the unit.

#include "base/check.h"
#include "components/loki/source_file/lines.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::loki;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t last = 0;
  const std::size_t end = split_lines(text, [&](std::string_view line, std::size_t line_end_at) {
    WEIR_CHECK(line_end_at > last && text[line_end_at - 1] == '\n', "a line ends behind a newline");
    WEIR_CHECK(line.find('\n') == std::string_view::npos && line_end_at - last - line.size() <= 2,
               "nothing but the terminator goes");
    last = line_end_at;
    return true;
  });
  WEIR_CHECK(end == last && text.find('\n', end) == std::string_view::npos,
             "every whole line is taken");
  for (const TextUnit unit :
       {TextUnit::kUtf16Le, TextUnit::kUtf16Be, TextUnit::kUtf32Le, TextUnit::kUtf32Be}) {
    for (std::size_t at = 0; (at = line_end(text, at, unit)) != kNoNewline;)
      WEIR_CHECK(at % unit_size(unit) == 0 && at <= size, "wide lines end at whole units");
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/lines.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::loki {
namespace {

using namespace std::string_view_literals;

struct LinesCase {
  std::string_view bytes;
  std::vector<std::string_view> lines;
  std::size_t rest;
};

TEST(Lines, EndAtNewlines) {
  const LinesCase cases[] = {
      {"", {}, 0},           {"a", {}, 1},
      {"a\n", {"a"}, 0},     {"a\r\nb\n\nc", {"a", "b", ""}, 1},
      {"\r\r\n", {"\r"}, 0}, {"a\0b\n\xff\xfe\n"sv, {"a\0b"sv, "\xff\xfe"}, 0},
  };
  for (const LinesCase& c : cases) {
    std::vector<std::string_view> lines;
    const std::size_t end = split_lines(c.bytes, [&](std::string_view line, std::size_t) {
      lines.push_back(line);
      return true;
    });
    EXPECT_EQ(lines, c.lines) << c.bytes;
    EXPECT_EQ(c.bytes.size() - end, c.rest) << c.bytes;
  }
}

TEST(Lines, StopWhereTheTakerStops) {
  int taken = 0;
  EXPECT_EQ(split_lines("a\nb\nc\n", [&](std::string_view, std::size_t) { return ++taken <= 2; }),
            4u);
}

TEST(Lines, WideNewlinesLieAtWholeUnits) {
  EXPECT_EQ(line_end("a\0\n\0b\0"sv, 0, TextUnit::kUtf16Le), 4u);
  EXPECT_EQ(line_end("\0a\0\n"sv, 0, TextUnit::kUtf16Be), 4u);
  EXPECT_EQ(line_end("\x01\n\0\n\0\0"sv, 0, TextUnit::kUtf16Be), 4u) << "U+010A is no newline";
  EXPECT_EQ(line_end("a\x0a\0\x0a"sv, 2, TextUnit::kUtf16Le), kNoNewline);
  EXPECT_EQ(line_end("\n\0\0\0"sv, 0, TextUnit::kUtf32Le), 4u);
  EXPECT_EQ(line_end("\0\0\0\n"sv, 0, TextUnit::kUtf32Be), 4u);
  EXPECT_EQ(line_end("\n"sv, 0, TextUnit::kUtf16Le), kNoNewline);
}

}  // namespace
}  // namespace weir::loki

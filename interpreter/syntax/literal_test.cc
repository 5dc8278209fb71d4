// SPDX-License-Identifier: Apache-2.0
#include "interpreter/syntax/literal.h"

#include "interpreter/syntax/ast.h"

#include <gtest/gtest.h>

namespace weir::syntax {
namespace {

TEST(Literal, Unquotes) {
  EXPECT_EQ(unquote(R"("a\tb\\\"\n")"), "a\tb\\\"\n");
  EXPECT_EQ(unquote(R"("\101\x41\u0041\U0001F600")"), "AAA\xF0\x9F\x98\x80");
  EXPECT_EQ(unquote(R"("\xff\377")"), "\xff\xff") << "raw bytes";
  EXPECT_EQ(unquote("`a\\n\r\nb`"), "a\\n\nb") << "raw, without carriage returns";
  EXPECT_EQ(unquote("\"\""), "");
}

struct EscapeCase {
  const char* literal;
  std::vector<std::uint32_t> at;
};

TEST(Literal, FindsEachWrongEscape) {
  const EscapeCase kCases[] = {
      {R"("fine \n \x41 \377 \U0010FFFF")", {}},
      {R"("\q \d")", {2, 5}},
      {R"("\'")", {2}},
      {R"("\x4")", {2}},
      {R"("\18")", {2}},
      {R"("\400")", {2}},
      {R"("\uD800")", {2}},
      {R"("\U00110000")", {2}},
      {"`\\q`", {}},
      {R"("\)", {2}},
      {R"("\q)", {2}},
      {R"("x\)", {3}},
      {R"("\x4)", {2}},
      {R"("\u12)", {2}},
  };
  for (const EscapeCase& test : kCases) {
    std::vector<std::uint32_t> at;
    for (const EscapeProblem& problem : check_escapes(test.literal)) at.push_back(problem.begin);
    EXPECT_EQ(at, test.at) << test.literal;
  }
}

TEST(Literal, ManyWrongEscapesAreCutOff) {
  std::string literal = "\"";
  for (int i = 0; i < 10'000; ++i) literal += "\\q";
  EXPECT_LT(check_escapes(literal + "\"").size(), 100u);
}

}  // namespace
}  // namespace weir::syntax

// SPDX-License-Identifier: Apache-2.0
// The formatter where it does better than the reference, and where comments stand in odd places.

#include "interpreter/syntax/print.h"

#include "interpreter/syntax/parse.h"
#include "tests/support/same_tree.h"

#include <gtest/gtest.h>

namespace weir::syntax {
namespace {

std::shared_ptr<const File> parsed(std::string text) {
  text::DiagnosticSink sink;
  auto file = parse_file(text::Source::make("t", text), sink);
  EXPECT_FALSE(sink.has_errors()) << text << "\n" << text::render(sink.all(), {});
  return file;
}

struct PrintCase {
  const char* name;
  const char* text;
  const char* want;
};

class Print : public testing::TestWithParam<PrintCase> {};

TEST_P(Print, Gives) {
  const auto file = parsed(GetParam().text);
  const std::string once = print(*file);
  EXPECT_EQ(once, GetParam().want);
  const auto again = parsed(once);
  EXPECT_EQ(test::tree_difference(file->body, again->body), "");
  EXPECT_EQ(print(*again), once);
}

// covers: L12.1, L12.2, L12.3
INSTANTIATE_TEST_SUITE_P(
    Cases, Print,
    testing::Values(PrintCase{"empty", "", "\n"},
                    PrintCase{"raw_strings_stay", "a = `x\t y  \n\tz \n`\n",
                              "a = `x\t y  \n\tz \n`\n"},
                    PrintCase{"tabs_in_strings_stay", "a = \"x\ty\"\n", "a = \"x\ty\"\n"},
                    PrintCase{"keys_stay", "a = {\"x\\\\y\" = 1, `p q` = 2, `r\\s` = 3}\n",
                              "a = {\"x\\\\y\" = 1, \"p q\" = 2, `r\\s` = 3}\n"},
                    PrintCase{"call_over_lines", "a = f(\n)\n", "a = f()\n"},
                    PrintCase{"comments_in_call", "a = f(\n // x\n 1,\n 2, // y\n // z\n)\n",
                              "a = f(\n\t// x\n\t1,\n\t2, // y\n\t// z\n)\n"},
                    PrintCase{"joined_lines_align", "a = [\n]\nlonger = 1 +\n2\n",
                              "a      = []\nlonger = 1 + 2\n"},
                    PrintCase{"number_and_name", "a = 1 .b\n", "a = 1 .b\n"},
                    PrintCase{"comment_before_brace", "b /* c */ {}\n", "b /* c */ { }\n"},
                    PrintCase{"comment_after_equals", "a = // c\n1\n", "a = // c\n1\n"},
                    PrintCase{"comment_in_name", "a. // d\nb {}\n", "// d\na.b { }\n"},
                    PrintCase{"comment_before_end_of_object", "a = {b =\n1 /* c */}\n",
                              "a = {b = 1 /* c */ }\n"},
                    PrintCase{"blank_lines_and_tabs", "a=1\nb{}\nc{ d=1\ne{} }\n",
                              "a = 1\n\nb { }\n\nc {\n\td = 1\n\n\te { }\n}\n"},
                    PrintCase{"comment_only", "// c", "// c\n"},
                    PrintCase{"comment_block_only", "b {\n// c\n}", "b {\n\t// c\n}\n"},
                    PrintCase{"comment_in_parentheses", "a = ( // c\n1)\n", "a = ( // c\n1)\n"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(PrintExpression, IsOneNodeWithoutItsComments) {
  const auto file = parsed("a = f( 1,/* c */ {b=2} ) // d\n");
  EXPECT_EQ(print(*file->body.statements[0].attribute->value), "f(1, {b = 2})");
  EXPECT_EQ(print(Expression{}), "");
}

}  // namespace
}  // namespace weir::syntax

// SPDX-License-Identifier: Apache-2.0
// The rules of docs/language.md about text, tokens, line ends and grammar, each by what it takes and
// what it refuses. covers: L1.1, L1.2, L1.3, L2.1, L2.2, L2.3, L2.5, L2.6, L3.1, L3.2, L3.3, L4.1,
// covers: L4.3, L5.2

#include "interpreter/syntax/parse.h"

#include <gtest/gtest.h>

#include <string>

namespace weir::syntax {
namespace {

using namespace std::string_literals;

struct RuleCase {
  const char* rule;
  std::string text;
  const char* places;  // "line:column" of each mistake
};

const RuleCase kRuleCases[] = {
    {"L1.1",
     "\xEF\xBB\xBF"
     "a = 1\n",
     ""},
    {"L1.1", "a = \"\xEF\xBB\xBF\"\n", "1:6"},
    {"L1.1", "// \0\n"s, "1:4"},
    {"L1.1", "a = \"\xFF\"\n", "1:6"},
    {"L1.2", "a = 1\r\nb = 2\r\n", ""},
    {"L1.3", "\té = é é\n", "1:10"},
    {"L2.1", "/* a */ a = 1 // b\n", ""},
    {"L2.1", "/* /* */ */\n", "1:10"},
    {"L2.1", "# a\n", "1:1"},
    {"L2.2", "ж٣_ = declare\nforeach = 1\n", ""},
    {"L2.2", "true = 1\n", "1:1"},
    {"L2.2", "a-b = 1\n", "1:2"},
    {"L2.3", "a = [1, 1., .5, 1e5, 1.5e-3, 1E+5]\n", ""},
    {"L2.3", "a = 0x1F\n", "1:6"},
    {"L2.3", "a = 1_0\n", "1:6"},
    {"L2.3", "a = +1\n", "1:5"},
    {"L2.3", "a = 1e\n", "1:5"},
    {"L2.5", "a = \"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\\101\\x41\\u0041\\U00000041\"\n", ""},
    {"L2.5", "a = \"b\n\"\n", "1:5 2:1"},
    {"L2.5", "a = \"\\'\"\n", "1:7"},
    {"L2.6", "a = `b\n\\'\"\n`\n", ""},
    {"L3.1", "a = b\nc = true\nd = null\ne = 1\nf = \"\"\ng = (1)\nh = [1]\ni = {}\n", ""},
    {"L3.1", "a = 1 b = 2\n", "1:7"},
    {"L3.2", "a = 1 // b\nc = 1 /* d\n*/ e = 1 /* f */ // g\nh = 1\n", ""},
    {"L3.2", "a = 1 /* b */ c = 1\n", "1:15"},
    {"L3.3", "a = 1 +\n1\nb = [1,\n1,\n]\nc {\n}\n", ""},
    {"L3.3", "a = 1\n+ 1\n", "2:1"},
    {"L3.3", "a = [1,\n1\n]\n", "2:2"},
    {"L3.3", "a = (1\n)\n", "1:7"},
    {"L4.1", "a = 1\nb.c \"d\" {\n  e = 1\n  f { }\n}\n", ""},
    {"L4.1", "a.b = 1\n", "1:1"},
    {"L4.1", "a \"b\" = 1\n", "1:3"},
    {"L4.3", "a \"\" { }\nb \"c_1\" { }\n", ""},
    {"L4.3", "a \"1\" { }\n", "1:3"},
    {"L4.3", "a `b` { }\n", "1:3"},
    {"L4.3", "a \"null\" { }\n", "1:3"},
    {"L5.2", "a = = = = 1\nb = 1\n", "1:5"},
    {"L5.2", "a = [1 1 1 1]\n", "1:8"},
};

TEST(LanguageRules, TakeAndRefuse) {
  for (const RuleCase& row : kRuleCases) {
    text::DiagnosticSink sink;
    parse_file(text::Source::make("t", row.text), sink);
    std::string places;
    for (const auto& diagnostic : sink.all()) {
      const text::Position at = diagnostic.span.start();
      places += format("{}{}:{}", places.empty() ? "" : " ", at.line, at.column);
    }
    EXPECT_EQ(places, row.places) << row.rule << ": " << row.text;
  }
}

TEST(LanguageRules, CarriageReturnsGoFromRawStringsAndComments) {
  EXPECT_EQ(unquote("`a\r\nb`"), "a\nb");
  EXPECT_EQ(unquote("\"a\rb\""), "a\rb");
  text::DiagnosticSink sink;
  const auto file = parse_file(text::Source::make("t", "/* a\r\nb */\n"), sink);
  EXPECT_EQ(file->comments.at(0).text, "/* a\nb */");
}

}  // namespace
}  // namespace weir::syntax

// SPDX-License-Identifier: Apache-2.0
#include "base/regex.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

Regex compiled(std::string_view text, Regex::Anchor anchor = Regex::Anchor::kNone) {
  const Result<Regex> regex = Regex::compile(text, anchor);
  EXPECT_TRUE(regex.has_value()) << text;
  return regex ? *regex : Regex();
}

TEST(Regex, MatchesAnywhereUnlessAnchored) {
  EXPECT_TRUE(compiled("b+").matches("abbc"));
  EXPECT_FALSE(compiled("b+", Regex::Anchor::kBoth).matches("abbc"));
  EXPECT_TRUE(compiled("a|abbc", Regex::Anchor::kBoth).matches("abbc"));
  EXPECT_TRUE(compiled("a.b", Regex::Anchor::kBoth).matches("a\nb"));  // a dot takes newlines when relabelling
  EXPECT_FALSE(compiled("a.b").matches("a\nb"));
}

TEST(Regex, TakesGoNamedGroups) {
  const Regex regex = compiled(R"((?<first>\w+) (?P<second>[(?<x>]+)\Q(?<no>\E)");
  EXPECT_EQ(regex.group_names(), (std::vector<std::string>{"", "first", "second"}));
}

TEST(Regex, GroupsThatTookNoPartAreNull) {
  std::string_view groups[3];
  ASSERT_TRUE(compiled("(a)|(b)").match("xb", groups));
  EXPECT_EQ(groups[0], "b");
  EXPECT_EQ(groups[1].data(), nullptr);
  EXPECT_EQ(groups[2], "b");
}

TEST(Regex, RefusesWhatIsWrongOrTooLarge) {
  EXPECT_FALSE(Regex::compile("a(b"));
  EXPECT_FALSE(Regex::compile("(?!x)"));
  EXPECT_FALSE(Regex::compile("((a{100}){100}){100}"));
}

TEST(Regex, KnowsItsLiteral) {
  ASSERT_NE(compiled("web-1", Regex::Anchor::kBoth).literal(), nullptr);
  EXPECT_EQ(compiled("web.1", Regex::Anchor::kBoth).literal(), nullptr);
  EXPECT_EQ(compiled("web-1").literal(), nullptr);
}

TEST(RegexTemplate, Expands) {
  const Regex regex = compiled(R"((\w+)-(?P<tail>\w+)?)");
  std::string_view groups[3];
  ASSERT_TRUE(regex.match("ab-cd", groups));
  const struct {
    std::string_view text, want;
  } kCases[] = {{"$1", "ab"},      {"${1}x", "abx"}, {"$1x", ""},   {"$tail.$$", "cd.$"}, {"${tail", "${tail"},
                {"$9", ""},        {"a$", "a$"},     {"", ""},      {"${0}", "ab-cd"},    {"$99999999999", ""}};
  for (const auto& c : kCases) {
    std::string out;
    RegexTemplate(c.text, regex).expand(groups, out);
    EXPECT_EQ(out, c.want) << c.text;
  }
  EXPECT_TRUE(RegexTemplate("plain $9", regex).constant());
}

}  // namespace
}  // namespace weir

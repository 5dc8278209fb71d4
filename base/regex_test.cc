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
  EXPECT_TRUE(compiled("a.b", Regex::Anchor::kBoth)
                  .matches("a\nb"));  // a dot takes newlines when relabelling
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

TEST(Regex, AShortcutFindsWhatTheEngineFinds) {
  const std::string_view kExpressions[] = {"",   "a",  "(a)",  "a|b|cc", "(a|b)", "(a|)",
                                           ".*", ".+", "(.*)", "(.+)",   "()",    "\u00e9|x"};
  const std::string_view kTexts[] = {"", "a", "b", "cc", "c", "ab", "a\nb", "\n", "\xff", "\u00e9"};
  for (const std::string_view text : kExpressions) {
    const Regex quick = compiled(text, Regex::Anchor::kBoth);
    const Regex slow = compiled("(?:" + std::string(text) + "){1}", Regex::Anchor::kBoth);
    for (const std::string_view subject : kTexts) {
      std::string_view a[3];
      std::string_view b[3];
      ASSERT_EQ(quick.matches(subject), slow.matches(subject)) << text << " on " << subject;
      ASSERT_EQ(quick.match(subject, a), slow.match(subject, b)) << text << " on " << subject;
      for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(a[i], b[i]) << text << " on " << subject;
        EXPECT_EQ(a[i].data(), b[i].data()) << text << " on " << subject;
      }
    }
  }
}

TEST(Regex, ReadsBytesThatAreNotUtf8AsGoDoes) {
  EXPECT_TRUE(
      compiled("^a.b$").matches("a\xff"
                                "b"));
  EXPECT_TRUE(compiled("^[^x]+$").matches("\u00e9\xff\xfe"));
  EXPECT_FALSE(compiled("^..$").matches("\u00e9"));
  const std::string_view text = "k=\xff\xfe v=\u00e9\xff end";
  std::string_view groups[3];
  ASSERT_TRUE(compiled(R"(k=(\S+) v=(\S+))").match(text, groups));
  EXPECT_EQ(groups[1], "\xff\xfe");
  EXPECT_EQ(groups[1].data(), text.data() + 2) << "a part of the text itself";
  EXPECT_EQ(groups[2], "\u00e9\xff");
  EXPECT_EQ(groups[0], text.substr(0, text.size() - 4));
  ASSERT_TRUE(compiled(R"(\S+)").match_from(text, 3, groups));
  EXPECT_EQ(groups[0], "\xfe");
}

TEST(Regex, ManyGroupsAndLargePrograms) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "(.)";
  std::vector<std::string_view> groups(41);
  const std::string subject(40, 'z');
  ASSERT_TRUE(compiled(text).match(subject, groups));
  EXPECT_EQ(groups[40], "z");
  EXPECT_TRUE(compiled("\\pL{1,200}").matches("\u00e9"));
}

TEST(Regex, FindsAllAndReplaces) {
  const struct {
    std::string_view expression, text, replacement, want;
  } kCases[] = {
      {"a(x*)b", "-ab-axxb-", "${1}W", "-W-xxW-"},
      {"a(x*)b", "-ab-axxb-", "$1W", "---"},
      {"a(?P<X>x*)b", "-ab-axxb-", "$X-", "---xx--"},
      {"b*", "abc", "-", "-a-c-"},
      {"", "\u00e9\xff", "|", "|\u00e9|\xff|"},
      {"\\s+", "a \xff\t b", "_", "a_\xff_b"},
      {"^a", "aaa", "b", "baa"},
      {"x", "none", "y", "none"},
      {"a", "", "b", ""},
      {"$", "a", "b", "ab"},
  };
  for (const auto& c : kCases) {
    const Regex regex = compiled(c.expression);
    EXPECT_EQ(regex.replace_all(c.text, RegexTemplate(c.replacement, regex)), c.want)
        << c.expression;
  }
  const Regex empty = compiled("");
  EXPECT_EQ(empty.replace_all({}, RegexTemplate("x", empty)), "x");
  std::vector<std::string> seen;
  compiled("\\d").find_all("1a2b3", [&](std::span<const std::string_view> groups) {
    seen.emplace_back(groups[0]);
    return seen.size() < 2;
  });
  EXPECT_EQ(seen, (std::vector<std::string>{"1", "2"}));
}

TEST(RegexTemplate, Expands) {
  const Regex regex = compiled(R"((\w+)-(?P<tail>\w+)?)");
  std::string_view groups[3];
  ASSERT_TRUE(regex.match("ab-cd", groups));
  const struct {
    std::string_view text, want;
  } kCases[] = {{"$1", "ab"},         {"${1}x", "abx"},     {"$1x", ""},  {"$tail.$$", "cd.$"},
                {"${tail", "${tail"}, {"$9", ""},           {"a$", "a$"}, {"", ""},
                {"${0}", "ab-cd"},    {"$99999999999", ""}, {"$01", ""}};
  for (const auto& c : kCases) {
    std::string out;
    RegexTemplate(c.text, regex).expand(groups, out);
    EXPECT_EQ(out, c.want) << c.text;
  }
  EXPECT_TRUE(RegexTemplate("plain $9", regex).constant());
}

}  // namespace
}  // namespace weir

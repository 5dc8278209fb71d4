// SPDX-License-Identifier: Apache-2.0
// Rules on label sets, beside the conformance corpus (conformance_test.cc), which has most of the
// cases.

#include "components/core/relabel.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

RelabelRule make_rule(RelabelAction action, std::string_view regex = "(.*)") {
  RelabelRule rule;
  rule.action = action;
  rule.regex = AnchoredRegex::of(regex);
  return rule;
}

std::string text_of(const std::optional<Labels>& labels) {
  if (!labels) return "dropped";
  std::string out;
  for (const Label& label : *labels) out += format("{}={} ", label.name, label.value);
  return out;
}

TEST(Relabel, FormsOfExpressionsAgreeWithTheEngine) {
  // Each is a form told apart; `(?:...)` around it hides it, so the engine decides.
  for (const std::string form :
       {"(.*)", ".*", ".+", "(.+)", "a", "(a)", "a|b", "(a|bb|)", "", "()", "a|", "ab"}) {
    for (const std::string_view value : {"", "a", "b", "bb", "ab", "a\nb", "|"}) {
      std::string results[2];
      for (int hidden = 0; hidden < 2; ++hidden) {
        RelabelRule rule =
            make_rule(RelabelAction::kReplace, hidden == 1 ? "(?:" + form + ")" : form);
        rule.source_labels = {"v"};
        rule.target_label = "out";
        rule.replacement = "<$0,$1>";
        results[hidden] =
            text_of(RelabelRules({rule}).apply(Labels::of({{"v", value}, {"x", "y"}})));
      }
      EXPECT_EQ(results[0], results[1]) << form << " on " << value;
    }
  }
}

TEST(Relabel, AnEmptyResultTakesTheLabelAway) {
  RelabelRule rule = make_rule(RelabelAction::kReplace);
  rule.target_label = "a";
  rule.replacement = "";
  EXPECT_EQ(text_of(RelabelRules({rule}).apply(Labels::of({{"a", "1"}, {"b", "2"}}))), "b=2 ");
}

TEST(Relabel, MapReadsBeforeItWrites) {
  RelabelRule rule = make_rule(RelabelAction::kLabelMap, "a(.*)");
  rule.replacement = "aa$1";
  EXPECT_EQ(text_of(RelabelRules({rule}).apply(Labels::of({{"a", "1"}, {"aa", "2"}}))),
            "a=1 aa=1 aaa=2 ");
}

TEST(Relabel, LettersBeyondAscii) {
  RelabelRule rule = make_rule(RelabelAction::kLowercase);
  rule.source_labels = {"a"};
  rule.target_label = "b";
  EXPECT_EQ(text_of(RelabelRules({rule}).apply(Labels::of({{"a", "\xc3\x84X"}}))),
            "a=\xc3\x84X b=\xc3\xa4x ");
}

TEST(Relabel, NoRulesKeepTheVerySet) {
  const Labels labels = Labels::of({{"a", "1"}});
  EXPECT_EQ(RelabelRules().apply(labels), labels);
  EXPECT_EQ(RelabelRules(), RelabelRules(std::vector<RelabelRule>{}));
}

TEST(Relabel, RulesTravelAsACapsule) {
  const RelabelRules rules({make_rule(RelabelAction::kDrop, "x")});
  const value::Value value = schema::Codec<RelabelRules>::encode(rules);
  schema::Decoder decoder;
  RelabelRules back;
  ASSERT_TRUE(schema::Codec<RelabelRules>::decode(value, back, decoder));
  EXPECT_EQ(back, rules);
  EXPECT_EQ(value, schema::Codec<RelabelRules>::encode(
                       RelabelRules({make_rule(RelabelAction::kDrop, "x")})))
      << "equal by content";
  EXPECT_FALSE(value == schema::Codec<RelabelRules>::encode(
                            RelabelRules({make_rule(RelabelAction::kDrop, "y")})));
}

TEST(Relabel, NamesWrittenOutMayBeAnyUtf8) {
  for (const auto& [target, good] : {std::pair{"pod", true},
                                     {"kubernetes.pod_name", true},
                                     {"${1}_x", true},
                                     {"\xc3\xa9", true},
                                     {"kubernetes.$1", false},
                                     {"\xfd", false},
                                     {"", false}}) {
    RelabelRule rule;
    rule.target_label = target;
    schema::Problems problems;
    rule.validate(problems);
    EXPECT_EQ(problems.all().empty(), good) << target;
  }
}

TEST(Relabel, OnlySomeGetAnyName) {
  RelabelRule rule;
  rule.target_label = "a.b";
  rule.replacement = "x";
  EXPECT_EQ(text_of(RelabelRules({rule}, LabelNames::kUtf8).apply(Labels{})), "a.b=x ");
  EXPECT_EQ(text_of(RelabelRules({rule}).apply(Labels{})), "");
}

TEST(Relabel, ActionsAreReadInAnyCase) {
  schema::Decoder decoder;
  RelabelAction action{};
  ASSERT_TRUE(schema::Codec<RelabelAction>::decode(value::Value("LabelMap"), action, decoder));
  EXPECT_EQ(action, RelabelAction::kLabelMap);
  EXPECT_FALSE(schema::Codec<RelabelAction>::decode(value::Value("lablemap"), action, decoder));
  ASSERT_EQ(decoder.failures().size(), 1u);
  EXPECT_EQ(decoder.failures()[0].hint, "did you mean \"labelmap\"?");
}

}  // namespace
}  // namespace weir

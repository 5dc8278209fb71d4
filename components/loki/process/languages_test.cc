// SPDX-License-Identifier: Apache-2.0
// The small languages that stages take: selectors, logfmt, JMESPath.

#include "components/loki/process/jmespath.h"
#include "components/loki/process/logfmt.h"
#include "components/loki/process/selector.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace weir::loki {
namespace {

TEST(Selector, SelectsByLabelsAndLine) {
  struct Row {
    const char* selector;
    bool labels, line;
  };
  const Labels labels = Labels::of({{"app", "shop"}, {"env", "prod"}});
  const std::string_view line = "GET /cart 500";
  const std::vector<Row> rows = {
      {R"({app="shop"})", true, true},
      {R"({ app = "shop" , env != "dev" })", true, true},
      {R"({app=~"sh.*",env!~"d.*"})", true, true},
      {R"({app=~"sh"})", false, true},
      {R"({gone=""})", true, true},
      {R"({gone!=""})", false, true},
      {R"({app="shop"} |= "500")", true, true},
      {R"({app="shop"} |= "500" != "cart")", true, false},
      {R"({app="shop"} |~ "5.." !~ `4\d\d`)", true, true},
      {"{app=\"shop\"}|=`/cart`", true, true},
      {R"({app="\x73\u0068\157p"})", true, true},
  };
  for (const Row& row : rows) {
    const auto selector = Selector::parse(row.selector);
    ASSERT_TRUE(selector) << row.selector << ": " << selector.error().message;
    EXPECT_EQ(selector->matches(labels), row.labels) << row.selector;
    EXPECT_EQ(selector->matches(line), row.line) << row.selector;
    EXPECT_EQ(selector->text(), row.selector);
  }
}

TEST(Selector, SaysWhatIsWrongAndWhere) {
  const std::map<std::string, std::string> rows = {
      {"", "column 1: expected {, found the end"},
      {"{}", "column 2: expected the name of a label, found \"}\""},
      {"{app}", "column 5: expected =, !=, =~ or !~, found \"}\""},
      {"{app=shop}", "column 6: expected a string, found \"s\""},
      {"{app=\"shop}", "column 6: the string is not closed"},
      {"{app=\"\\q\"}", "column 8: not an escape of a string"},
      {"{app=\"a\",}", "column 10: expected the name of a label, found \"}\""},
      {"{app=\"a\"} |= ", "column 14: expected a string, found the end"},
      {"{app=\"a\"} \xc3\xa4", "column 11: expected |=, !=, |~ or !~, found \"\xc3\xa4\""},
  };
  for (const auto& [text, problem] : rows) {
    const auto selector = Selector::parse(text);
    ASSERT_FALSE(selector) << text;
    EXPECT_EQ(selector.error().message, problem);
  }
  EXPECT_EQ(Selector::parse("{a=\"b\"} |~ \"(\"").error().message.substr(0, 10), "column 12:");
}

/// "key=value|..." and "!" if it failed.
std::string pairs(std::string_view text) {
  LogfmtScanner scanner(text);
  std::string out;
  while (scanner.next()) out += format("{}={}|", scanner.key(), scanner.value());
  return out + (scanner.failed() ? "!" : "");
}

TEST(Logfmt, Pairs) {
  EXPECT_EQ(pairs(""), "");
  EXPECT_EQ(pairs(" a=1\tb=\"x y\" c d= e=\"\"\nf=2"), "a=1|b=x y|c=|d=|e=|f=2|");
  EXPECT_EQ(pairs(R"(a="\"\\\n\u00e4\ud83d\ude00")"), "a=\"\\\n\xc3\xa4\xf0\x9f\x98\x80|");
  EXPECT_EQ(pairs("a=1 =2 b=3"), "a=1|!");
  EXPECT_EQ(pairs("a=1 b=2=3"), "a=1|!");
  EXPECT_EQ(pairs("a=1 b\"c"), "a=1|!");
  EXPECT_EQ(pairs("a=\"open"), "!");
  EXPECT_EQ(pairs("a=\"open\\"), "!");
  EXPECT_EQ(pairs("a=\"x\ny\""), "!");
  EXPECT_EQ(pairs(R"(a="\q")"), "!");
  EXPECT_EQ(pairs("{\"a\":1}"), "!");
}

/// The result as JSON, or what is wrong.
std::string search(std::string_view expression, std::string_view document) {
  const auto path = JmesPath::compile(expression);
  if (!path) return path.error().message;
  const auto found = path->search(codec::parse_json(document).value());
  return found ? codec::write_json(*found) : "failed";
}

TEST(JmesPath, Selects) {
  constexpr std::string_view kDocument =
      R"({"a":{"b":[1,2,{"c":"x"}]},"q r":5,"list":[{"n":"one","v":1},{"n":"two","v":2},{"v":3}],"deep":[[1,2],[3,[4]]],"e":"","z":null})";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"a.b[0]", "1"},
      {"a.b[-1].c", "\"x\""},
      {"a.b[9]", "null"},
      {"\"q r\"", "5"},
      {"missing.x.y", "null"},
      {"a.b[0:2]", "[1,2]"},
      {"a.b[::-1] | [1]", "2"},
      {"a.b[:1]", "[1]"},
      {"list[*].n", "[\"one\",\"two\"]"},
      {"list[].v", "[1,2,3]"},
      {"deep[]", "[1,2,3,[4]]"},
      {"deep[][]", "[1,2,3,4]"},
      {"a.*", "[[1,2,{\"c\":\"x\"}]]"},
      {"*.b[0]", "[1]"},
      {"list[?v > `1`].n | [0]", "\"two\""},
      {"list[?n == 'one'].v", "[1]"},
      {"list[?!n].v", "[3]"},
      {"list[?v >= `2` && n || v == `1`].v", "[1,2]"},
      {"{x: a.b[1], \"y z\": e}", "{\"x\":2,\"y z\":\"\"}"},
      {"a.[b[0], b[1]]", "[1,2]"},
      {"e || 'none'", "\"none\""},
      {"z && 'x'", "null"},
      {"!e", "true"},
      {"(a.b)[1]", "2"},
      {"length(a.b)", "3"},
      {"length('\xc3\xa4')", "1"},
      {"join(', ', list[].n)", "\"one, two\""},
      {"sort(list[].v) | [-1]", "3"},
      {"max(list[].v)", "3"},
      {"sum(list[].v)", "6"},
      {"avg(`[]`)", "null"},
      {"keys(a)", "[\"b\"]"},
      {"type(z)", "\"null\""},
      {"to_string(a.b[2])", "\"{\\\"c\\\":\\\"x\\\"}\""},
      {"to_number('1.5')", "1.5"},
      {"contains(list[].n, 'two')", "true"},
      {"starts_with(list[0].n, 'on')", "true"},
      {"not_null(z, e)", "\"\""},
      {"reverse('ab')", "\"ba\""},
      {"@.e", "\"\""},
      {"`{\"k\": [1]}`.k[0]", "1"},
      {"length(z)", "failed"},
      {"abs(e)", "failed"},
      {"merge(a, `{\"b\": 0}`)", "{\"b\":0}"},
  };
  for (const auto& [expression, result] : rows)
    EXPECT_EQ(search(expression, kDocument), result) << expression;
}

TEST(JmesPath, Calculates) {
  constexpr std::string_view kDocument =
      R"({"thumbs":5,"up":3,"half":0.5,"name":"x","n":null,"list":[1,2.0,3]})";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"thumbs-up", "2"},
      {"thumbs - up", "2"},
      {"thumbs \u2212 up", "2"},
      {"thumbs-name", "null"},
      {"thumbs-gone", "null"},
      {"thumbs+up*half", "6.5"},
      {"thumbs+up+up", "11"},
      {"thumbs-up-up", "-1"},
      {"thumbs / `2`", "2.5"},
      {"thumbs \u00f7 `2`", "2.5"},
      {"thumbs // `2`", "2"},
      {"thumbs % up", "2"},
      {"thumbs \u00d7 up", "15"},
      {"-thumbs", "-5"},
      {"-(thumbs + up)", "-8"},
      {"+up", "3"},
      {"-name", "null"},
      {"thumbs > up + `1`", "true"},
      {"list[-1] - list[0]", "2"},
      {"contains(list, `2`)", "true"},
      {"list == `[1, 2, 3.0]`", "true"},
  };
  for (const auto& [expression, result] : rows)
    EXPECT_EQ(search(expression, kDocument), result) << expression;
}

TEST(JmesPath, TheCommunitysLanguage) {
  constexpr std::string_view kDocument =
      R"({"list":[{"n":"b","v":2},{"n":"a","v":3},{"n":"b","v":1}],"text":"Gr\u00fcezi","s":" a b ","o":{"x":1,"y":[1,2]},"z":null})";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"let $o = o in list[?v > $o.x].n", R"(["b","a"])"},
      {"let $a = o.x, $b = `10` in $a + $b", "11"},
      {"let $a = `1` in let $a = `2` in $a", "2"},
      {"let", "null"},
      {"list[*].[n, $.o.x] | [0]", R"(["b",1])"},
      {"text[2:4]", R"("\u00fce")"},
      {"text[::-1]", R"("ize\u00fcrG")"},
      {"z | [@]", "[null]"},
      {"z.[@]", "null"},
      {"sort_by(list, &v)[*].v", "[1,2,3]"},
      {"max_by(list, &v).n", R"("a")"},
      {"min_by(list, &n).v", "3"},
      {"min_by(list, &z)", "failed"},
      {"map(&v, list)", "[2,3,1]"},
      {"group_by(list, &n).b[*].v", "[2,1]"},
      {"group_by(list, &v)", "failed"},
      {"items(o) | [0]", R"(["x",1])"},
      {"from_items(`[[\"a\", 1], [\"a\", 2]]`)", R"({"a":2})"},
      {"from_items(`[[1, 2]]`)", "failed"},
      {"zip(`[1, 2]`, `[3, 4, 5]`)", "[[1,3],[2,4]]"},
      {"find_first(s, 'b')", "3"},
      {"find_first(s, 'b', `0`, `2`)", "null"},
      {"find_last(s, ' ')", "4"},
      {"find_first(s, 'b', `9`)", "null"},
      {"lower(text)", R"("gr\u00fcezi")"},
      {"upper(list[0].n)", R"("B")"},
      {"pad_left('7', `3`, '0')", R"("007")"},
      {"pad_right('7', `3`)", R"("7  ")"},
      {"pad_left('7', `3`, 'ab')", "failed"},
      {"pad_left('7', `1000000000`)", "failed"},
      {"replace('aaa', 'a', 'b', `2`)", R"("bba")"},
      {"split('a-b-c', '-')", R"(["a","b","c"])"},
      {"split('a-b-c', '-', `1`)", R"(["a","b-c"])"},
      {"split('ab', '')", R"(["a","b"])"},
      {"split('', '-')", "[]"},
      {"trim(s)", R"("a b")"},
      {"trim_left(s)", R"("a b ")"},
      {"trim_right('xay', 'yx')", R"("xa")"},
      {"'it\\'s \\\\'", R"("it's \\")"},
      {"length(o z)", "column 1: length() does not take 2 arguments"},
      {"not_null(z o.x)", "1"},
      {"[*.x]", "[[1]]"},
  };
  for (const auto& [expression, result] : rows) {
    const auto wanted = codec::parse_json(result);
    EXPECT_EQ(search(expression, kDocument), wanted ? codec::write_json(*wanted) : result)
        << expression;
  }
}

TEST(JmesPath, IsBounded) {
  std::string doubling = "@";
  for (int i = 0; i < 60; ++i) doubling += " | [@, @]";
  EXPECT_EQ(search(doubling, R"({"a":1})"), "failed");
  std::string quoting = "to_string(@)";
  for (int i = 0; i < 40; ++i) quoting += " | to_string([@, @])";
  EXPECT_EQ(search(quoting, R"({"a":1})"), "failed");
}

TEST(JmesPath, PlainPathsAreKnownAsSuch) {
  EXPECT_EQ(JmesPath::compile("a.\"b c\"[2].d")->path().size(), 4U);
  EXPECT_EQ(JmesPath::compile("a")->path().size(), 1U);
  EXPECT_TRUE(JmesPath::compile("a[*].b")->path().empty());
  EXPECT_TRUE(JmesPath::compile("a || b")->path().empty());
}

TEST(JmesPath, SaysWhatIsWrong) {
  for (const std::string_view text : {"",
                                      "a.",
                                      "a b",
                                      "3##",
                                      "a[",
                                      "a[x]",
                                      "[?a",
                                      "{a}",
                                      "a ||",
                                      "f()",
                                      "length()",
                                      "length(a, b)",
                                      "'open",
                                      "`{`",
                                      "a[::0]",
                                      "a[1:2:3:4]",
                                      "&a",
                                      "a-1",
                                      "a - 1",
                                      "a = b",
                                      "$x",
                                      "let $x = a in $y",
                                      "let $x in a",
                                      "let $x = a",
                                      "a[*] * b",
                                      "nope(a)",
                                      "sort_by(a)",
                                      "[ ]",
                                      "!"}) {
    EXPECT_FALSE(JmesPath::compile(text)) << text;
  }
  EXPECT_EQ(JmesPath::compile("a.sort(b)+nope(b)").error().message,
            "column 11: there is no function nope()");
  EXPECT_FALSE(JmesPath::compile(std::string(1000, '(')));
  EXPECT_FALSE(JmesPath::compile(std::string(100'000, 'a')));
  EXPECT_TRUE(JmesPath::compile("a" + std::string(1000, '.') + "b").has_value() == false);
}

}  // namespace
}  // namespace weir::loki

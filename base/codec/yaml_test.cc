// SPDX-License-Identifier: Apache-2.0
#include "base/codec/yaml.h"

#include <gtest/gtest.h>

#include <cmath>

namespace weir::codec {
namespace {

TEST(Yaml, ReadsWhatItSays) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "null"},
      {"a: 1\nb: [x, 2.5, ~, true, 'true', \"1\"]",
       R"({"a":1,"b":["x",2.5,null,true,"true","1"]})"},
      {"[0x1F, 0o17, 017, 0b11, -5, +3, 1_000, 18446744073709551615, -0x10]",
       "[31,15,15,3,-5,3,1000,18446744073709551615,-16]"},
      {"[1e3, .5, 1., -2.5e-1, 1e, 1.2.3, 0x, 089, '']",
       "[1000,0.5,1,-0.25,\"1e\",\"1.2.3\",\"0x\",89,\"\"]"},
      {"[yes, no, on, off, y]", R"(["yes","no","on","off","y"])"},
      {"[null, Null, NULL, ~, nUll]", R"([null,null,null,null,"nUll"])"},
      {"1: a\ntrue: b\n~: c", R"({"1":"a","true":"b","null":"c"})"},
      {"a: &x {k: 1, l: 2}\nb: {<<: *x, l: 3}\nc: *x",
       R"({"a":{"k":1,"l":2},"b":{"l":3,"k":1},"c":{"k":1,"l":2}})"},
      {"a: &x {k: 1}\nb: &y {k: 2, m: 3}\nc: {<<: [*x, *y]}",
       R"({"a":{"k":1},"b":{"k":2,"m":3},"c":{"k":1,"m":3}})"},
      {"- !!str 1\n- !!int '7'\n- !!float 2\n- !!null x\n- !mine text", R"(["1",7,2,null,"text"])"},
      {"text: |\n  two\n  lines\n", "{\"text\":\"two\\nlines\\n\"}"},
      {"a: 1\n---\nb: 2\n", R"({"a":1})"},
      {"[2001-01-01, 2001-1-2, '2001-01-01', 2001-13-01, 2001-02-29]",
       R"(["2001-01-01T00:00:00Z","2001-01-02T00:00:00Z","2001-01-01","2001-13-01","2001-02-29"])"},
      {"[2001-01-02 3:04:05.60, 2001-01-02t03:04:05.000+01:00, 2001-01-02T03:04:05]",
       R"(["2001-01-02T03:04:05.6Z","2001-01-02T03:04:05+01:00","2001-01-02T03:04:05"])"},
      {"[_1, 1_0, x1]", R"(["_1",10,"x1"])"},
      {"!!binary YWJj", "\"abc\""},
      {"a\n...\nb", "\"a\""},
      {"# c\n--- a\n--- b\n", "\"a\""},
      {"a: 1\n---\nb: [", R"({"a":1})"},
      {"%YAML 1.2\n---\na\n", "\"a\""},
      {"b:\n? c\n", R"({"b":null,"c":null})"},
      {"{a, b: 1}", R"({"a":null,"b":1})"},
      {"# nothing", "null"},
      {"{\"json\": [1, {\"too\": null}]}", R"({"json":[1,{"too":null}]})"},
  };
  for (const auto& [text, want] : cases) {
    const auto value = parse_yaml(text);
    ASSERT_TRUE(value.has_value()) << text << ": " << value.error().message;
    EXPECT_EQ(write_json(*value), want) << text;
  }
  EXPECT_EQ(parse_yaml("1")->kind(), JsonValue::Kind::kInteger);
  EXPECT_EQ(parse_yaml("!!float 1")->kind(), JsonValue::Kind::kDouble);
  EXPECT_EQ(parse_yaml("-.inf")->number(), -HUGE_VAL);
}

TEST(Yaml, RefusesWhatIsWrong) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"a: [1", "yaml: line "},
      {"a: 1\na: 2", "yaml: line 2, column 1: key \"a\" is given twice"},
      {"{[1]: 2}", "yaml: line 1, column 2: a key must be a scalar"},
      {"a: *none", "yaml: line 1, column "},
      {"<<: 5", "yaml: line 1, column 5: a map, or a list of maps, is merged"},
      {"!!int x", "yaml: line 1, column "},
      {"\tx: 1\n - y", "yaml: line "},
      {"&a [*a]", "yaml: "},
      {"!!binary ?", "yaml: line 1, column "},
      {"- a\nb", "yaml: line 2, column 1: the document has ended"},
      {"- a\nc: d", "yaml: line 2, column 1: the document has ended"},
      {"{a: 1} b", "yaml: line 1, column 8: the document has ended"},
      {"\"a\" b", "yaml: line 1, column 5: the document has ended"},
      {"a: 1\nb", "yaml: line 2, column 1: a key without its"},
      {"a:\n - 1\nb # c", "yaml: line 3, column 1: a key without its"},
      {"%", "yaml: a directive"},
      {"\"a\" @", "yaml: line 1, column "},
  };
  for (const auto& [text, want] : cases) {
    const auto value = parse_yaml(text);
    ASSERT_FALSE(value.has_value()) << text << " gave " << write_json(*value);
    EXPECT_EQ(value.error().message.rfind(want, 0), 0U) << value.error().message;
  }
}

TEST(Yaml, BoundsDepthAndAliases) {
  EXPECT_FALSE(parse_yaml(std::string(100'000, '[')).has_value());
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    bomb += format("a{0}: &a{0} [", i);
    for (int k = 0; k < 10; ++k) bomb += format("{}*a{}", k == 0 ? "" : ", ", i - 1);
    bomb += "]\n";
  }
  std::string merged = "&a0 []";
  for (int i = 1; i < 40; ++i) merged = format("&a{} [{}, *a{}]", i, merged, i - 1);
  for (const std::string& text : {bomb, "x: {<<: " + merged + "}"}) {
    const auto refused = parse_yaml(text);
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().message.find("more than 1000000 values"), std::string::npos)
        << refused.error().message;
  }
}

}  // namespace
}  // namespace weir::codec

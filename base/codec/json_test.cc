// SPDX-License-Identifier: Apache-2.0
#include "base/codec/json.h"

#include "base/codec/json_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace weir::codec {
namespace {

TEST(Json, ParsesKinds) {
  const auto value =
      parse_json(R"( {"z": null, "b": [true, false], "i": -5, "u": 18446744073709551615, "d": 1.5,
    "big": 123456789012345678901234567890, "s": "\u00e9\n\ud83d\ude00", "o": {}} )");
  ASSERT_TRUE(value.has_value()) << value.error().message;
  JsonValue want;
  want.add("z", {});
  want.add("b", JsonValue::Array{true, false});
  want.add("i", -5);
  want.add("u", std::numeric_limits<std::uint64_t>::max());
  want.add("d", 1.5);
  want.add("big", 123456789012345678901234567890.0);
  want.add("s", "\u00e9\n\U0001f600");
  want.add("o", JsonValue::Object{});
  EXPECT_EQ(*value, want);
  EXPECT_EQ(value->find("u")->number(), 18446744073709551615.0);
  EXPECT_EQ(value->find("none"), nullptr);
  EXPECT_EQ(parse_json("9223372036854775807")->kind(), JsonValue::Kind::kInteger);
  EXPECT_EQ(parse_json("9223372036854775808")->kind(), JsonValue::Kind::kUnsigned);
}

TEST(Json, OfEqualKeysTheLastWins) {
  EXPECT_EQ(write_json(*parse_json(R"({"a":1,"b":2,"a":{"x":1,"x":2}})")),
            R"({"a":{"x":2},"b":2})");
}

TEST(Json, RefusesWhatIsWrongAndSaysWhere) {
  for (const std::string_view text : {"", " ", "{", "[1,]", "{\"a\":}", "nul", "1 2", "\"\x01\"",
                                      "'a'", "01", "1e999", "\"\\ud80\"", "{\"a\" 1}"}) {
    const auto value = parse_json(text);
    ASSERT_FALSE(value.has_value()) << text;
    EXPECT_EQ(value.error().code, Code::kInvalid);
  }
  EXPECT_EQ(parse_json("[1,\n x]").error().message.rfind("json: line 2, column 2: ", 0), 0U)
      << parse_json("[1,\n x]").error().message;
}

TEST(Json, BoundsItsDepth) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(parse_json(nested(kMaxJsonDepth)).has_value());
  const auto refused = parse_json(nested(kMaxJsonDepth + 1));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().message, "json: more than 500 levels");
  EXPECT_FALSE(parse_json(std::string(1'000'000, '[')).has_value());
  JsonReader reader;
  EXPECT_TRUE(reader.read(nested(kMaxJsonDepth - 1)).has_value());
  EXPECT_FALSE(reader.read(std::string(1'000'000, '[')).has_value());
}

TEST(Json, ReadsBytesThatAreNotUtf8) {
  EXPECT_EQ(*parse_json("\"a\xff\"")->as_string(), "a\ufffd");
  JsonReader reader;
  EXPECT_EQ(reader.read("[1, 99999999999999999999]")->value().as_array()->back().number(), 1e20);
  EXPECT_EQ(reader.read("{\"a\": \"\xffz\", \"n\": 99999999999999999999}")->find("a")->text(),
            "\ufffdz");
}

TEST(Json, ReadsHalvesOfSurrogatePairs) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"("\ud800")", "\uFFFD"},
      {R"("a\uD800b")", "a\uFFFDb"},
      {R"("\udc00\ud83d\ude00")", "\uFFFD\U0001F600"},
      {R"("\ud800\ud83d\ude00")", "\uFFFD\U0001F600"},
      {R"("\ud800\u0041")", "\uFFFDA"},
      {R"("\\ud800")", "\\ud800"},
  };
  JsonReader reader;
  for (const auto& [text, want] : cases) {
    const auto value = parse_json(text);
    ASSERT_TRUE(value) << text << value.error().message;
    EXPECT_EQ(*value->as_string(), want) << text;
    const auto view = reader.read(text);
    ASSERT_TRUE(view) << text;
    EXPECT_EQ(view->text(), want) << text;
  }
}

TEST(Json, WritesAsGoDoes) {
  const std::pair<JsonValue, std::string_view> cases[] = {
      {{}, "null"},
      {true, "true"},
      {std::int64_t{-9223372036854775807 - 1}, "-9223372036854775808"},
      {std::numeric_limits<std::uint64_t>::max(), "18446744073709551615"},
      {5.0, "5"},
      {0.1, "0.1"},
      {-0.0, "-0"},
      {1e20, "100000000000000000000"},
      {1e21, "1e+21"},
      {1.5e-7, "1.5e-7"},
      {1e-6, "0.000001"},
      {1e-10, "1e-10"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {std::nan(""), "null"},
      {std::numeric_limits<double>::infinity(), "null"},
      {"<a&b>\"\\/\b\f\n\r\t\x01\x7f\u00e9\u2028\xff",
       "\"<a&b>\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f\u00e9\\u2028\\ufffd\""},
      {JsonValue::Array{}, "[]"},
      {JsonValue::Array{1, "x", JsonValue::Object{}}, "[1,\"x\",{}]"},
  };
  for (const auto& [value, want] : cases) EXPECT_EQ(write_json(value), want);
  EXPECT_EQ(write_json(JsonValue::Array{1.0, -2.5, 1e30, 3}, {.mark_doubles = true}),
            "[1.0,-2.5,1e+30,3]");
  const JsonValue object =
      JsonValue::Object{{"b", 1}, {"<a>", JsonValue::Array{1, 2}}, {"c", JsonValue::Object{}}};
  EXPECT_EQ(write_json(object), R"({"b":1,"<a>":[1,2],"c":{}})");
  EXPECT_EQ(write_json(object, {.sort_keys = true, .escape_html = true}),
            R"({"\u003ca\u003e":[1,2],"b":1,"c":{}})");
  EXPECT_EQ(write_json(object, {.indent = 2}),
            "{\n  \"b\": 1,\n  \"<a>\": [\n    1,\n    2\n  ],\n  \"c\": {}\n}");
}

TEST(Json, WrittenAndReadAgainIsTheSame) {
  for (const std::string_view text : {R"({"a":[1,-2,3.25,1e-9,"\u0000x",null,true,{"b":{}}]})",
                                      "[]", "\"\"", "18446744073709551615", "-0.5"}) {
    const auto value = parse_json(text);
    ASSERT_TRUE(value.has_value()) << text;
    EXPECT_EQ(*parse_json(write_json(*value)), *value);
    JsonReader reader;
    EXPECT_EQ(reader.read(text)->value(), *value) << "both ways of reading agree on " << text;
  }
}

TEST(JsonReader, RefusesNothingAtAll) {
  JsonReader reader;
  EXPECT_FALSE(reader.read(std::string_view()).has_value());
  EXPECT_FALSE(reader.read("").has_value());
}

TEST(JsonReader, ReadsDocumentAfterDocument) {
  JsonReader reader;
  const auto first = reader.read(R"({"log":"a\n","n":2,"b":true,"list":[1,"x"],"log":"last"})");
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->find("log")->text(), "last");
  EXPECT_EQ(first->find("n")->number(), 2);
  EXPECT_TRUE(first->find("b")->boolean());
  EXPECT_FALSE(first->find("missing").has_value());
  EXPECT_EQ(first->find("n")->text(), "");
  EXPECT_FALSE(first->find("n")->find("x").has_value());
  std::string keys;
  first->for_each_member([&](std::string_view key, JsonView) { keys += key; });
  EXPECT_EQ(keys, "lognblistlog");
  int items = 0;
  first->find("list")->for_each_item([&](JsonView) { ++items; });
  EXPECT_EQ(items, 2);
  EXPECT_FALSE(reader.read("{\"a\":").has_value());
  EXPECT_FALSE(reader.read("").has_value());
  EXPECT_EQ(reader.read("\"" + std::string(3 << 20, 'x') + "\"")->text().size(), 3U << 20);
  EXPECT_EQ(reader.read("[1]")->kind(), JsonValue::Kind::kArray);
}

}  // namespace
}  // namespace weir::codec

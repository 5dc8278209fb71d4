// SPDX-License-Identifier: Apache-2.0
#include "interpreter/value/value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace weir::value {
namespace {

Value object(std::vector<std::pair<std::string, Value>> members, bool ordered = false) {
  return Value(Object{std::move(members), ordered});
}
Value array(std::vector<Value> elements) {
  return Value(Array(std::move(elements)));
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const Value kNaN = Value::real(std::nan(""));
const catalog::FunctionDef* const kFunction =
    reinterpret_cast<const catalog::FunctionDef*>(&kInfinity);

TEST(Number, TextHasNoExponent) {
  const std::pair<Number, const char*> cases[] = {
      {Number::of(std::int64_t{-7}), "-7"},
      {Number::of(std::uint64_t{18446744073709551615u}), "18446744073709551615"},
      {Number::of(5.0), "5"},
      {Number::of(-0.5), "-0.5"},
      {Number::of(1e21), "1000000000000000000000"},
      {Number::of(1e23), "100000000000000000000000"},
      {Number::of(1e-7), "0.0000001"},
      {Number::of(184467440737095516159.0), "184467440737095500000"},
      {Number::of(0.1), "0.1"},
      {Number::of(123.456), "123.456"},
      {Number::of(kInfinity), "+Inf"},
      {Number::of(-0.0), "-0"},
  };
  for (const auto& [number, text] : cases) EXPECT_EQ(number.text(), text);
}

// covers: L6.2
TEST(Number, ComparesByValueAcrossKinds) {
  EXPECT_TRUE(Value::integer(1) == Value::real(1.0));
  EXPECT_TRUE(Value::integer(1) == Value::natural(1));
  EXPECT_FALSE(Value::integer(-1) == Value::natural(~std::uint64_t{0}));
  EXPECT_TRUE((Number::of(std::int64_t{-1}) <=> Number::of(std::uint64_t{0})) < 0);
  EXPECT_TRUE((Number::of(1.5) <=> Number::of(std::uint64_t{1})) > 0);
  EXPECT_FALSE(kNaN == kNaN);
}

TEST(Value, EqualityIsTheLanguages) {
  EXPECT_FALSE(Value::integer(1) == Value("1"));
  EXPECT_TRUE(Value() == Value());
  EXPECT_FALSE(Value() == Value::integer(0));
  EXPECT_TRUE(array({Value::integer(1), Value("a")}) == array({Value::real(1), Value("a")}));
  EXPECT_FALSE(array({Value::integer(1)}) == array({Value::integer(1), Value()}));
  EXPECT_TRUE(object({{"a", Value::integer(1)}, {"b", Value()}}, true) ==
              object({{"b", Value()}, {"a", Value::integer(1)}}));
  EXPECT_FALSE(object({{"a", Value()}}) == object({{"b", Value()}}));
  EXPECT_FALSE(Value(kFunction) == Value(kFunction));
  const Value holds_function = array({Value(kFunction)});
  EXPECT_FALSE(holds_function == holds_function);
}

TEST(Value, SecretsCompareByContents) {
  EXPECT_TRUE(Value::secret("x") == Value("x"));
  EXPECT_TRUE(Value("x") == Value::optional_secret("x", true));
  EXPECT_FALSE(Value::secret("x") == Value("y"));
  EXPECT_TRUE(Value::secret("x") == Value::secret("x"));
  EXPECT_FALSE(Value::optional_secret("x", true) == Value::optional_secret("x", false));
  EXPECT_FALSE(Value::secret("5") == Value::integer(5));
}

TEST(Value, SameSeesWhatEqualityPassesOver) {
  EXPECT_TRUE(same(Value(kFunction), Value(kFunction)));
  EXPECT_FALSE(same(Value::integer(1), Value::real(1)));
  EXPECT_FALSE(same(Value::secret("x"), Value("x")));
  EXPECT_TRUE(same(Value::secret("x"), Value::secret("x")));
  EXPECT_TRUE(same(kNaN, kNaN));
  EXPECT_TRUE(same(array({kNaN, Value(kFunction)}), array({kNaN, Value(kFunction)})));
}

// covers: L4.4, L6.3
TEST(Object, SortsAndTheLastOfEqualKeysWins) {
  const Value v = object({{"b", Value("1")}, {"a", Value("2")}, {"b", Value("3")}});
  ASSERT_EQ(v.as_object().members.size(), 2u);
  EXPECT_EQ(v.as_object().members[0].first, "a");
  EXPECT_EQ(v.as_object().find("b")->as_string(), "3");
  EXPECT_EQ(v.as_object().find("c"), nullptr);
  const Value kept = object({{"b", Value()}, {"a", Value()}}, true);
  EXPECT_EQ(kept.as_object().members[0].first, "b");
  EXPECT_NE(kept.as_object().find("a"), nullptr);
}

TEST(Value, KnowsHowMuchThereIsToWalk) {
  Value v("four");
  EXPECT_EQ(v.extent().bytes, 36u);
  EXPECT_EQ(v.extent().depth, 0u);
  for (int i = 0; i < 100; ++i) v = array({v, v});
  EXPECT_EQ(v.extent().bytes, ~std::uint64_t{0});
  EXPECT_EQ(v.extent().depth, 100u);
}

TEST(Print, LaysOutAsTheFormatter) {
  const std::pair<Value, const char*> cases[] = {
      {Value(), "null"},
      {Value(true), "true"},
      {Value::real(1.5), "1.5"},
      {Value("a\"\n\x01\xFF\u00e9\u200b"), "\"a\\\"\\n\\x01\\xff\u00e9\\u200b\""},
      {Value(kFunction), "function"},
      {Value::secret("x"), "(secret)"},
      {Value::optional_secret("x", false), "\"x\""},
      {Value::optional_secret("x", true), "(secret)"},
      {array({}), "[]"},
      {object({}), "{}"},
      {array({Value::integer(1), object({{"a", Value("b")}})}), "[1, {\n\ta = \"b\",\n}]"},
      {object({{"name", Value("J")}, {"age", Value::integer(4)}}, true),
       "{\n\tname = \"J\",\n\tage  = 4,\n}"},
      {object({{"non ident", Value()}, {"true", Value()}}),
       "{\n\t\"non ident\" = null,\n\t\"true\"      = null,\n}"},
      {object({{"a", Value()}, {"bb", object({{"x", Value()}})}, {"c", Value()}}),
       "{\n\ta  = null,\n\tbb = {\n\t\tx = null,\n\t},\n\tc = null,\n}"},
  };
  for (const auto& [value, text] : cases) EXPECT_EQ(print(value), text);
}

TEST(Json, NamesEachTypeForTheApi) {
  EXPECT_EQ(to_api_json(Value()), R"({"type":"null","value":null})");
  EXPECT_EQ(to_api_json(object({{"a", array({Value::integer(1), Value("<")})}})),
            R"({"type":"object","value":[{"key":"a","value":{"type":"array","value":[)"
            R"({"type":"number","value":1},{"type":"string","value":"<"}]}}]})");
  EXPECT_EQ(to_api_json(Value::secret("x")), R"~({"type":"capsule","value":"(secret)"})~");
  EXPECT_EQ(to_api_json(Value(kFunction)), R"({"type":"function","value":"function"})");
}

TEST(Json, ShowsACapsuleByItsTextOrItsName) {
  static constexpr CapsuleType kNamed = {"x", "an x", nullptr, [](const void* text) {
                                           return *static_cast<const std::string*>(text);
                                         }};
  EXPECT_EQ(to_api_json(Value(Capsule{&kNamed, std::make_shared<const std::string>("MyName")})),
            R"({"type":"capsule","value":"MyName"})");
  EXPECT_EQ(to_api_json(Value(Capsule{&kNamed, std::make_shared<const std::string>()})),
            R"~({"type":"capsule","value":"capsule(\"x\")"})~");
}

TEST(Json, Plain) {
  EXPECT_EQ(to_json(object({{"b", array({})}, {"a", Value::real(1e21)}})), R"({"a":1e+21,"b":[]})");
  EXPECT_EQ(to_json(array({Value::real(1.5e-9), Value::real(kInfinity), Value("\u2028\xFF\t")})),
            "[1.5e-9,null,\"\\u2028\\ufffd\\t\"]");
  EXPECT_EQ(to_json(Value::secret("x")), "\"(secret)\"");
}

}  // namespace
}  // namespace weir::value

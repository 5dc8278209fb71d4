// SPDX-License-Identifier: Apache-2.0
#include "interpreter/value/type.h"

#include "interpreter/value/unknown.h"

#include <gtest/gtest.h>

namespace weir::value {
namespace {

using Tag = Type::Tag;
constexpr CapsuleType kLogs = {"loki.LogsReceiver", "a receiver of logs"};
constexpr CapsuleType kMetrics = {"prometheus.Appendable", "a receiver of metrics"};

Type of(Tag tag) {
  return Type::of(tag);
}

// covers: L6.1
TEST(Type, OfAValue) {
  const Value one = Value::integer(1);
  EXPECT_EQ(Type::of(one), of(Tag::kNumber));
  EXPECT_EQ(Type::of(Value(Array{one, one})), Type::list(of(Tag::kNumber)));
  EXPECT_EQ(Type::of(Value(Array{one, Value("a")})), Type::list(Type::any()));
  EXPECT_EQ(Type::of(Value(Object{{{"a", one}}, false})), Type::object({{"a", of(Tag::kNumber)}}));
  EXPECT_EQ(Type::of(Value::secret("x")), of(Tag::kSecret));
  EXPECT_EQ(Type::of(unknown(of(Tag::kDuration))), of(Tag::kDuration));
  EXPECT_EQ(Type::of(Value(Capsule{&kLogs, nullptr})), Type::capsule(kLogs));
}

TEST(Type, SaysItself) {
  EXPECT_EQ(Type::list(Type::map(of(Tag::kString))).text(), "list(map(string))");
  EXPECT_EQ(Type::list(Type::capsule(kLogs)).text(), "list(a receiver of logs)");
}

TEST(Type, CommonIsTheNarrowestOfBoth) {
  const Type string = of(Tag::kString), number = of(Tag::kNumber);
  const Type empty = Type::of(Value(Array{}));
  EXPECT_EQ(empty.text(), "list");
  EXPECT_EQ(common(Type::list(string), empty), Type::list(string));
  EXPECT_EQ(common(empty, Type::list(string)), Type::list(string));
  EXPECT_EQ(fits(empty, Type::list(Type::capsule(kLogs))), Fit::kYes);
  EXPECT_EQ(common(Type::object({{"a", string}}), Type::object({{"b", string}})),
            Type::map(string));
  EXPECT_EQ(common(Type::object({{"a", string}, {"b", number}}), Type::map(string)),
            Type::map(Type::any()));
  EXPECT_EQ(common(string, number), Type::any());
}

TEST(Type, EqualityIsStructural) {
  EXPECT_EQ(Type::list(of(Tag::kString)), Type::list(of(Tag::kString)));
  EXPECT_FALSE(Type::list(of(Tag::kString)) == Type::list(of(Tag::kBool)));
  EXPECT_FALSE(Type::capsule(kLogs) == Type::capsule(kMetrics));
  EXPECT_FALSE(Type::object({{"a", Type::any()}}) == Type::object({{"b", Type::any()}}));
}

TEST(Fits, FollowsTheCoercions) {
  struct Case {
    Type from, to;
    Fit fit;
  };
  const Type string = of(Tag::kString), number = of(Tag::kNumber), boolean = of(Tag::kBool);
  const Type duration = of(Tag::kDuration), secret = of(Tag::kSecret),
             optional = of(Tag::kOptionalSecret);
  const Case cases[] = {
      {of(Tag::kNull), boolean, Fit::kYes},
      {Type::any(), boolean, Fit::kMaybe},
      {boolean, Type::any(), Fit::kYes},
      {number, string, Fit::kYes},
      {string, number, Fit::kMaybe},
      {duration, string, Fit::kYes},
      {duration, number, Fit::kNo},
      {boolean, string, Fit::kNo},
      {string, boolean, Fit::kNo},
      {string, duration, Fit::kMaybe},
      {number, duration, Fit::kMaybe},
      {secret, string, Fit::kNo},
      {secret, duration, Fit::kNo},
      {optional, string, Fit::kMaybe},
      {optional, secret, Fit::kYes},
      {string, secret, Fit::kYes},
      {string, optional, Fit::kYes},
      {number, secret, Fit::kNo},
      {Type::list(number), Type::list(string), Fit::kYes},
      {Type::list(string), Type::list(number), Fit::kMaybe},
      {Type::list(boolean), Type::list(string), Fit::kNo},
      {string, Type::list(string), Fit::kNo},
      {Type::map(string), Type::list(string), Fit::kNo},
      {Type::map(number), Type::map(string), Fit::kYes},
      {Type::object({{"a", number}, {"b", boolean}}), Type::map(string), Fit::kNo},
      {Type::object({{"a", number}}), Type::map(string), Fit::kYes},
      {Type::object({{"a", number}}), Type::object({{"a", string}, {"b", string}}), Fit::kYes},
      {Type::object({{"c", number}}), Type::object({{"a", string}}), Fit::kNo},
      {Type::map(string), Type::object({{"a", string}}), Fit::kMaybe},
      {Type::capsule(kLogs), Type::capsule(kLogs), Fit::kYes},
      {Type::capsule(kMetrics), Type::capsule(kLogs), Fit::kNo},
      {Type::list(Type::capsule(kMetrics)), Type::list(Type::capsule(kLogs)), Fit::kNo},
      {string, Type::capsule(kLogs), Fit::kNo},
      {secret, Type::capsule(kLogs), Fit::kNo},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(fits(c.from, c.to), c.fit) << c.from.text() << " into " << c.to.text();
  }
}

}  // namespace
}  // namespace weir::value

// SPDX-License-Identifier: Apache-2.0
#include "interpreter/schema/codecs.h"

#include "interpreter/schema/stability.h"
#include "interpreter/value/unknown.h"

#include <gtest/gtest.h>

namespace weir::schema {
namespace {

using value::Type;
using value::Value;

/// The value after a round through T, as text; or "E0403: message" of each failure.
template <class T>
std::string through(const Value& in) {
  T out{};
  Decoder decoder;
  Codec<T>::decode(in, out, decoder);
  if (decoder.failures().empty()) return value::print(Codec<T>::encode(out));
  std::string told;
  for (const auto& failure : decoder.failures()) {
    told += format("{}{}: {}{}", told.empty() ? "" : "; ", text::info(failure.code).number,
                   print(failure.path), failure.message);
  }
  return told;
}

// covers: L9.3
TEST(Codecs, IntegersTakeWholeNumbersInRange) {
  EXPECT_EQ(through<std::int8_t>(Value::integer(-128)), "-128");
  EXPECT_EQ(through<std::int8_t>(Value::integer(128)),
            "E0601: should be a whole number from -128 to 127, got 128");
  EXPECT_EQ(through<std::uint64_t>(Value::integer(-1)),
            "E0601: should be a whole number from 0 to 18446744073709551615, got -1");
  EXPECT_EQ(through<std::uint64_t>(Value("18446744073709551615")), "18446744073709551615");
  EXPECT_EQ(through<std::int64_t>(Value::natural(9223372036854775808U)),
            "E0601: should be a whole number from -9223372036854775808 to 9223372036854775807, got "
            "9223372036854775808");
  EXPECT_EQ(through<std::int64_t>(Value::real(9223372036854775808.0)),
            "E0601: should be a whole number from -9223372036854775808 to 9223372036854775807, got "
            "9223372036854776000");
  EXPECT_EQ(through<std::int32_t>(Value::real(15.0)), "15");
  EXPECT_EQ(through<std::int32_t>(Value::real(3.99)), "E0601: should be a whole number, got 3.99");
}

// covers: L9.2
TEST(Codecs, TextMaySpellANumber) {
  for (const char* text : {"0", "-7", "12", "-1.5", ".5", "1.", "1e3", "1.5E-3"}) {
    EXPECT_EQ(through<double>(Value(text)).find("E0"), std::string::npos) << text;
  }
  for (const char* text : {"", " 5", "5 ", "+5", "0x10", "1_000", ".", "e5", "1e", "1e5x", "inf",
                           "nan", "--1", "0x1.8p1"}) {
    EXPECT_EQ(through<double>(Value(text)), "E0403: should be number, got string") << text;
  }
  EXPECT_EQ(through<float>(Value::real(1e39)),
            "E0601: is too large: 1000000000000000000000000000000000000000");
}

// covers: L9.1
TEST(Codecs, NullIsTheZeroValue) {
  EXPECT_EQ(through<std::string>(Value()), "\"\"");
  EXPECT_EQ(through<std::int64_t>(Value()), "0");
  EXPECT_EQ(through<bool>(Value()), "false");
  EXPECT_EQ(through<Duration>(Value()), "\"0s\"");
  EXPECT_EQ(through<std::vector<std::string>>(Value()), "[]");
  EXPECT_EQ(through<std::optional<std::string>>(Value()), "null");
}

// covers: L9.2
TEST(Codecs, NumbersBecomeText) {
  EXPECT_EQ(through<std::string>(Value::real(1e21)), "\"1000000000000000000000\"");
  EXPECT_EQ(through<std::string>(Value::real(5)), "\"5\"");
  EXPECT_EQ(through<std::string>(Value(true)), "E0403: should be string, got bool");
}

// covers: L9.4
TEST(Codecs, QuantitiesComeFromText) {
  EXPECT_EQ(through<Duration>(Value("1h30m")), "\"1h30m0s\"");
  EXPECT_EQ(through<Duration>(Value("5d")).substr(0, 5), "E0602");
  EXPECT_EQ(through<Duration>(Value::integer(15)).substr(0, 5), "E0602");
  EXPECT_EQ(through<Bytes>(Value("1MiB")), "\"1MiB\"");
  EXPECT_EQ(through<Bytes>(Value("1 parsec")).substr(0, 5), "E0603");
}

// covers: L9.5
TEST(Codecs, SecretsStaySecret) {
  EXPECT_EQ(through<value::Secret>(Value("x")), "(secret)");
  EXPECT_EQ(through<value::Secret>(Value::integer(5)), "E0403: should be secret, got number");
  EXPECT_EQ(through<std::string>(Value::secret("x")),
            "E0408: should be string, got a secret, which may not become plain text");
  EXPECT_EQ(through<std::string>(Value::optional_secret("x", false)), "\"x\"");
  EXPECT_EQ(through<std::string>(Value::optional_secret("x", true)),
            "E0408: should be string, got a secret, which may not become plain text");
  EXPECT_EQ(through<std::int64_t>(Value::optional_secret("-12", false)), "-12");
  EXPECT_EQ(through<value::OptionalSecret>(Value::secret("x")), "(secret)");
}

TEST(Codecs, EveryElementIsJudged) {
  const Value list(value::Array{Value(true), Value("x"), Value(value::Array{})});
  EXPECT_EQ(through<std::vector<std::string>>(list),
            "E0403: [0]should be string, got bool; E0403: [2]should be string, got array");
  value::Object object;
  object.members.emplace_back("a", Value::integer(1));
  object.members.emplace_back("b", Value(true));
  EXPECT_EQ((through<std::map<std::string, std::string>>(Value(object))),
            "E0403: .bshould be string, got bool");
}

TEST(Codecs, UnknownValuesAreJudgedByType) {
  const auto decode = [](const Value& in) {
    std::string out;
    Decoder decoder;
    Codec<std::string>::decode(in, out, decoder);
    return std::pair(decoder.failures().empty(), decoder.complete());
  };
  EXPECT_EQ(decode(Value("x")), std::pair(true, true));
  EXPECT_EQ(decode(value::unknown(Type::any())), std::pair(true, false));
  EXPECT_EQ(decode(value::unknown(Type::of(Type::Tag::kNumber))), std::pair(true, false));
  EXPECT_EQ(decode(value::unknown(Type::of(Type::Tag::kBool))).first, false);
  EXPECT_EQ(decode(value::unknown(Type::of(Type::Tag::kSecret))).first, false);
}

TEST(Stability, NamesAreThoseOfTheFlag) {
  for (const auto level :
       {Stability::kExperimental, Stability::kPublicPreview, Stability::kGenerallyAvailable}) {
    EXPECT_EQ(parse_stability(to_string(level)), level);
  }
  EXPECT_EQ(parse_stability("beta"), std::nullopt);
}

}  // namespace
}  // namespace weir::schema

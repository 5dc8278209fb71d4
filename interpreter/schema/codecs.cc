// SPDX-License-Identifier: Apache-2.0
// The coercions of spec 9, with its defects mended: a fraction or a number too large for an integer
// field is reported, and "-1.5" is a number.

#include "interpreter/schema/codecs.h"

#include "base/format.h"
#include "interpreter/value/unknown.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

namespace weir::schema {

using text::DiagnosticCode;
using value::Kind;
using value::Number;
using value::Type;
using value::Value;

namespace {

/// The text of a string, of a number, or of a secret that is none; null and what has no text:
/// nothing.
std::optional<std::string> text_of(const Value& in) {
  if (in.kind() == Kind::kString) return in.as_string();
  if (in.kind() == Kind::kNumber) return in.as_number().text();
  if (const auto* optional = in.as_optional_secret(); optional != nullptr && !optional->secret) {
    return optional->text;
  }
  return std::nullopt;
}

bool digits(std::string_view& text) {
  const std::size_t before = text.size();
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') text.remove_prefix(1);
  return text.size() < before;
}

/// [-] digits [. digits] [e [+-] digits], with a digit on one side of the point at least.
bool spells_float(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  bool mantissa = digits(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    mantissa = digits(text) || mantissa;
  }
  if (!mantissa) return false;
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (!digits(text)) return false;
  }
  return text.empty();
}

template <class T>
std::optional<Number> parse_whole(std::string_view text, T parsed = {}) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Number::of(parsed);
}

std::optional<Number> parse_number(const std::string& text) {
  if (text.find_first_of(".eE") != std::string::npos) {
    return spells_float(text) ? parse_whole<double>(text) : std::nullopt;
  }
  if (text.starts_with('-')) return parse_whole<std::int64_t>(text);
  if (const auto number = parse_whole<std::int64_t>(text)) return number;
  return parse_whole<std::uint64_t>(text);
}

/// The number that `in` is or spells; reports and gives nothing otherwise.
std::optional<Number> number_of(const Value& in, Decoder& decoder) {
  if (in.kind() == Kind::kNumber) return in.as_number();
  const Type wanted = Type::of(Type::Tag::kNumber);
  const auto text = text_of(in);
  if (!text) {
    decoder.mismatch(wanted, in);
    return std::nullopt;
  }
  const auto number = parse_number(*text);
  if (!number) decoder.mismatch(wanted, in);
  return number;
}

/// Whether `number` is a whole number between T's limits.
template <class T>
bool in_range(const Number& number) {
  using Limits = std::numeric_limits<T>;
  switch (number.kind) {
    case Number::Kind::kInteger: return std::in_range<T>(number.integer);
    case Number::Kind::kUnsigned: return std::in_range<T>(number.natural);
    case Number::Kind::kFloat:  // max + 1 is a power of two, so exact as a double
      return number.real >= static_cast<double>(Limits::min()) &&
             number.real < std::ldexp(1.0, Limits::digits);
  }
  return false;
}

template <class T>
T to_integer(const Number& number) {
  switch (number.kind) {
    case Number::Kind::kInteger: return static_cast<T>(number.integer);
    case Number::Kind::kUnsigned: return static_cast<T>(number.natural);
    case Number::Kind::kFloat: return static_cast<T>(number.real);
  }
  return 0;
}

template <class T>
bool decode_integer(const Value& in, T& out, Decoder& decoder) {
  out = 0;
  if (in.is_null()) return true;
  const auto number = number_of(in, decoder);
  if (!number) return false;
  if (number->kind == Number::Kind::kFloat && number->real != std::trunc(number->real)) {
    return decoder.fail(DiagnosticCode::kBadValue,
                        format("should be a whole number, got {}", number->text()));
  }
  if (!in_range<T>(*number)) {
    return decoder.fail(
        DiagnosticCode::kBadValue,
        format("should be a whole number from {} to {}, got {}", std::numeric_limits<T>::min(),
               std::numeric_limits<T>::max(), number->text()));
  }
  out = to_integer<T>(*number);
  return true;
}

template <class T>
Value encode_integer(T in) {
  if (std::in_range<std::int64_t>(in)) return Value::integer(static_cast<std::int64_t>(in));
  return Value::natural(static_cast<std::uint64_t>(in));
}

template <class T>
bool decode_float(const Value& in, T& out, Decoder& decoder) {
  out = 0;
  if (in.is_null()) return true;
  const auto number = number_of(in, decoder);
  if (!number) return false;
  const double real = number->as_double();
  if (std::isfinite(real) && std::fabs(real) > static_cast<double>(std::numeric_limits<T>::max())) {
    return decoder.fail(DiagnosticCode::kBadValue, format("is too large: {}", number->text()));
  }
  out = static_cast<T>(real);
  return true;
}

/// Decodes text through `parse`, whose error becomes the failure.
template <class T>
bool decode_parsed(const Value& in, T& out, Decoder& decoder, Result<T> (*parse)(std::string_view),
                   DiagnosticCode code, std::string_view hint) {
  out = T{};
  if (in.is_null()) return true;
  const auto text = text_of(in);
  if (!text) return decoder.mismatch(Codec<T>::type(), in);
  auto parsed = parse(*text);
  if (!parsed)
    return decoder.fail(code,
                        format("is not a {}: {}", Codec<T>::type().text(), parsed.error().message),
                        std::string(hint));
  out = *parsed;
  return true;
}

}  // namespace

Type Codec<bool>::type() {
  return Type::of(Type::Tag::kBool);
}
bool Codec<bool>::decode(const Value& in, bool& out, Decoder& decoder) {
  out = false;
  if (in.is_null()) return true;
  if (in.kind() != Kind::kBool) return decoder.mismatch(type(), in);
  out = in.as_bool();
  return true;
}
Value Codec<bool>::encode(const bool& in) {
  return Value(in);
}

#define WEIR_NUMBER_CODEC(T, decode_number, encode_number)           \
  Type Codec<T>::type() {                                            \
    return Type::of(Type::Tag::kNumber);                             \
  }                                                                  \
  bool Codec<T>::decode(const Value& in, T& out, Decoder& decoder) { \
    return decode_number(in, out, decoder);                          \
  }                                                                  \
  Value Codec<T>::encode(const T& in) {                              \
    return encode_number(in);                                        \
  }

WEIR_NUMBER_CODEC(std::int8_t, decode_integer, encode_integer)
WEIR_NUMBER_CODEC(std::int16_t, decode_integer, encode_integer)
WEIR_NUMBER_CODEC(std::int32_t, decode_integer, encode_integer)
WEIR_NUMBER_CODEC(std::int64_t, decode_integer, encode_integer)
WEIR_NUMBER_CODEC(std::uint8_t, decode_integer, encode_integer)
WEIR_NUMBER_CODEC(std::uint16_t, decode_integer, encode_integer)
WEIR_NUMBER_CODEC(std::uint32_t, decode_integer, encode_integer)
WEIR_NUMBER_CODEC(std::uint64_t, decode_integer, encode_integer)
WEIR_NUMBER_CODEC(float, decode_float, Value::real)
WEIR_NUMBER_CODEC(double, decode_float, Value::real)
#undef WEIR_NUMBER_CODEC

Type Codec<std::string>::type() {
  return Type::of(Type::Tag::kString);
}
bool Codec<std::string>::decode(const Value& in, std::string& out, Decoder& decoder) {
  out.clear();
  if (in.is_null()) return true;
  auto text = text_of(in);
  if (!text) return decoder.mismatch(type(), in);
  out = std::move(*text);
  return true;
}
Value Codec<std::string>::encode(const std::string& in) {
  return Value(in);
}

Type Codec<Duration>::type() {
  return Type::of(Type::Tag::kDuration);
}
bool Codec<Duration>::decode(const Value& in, Duration& out, Decoder& decoder) {
  return decode_parsed(in, out, decoder, &parse_duration, DiagnosticCode::kBadDuration,
                       "write numbers with the units h, m, s, ms, us or ns: \"1h30m\"");
}
Value Codec<Duration>::encode(const Duration& in) {
  return Value(print_duration(in));
}

Type Codec<Bytes>::type() {
  return Type::of(Type::Tag::kSize);
}
bool Codec<Bytes>::decode(const Value& in, Bytes& out, Decoder& decoder) {
  return decode_parsed(in, out, decoder, &parse_bytes, DiagnosticCode::kBadSize,
                       "write a number with a unit: \"64KiB\", \"10MB\"");
}
Value Codec<Bytes>::encode(const Bytes& in) {
  return Value(print_bytes(in));
}

Type Codec<value::Secret>::type() {
  return Type::of(Type::Tag::kSecret);
}
bool Codec<value::Secret>::decode(const Value& in, value::Secret& out, Decoder& decoder) {
  out.text.clear();
  if (in.is_null()) return true;
  if (in.kind() == Kind::kString) {
    out.text = in.as_string();
  } else if (const auto* secret = in.as_secret()) {
    out = *secret;
  } else if (const auto* optional = in.as_optional_secret()) {
    out.text = optional->text;
  } else {
    return decoder.mismatch(type(), in);
  }
  return true;
}
Value Codec<value::Secret>::encode(const value::Secret& in) {
  return Value::secret(in.text);
}

Type Codec<value::OptionalSecret>::type() {
  return Type::of(Type::Tag::kOptionalSecret);
}
bool Codec<value::OptionalSecret>::decode(const Value& in, value::OptionalSecret& out,
                                          Decoder& decoder) {
  out = {};
  if (in.is_null()) return true;
  if (in.kind() == Kind::kString) {
    out.text = in.as_string();
  } else if (const auto* secret = in.as_secret()) {
    out = {secret->text, true};
  } else if (const auto* optional = in.as_optional_secret()) {
    out = *optional;
  } else {
    return decoder.mismatch(type(), in);
  }
  return true;
}
Value Codec<value::OptionalSecret>::encode(const value::OptionalSecret& in) {
  return Value::optional_secret(in.text, in.secret);
}

Type Codec<Value>::type() {
  return Type::any();
}
bool Codec<Value>::decode(const Value& in, Value& out, Decoder& decoder) {
  if (value::has_unknown(in)) decoder.mark_incomplete();
  out = in;
  return true;
}
Value Codec<Value>::encode(const Value& in) {
  return in;
}

}  // namespace weir::schema

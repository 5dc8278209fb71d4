// SPDX-License-Identifier: Apache-2.0
// Numbers of three kinds: exact comparison and text.

#include "base/format.h"
#include "interpreter/value/decimal.h"
#include "interpreter/value/value.h"

namespace weir::value {

Number Number::of(std::int64_t v) {
  Number n;
  n.integer = v;
  return n;
}

Number Number::of(std::uint64_t v) {
  Number n;
  n.kind = Kind::kUnsigned;
  n.natural = v;
  return n;
}

Number Number::of(double v) {
  Number n;
  n.kind = Kind::kFloat;
  n.real = v;
  return n;
}

double Number::as_double() const {
  switch (kind) {
    case Kind::kInteger: return static_cast<double>(integer);
    case Kind::kUnsigned: return static_cast<double>(natural);
    case Kind::kFloat: return real;
  }
  return real;
}

std::string Number::text() const {
  switch (kind) {
    case Kind::kInteger: return format("{}", integer);
    case Kind::kUnsigned: return format("{}", natural);
    case Kind::kFloat: return plain_text(real);
  }
  return {};
}

std::partial_ordering operator<=>(const Number& a, const Number& b) {
  const auto is_float = [](const Number& n) { return n.kind == Number::Kind::kFloat; };
  if (is_float(a) || is_float(b)) return a.as_double() <=> b.as_double();
  const auto negative = [](const Number& n) {
    return n.kind == Number::Kind::kInteger && n.integer < 0;
  };
  if (negative(a) != negative(b)) {
    return negative(a) ? std::partial_ordering::less : std::partial_ordering::greater;
  }
  if (negative(a)) return a.integer <=> b.integer;
  const auto magnitude = [](const Number& n) {
    return n.kind == Number::Kind::kUnsigned ? n.natural : static_cast<std::uint64_t>(n.integer);
  };
  return magnitude(a) <=> magnitude(b);
}

}  // namespace weir::value

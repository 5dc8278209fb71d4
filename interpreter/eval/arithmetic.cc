// SPDX-License-Identifier: Apache-2.0
#include "interpreter/eval/arithmetic.h"

#include "base/check.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

namespace weir::eval {
namespace {

using syntax::Op;
using value::Number;
using NumberKind = Number::Kind;

Error divided_by_zero() {
  return invalid("divide by zero error");
}

/// The bits of a whole number: what wraps.
std::uint64_t bits(const Number& n) {
  return n.kind == NumberKind::kUnsigned ? n.natural : static_cast<std::uint64_t>(n.integer);
}

Number whole(std::uint64_t bits, NumberKind kind) {
  return kind == NumberKind::kUnsigned ? Number::of(bits)
                                       : Number::of(static_cast<std::int64_t>(bits));
}

std::uint64_t power(std::uint64_t base, std::uint64_t exponent) {
  std::uint64_t result = 1;
  for (; exponent != 0; exponent >>= 1, base *= base) {
    if ((exponent & 1) != 0) result *= base;
  }
  return result;
}

/// Division of signed numbers: by -1 it is negation, which may wrap where the machine would trap.
Number divide_signed(Op op, std::int64_t a, std::int64_t b) {
  if (b == -1)
    return op == Op::kDivide ? whole(-static_cast<std::uint64_t>(a), NumberKind::kInteger)
                             : Number::of(std::int64_t{0});
  return Number::of(op == Op::kDivide ? a / b : a % b);
}

Result<Number> divide_whole(Op op, std::uint64_t a, std::uint64_t b, NumberKind kind) {
  if (b == 0) return divided_by_zero();
  if (kind == NumberKind::kUnsigned) return Number::of(op == Op::kDivide ? a / b : a % b);
  return divide_signed(op, static_cast<std::int64_t>(a), static_cast<std::int64_t>(b));
}

Result<Number> on_floats(Op op, double a, double b) {
  if (b == 0 && (op == Op::kDivide || op == Op::kModulo)) return divided_by_zero();
  switch (op) {
    case Op::kAdd: return Number::of(a + b);
    case Op::kSubtract: return Number::of(a - b);
    case Op::kMultiply: return Number::of(a * b);
    case Op::kDivide: return Number::of(a / b);
    case Op::kModulo: return Number::of(std::fmod(a, b));
    default: return Number::of(std::pow(a, b));
  }
}

Result<Number> on_whole(Op op, std::uint64_t a, std::uint64_t b, NumberKind kind) {
  switch (op) {
    case Op::kAdd: return whole(a + b, kind);
    case Op::kSubtract: return whole(a - b, kind);
    case Op::kMultiply: return whole(a * b, kind);
    case Op::kPower: return whole(power(a, b), kind);
    default: return divide_whole(op, a, b, kind);
  }
}

template <class T>
std::optional<T> parse_digits(std::string_view digits, int base) {
  T out{};
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), out, base);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return out;
}

std::optional<Number> parse_float(std::string_view text) {
  double out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc{}) return Number::of(out);
  // Too large, or so small that it is zero.
  out = std::strtod(std::string(text).c_str(), nullptr);
  if (std::isinf(out)) return std::nullopt;
  return Number::of(out);
}

}  // namespace

Result<Number> arithmetic(Op op, Number a, Number b) {
  WEIR_DCHECK(op >= Op::kAdd && op <= Op::kPower, "only arithmetic operators come here");
  if (a.kind == NumberKind::kFloat || b.kind == NumberKind::kFloat) {
    return on_floats(op, a.as_double(), b.as_double());
  }
  if (op == Op::kPower && b.kind == NumberKind::kInteger && b.integer < 0) {
    if (bits(a) == 0) return divided_by_zero();
    return on_floats(op, a.as_double(), b.as_double());
  }
  const bool both_unsigned = a.kind == NumberKind::kUnsigned && b.kind == NumberKind::kUnsigned;
  return on_whole(op, bits(a), bits(b),
                  both_unsigned ? NumberKind::kUnsigned : NumberKind::kInteger);
}

Number negate(Number n) {
  constexpr std::uint64_t kLargestNegated = std::uint64_t{1} << 63;
  if (n.kind == NumberKind::kFloat) return Number::of(-n.real);
  if (n.kind == NumberKind::kUnsigned && n.natural > kLargestNegated)
    return Number::of(-n.as_double());
  return whole(-bits(n), NumberKind::kInteger);
}

std::optional<Number> parse_number_literal(std::string_view text) {
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return parse_float(text);
  const int base = text.size() > 1 && text.front() == '0' ? 8 : 10;
  if (const auto n = parse_digits<std::int64_t>(text, base)) return Number::of(*n);
  if (const auto n = parse_digits<std::uint64_t>(text, base)) return Number::of(*n);
  return parse_float(text);
}

}  // namespace weir::eval

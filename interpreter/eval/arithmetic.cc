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

using Wide = __int128;  // holds what two whole numbers of any kind make

Wide wide(const Number& n) {
  return n.kind == NumberKind::kUnsigned ? static_cast<Wide>(n.natural) : n.integer;
}

/// A result of two kinds stays exact where one of them holds it; all else wraps.
Number narrow(Wide result, NumberKind a, NumberKind b) {
  const bool fits_signed = result == static_cast<std::int64_t>(result);
  const bool fits_unsigned = result == static_cast<Wide>(static_cast<std::uint64_t>(result));
  const bool both_unsigned = a == NumberKind::kUnsigned && b == NumberKind::kUnsigned;
  if (both_unsigned || (a != b && !fits_signed && fits_unsigned)) {
    return Number::of(static_cast<std::uint64_t>(result));
  }
  return Number::of(static_cast<std::int64_t>(result));
}

/// Wraps; by squaring, so that a huge exponent costs nothing.
Number power(const Number& base, std::uint64_t exponent) {
  const bool is_unsigned = base.kind == NumberKind::kUnsigned;
  std::uint64_t square = is_unsigned ? base.natural : static_cast<std::uint64_t>(base.integer);
  std::uint64_t result = 1;
  for (; exponent != 0; exponent >>= 1, square *= square) {
    if ((exponent & 1) != 0) result *= square;
  }
  return is_unsigned ? Number::of(result) : Number::of(static_cast<std::int64_t>(result));
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

Result<Number> on_whole(Op op, const Number& left, const Number& right) {
  const Wide a = wide(left);
  const Wide b = wide(right);
  const auto narrowed = [&](Wide result) { return narrow(result, left.kind, right.kind); };
  if (b == 0 && (op == Op::kDivide || op == Op::kModulo)) return divided_by_zero();
  switch (op) {
    case Op::kAdd: return narrowed(a + b);
    case Op::kSubtract: return narrowed(a - b);
    case Op::kMultiply:
      // Two unsigned numbers may make more than is held; only the lower half counts.
      return narrowed(
          static_cast<Wide>(static_cast<unsigned __int128>(a) * static_cast<unsigned __int128>(b)));
    case Op::kDivide: return narrowed(a / b);
    case Op::kModulo: return narrowed(a % b);
    default: break;
  }
  if (b >= 0) return power(left, static_cast<std::uint64_t>(b));
  if (a == 0) return divided_by_zero();
  return on_floats(op, left.as_double(), right.as_double());
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
  return on_whole(op, a, b);
}

Number negate(Number n) {
  constexpr std::uint64_t kLargestNegated = std::uint64_t{1} << 63;
  if (n.kind == NumberKind::kFloat) return Number::of(-n.real);
  if (n.kind == NumberKind::kUnsigned && n.natural > kLargestNegated)
    return Number::of(-n.as_double());
  return Number::of(static_cast<std::int64_t>(-wide(n)));
}

std::optional<Number> parse_number_literal(std::string_view text) {
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return parse_float(text);
  const int base = text.size() > 1 && text.front() == '0' ? 8 : 10;
  if (const auto n = parse_digits<std::int64_t>(text, base)) return Number::of(*n);
  if (const auto n = parse_digits<std::uint64_t>(text, base)) return Number::of(*n);
  return parse_float(text);
}

}  // namespace weir::eval

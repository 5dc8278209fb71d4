// SPDX-License-Identifier: Apache-2.0
#include "interpreter/eval/operators.h"

#include "interpreter/eval/arithmetic.h"
#include "interpreter/syntax/locate.h"

#include <algorithm>

namespace weir::eval {
namespace {

using syntax::Op;
using text::DiagnosticCode;
using value::Kind;
using value::Type;
using value::Value;

bool is_equality(Op op) {
  return op == Op::kEqual || op == Op::kNotEqual;
}
bool is_order(Op op) {
  return op >= Op::kLess && op <= Op::kGreaterEqual;
}

/// The kinds of operand that an operator takes, in the order messages list them. Not for equality.
std::span<const Kind> allowed_kinds(Op op) {
  static constexpr Kind kLogic[] = {Kind::kBool};
  static constexpr Kind kAddition[] = {Kind::kNumber, Kind::kString, Kind::kCapsule};
  static constexpr Kind kOrder[] = {Kind::kNumber, Kind::kString};
  static constexpr Kind kNumbers[] = {Kind::kNumber};
  if (op == Op::kAnd || op == Op::kOr) return kLogic;
  if (op == Op::kAdd) return kAddition;
  if (is_order(op)) return kOrder;
  return kNumbers;
}

bool is_secret(const Type& type) {
  return type.tag() == Type::Tag::kSecret || type.tag() == Type::Tag::kOptionalSecret;
}

/// The kind that counts for an operator: beside a secret a string is taken as one.
std::optional<Kind> kind_beside(const Known& known, const Known& other) {
  const auto kind = known.kind();
  return kind == Kind::kString && is_secret(other.shallow_type()) ? Kind::kCapsule : kind;
}

std::string hint_for(const Operand& operand) {
  const Type type = operand.known.shallow_type();
  if (is_secret(type)) {
    return format("{} is a secret: convert.nonsensitive takes its text out",
                  excerpt(operand.expression));
  }
  if (type.tag() != Type::Tag::kCapsule) return {};
  return format("{} is {}", excerpt(operand.expression), type.text());
}

/// Of two operands, the hint is about the one that is a capsule.
std::string hint_for(const Operand& left, const Operand& right) {
  const std::string hint = hint_for(left);
  return hint.empty() ? hint_for(right) : hint;
}

std::string list_kinds(std::span<const Kind> kinds) {
  std::string out;
  for (const Kind kind : kinds) {
    out += out.empty() ? "[" : " ";
    out += to_string(kind);
  }
  return out + ']';
}

bool is_allowed(Op op, std::optional<Kind> kind) {
  const auto kinds = allowed_kinds(op);
  return !kind || std::find(kinds.begin(), kinds.end(), *kind) != kinds.end();
}

Problem not_allowed(Op op, const Operand& blamed, Kind kind, std::string hint) {
  return {DiagnosticCode::kOperation,
          format("{} should be one of {} for binop {}, got {}", excerpt(blamed.expression),
                 list_kinds(allowed_kinds(op)), spelling(op), to_string(kind)),
          std::move(hint)};
}

Problem mixed(const Operand& right, Kind left_kind, Kind right_kind, std::string hint) {
  if (left_kind == Kind::kString && right_kind == Kind::kNumber) {
    hint = format("string.format(\"%v\", {}) makes text of it", excerpt(right.expression));
  }
  return {DiagnosticCode::kOperation,
          format("{} should be {}, got {}", excerpt(right.expression), to_string(left_kind),
                 to_string(right_kind)),
          std::move(hint)};
}

/// Of the capsules only secrets have text to add.
std::optional<Problem> check_capsule(const Operand& operand) {
  const Type type = operand.known.shallow_type();
  if (type.tag() != Type::Tag::kCapsule) return std::nullopt;
  return Problem{
      DiagnosticCode::kOperation,
      format("{} should be a string or a secret, got {}", excerpt(operand.expression), type.text()),
      {}};
}

/// The text of a string or secret, and how secret it is.
struct SecretText {
  const std::string* text;
  bool always = false;   ///< a Secret
  bool flagged = false;  ///< an OptionalSecret that is one
  bool plain = false;    ///< a string
};

SecretText secret_text(const Value& v) {
  if (const auto* secret = v.as_secret()) return {&secret->text, true, true, false};
  if (const auto* secret = v.as_optional_secret())
    return {&secret->text, false, secret->secret, false};
  return {&v.as_string(), false, false, true};
}

Value add_text(const Value& left, const Value& right) {
  const SecretText a = secret_text(left);
  const SecretText b = secret_text(right);
  std::string sum = *a.text + *b.text;
  if (a.always || b.always) return Value::secret(std::move(sum));
  const bool secret = a.flagged || b.flagged;
  if (!secret && (a.plain || b.plain)) return Value(std::move(sum));
  return Value::optional_secret(std::move(sum), secret);
}

bool in_order(Op op, std::partial_ordering order) {
  switch (op) {
    case Op::kLess: return order < 0;
    case Op::kLessEqual: return order <= 0;
    case Op::kGreater: return order > 0;
    default: return order >= 0;
  }
}

std::partial_ordering compare(const Value& left, const Value& right) {
  if (left.kind() == Kind::kNumber) return left.as_number() <=> right.as_number();
  return left.as_string().compare(right.as_string()) <=> 0;
}

Type sum_type(const Known& left, const Known& right) {
  using enum Type::Tag;
  const auto a = left.shallow_type().tag();
  const auto b = right.shallow_type().tag();
  if (a == kNumber || b == kNumber) return Type::of(kNumber);
  if (a == kSecret || b == kSecret) return Type::of(kSecret);
  if (a == kAny || b == kAny) return Type::any();
  return Type::of(a == kOptionalSecret || b == kOptionalSecret ? kOptionalSecret : kString);
}

}  // namespace

std::optional<Problem> check_unary(Op op, Operand operand) {
  const Kind wanted = op == Op::kNot ? Kind::kBool : Kind::kNumber;
  const auto kind = operand.known.kind();
  if (!kind || *kind == wanted) return std::nullopt;
  return Problem{DiagnosticCode::kOperation,
                 format("{} should be {}, got {}", excerpt(operand.expression), to_string(wanted),
                        to_string(*kind)),
                 hint_for(operand)};
}

std::optional<Problem> check_binary(Op op, Operand left, Operand right) {
  if (is_equality(op)) return std::nullopt;
  const auto left_kind = kind_beside(left.known, right.known);
  const auto right_kind = kind_beside(right.known, left.known);
  if (!is_allowed(op, left_kind)) return not_allowed(op, left, *left_kind, hint_for(left, right));
  if (!is_allowed(op, right_kind))
    return not_allowed(op, right, *right_kind, hint_for(right, left));
  if (left_kind && right_kind && *left_kind != *right_kind) {
    return mixed(right, *left_kind, *right_kind, hint_for(right, left));
  }
  auto problem = check_capsule(left);
  return problem ? problem : check_capsule(right);
}

Type unary_type(Op op) {
  return Type::of(op == Op::kNot ? Type::Tag::kBool : Type::Tag::kNumber);
}

Type binary_type(Op op, const Known& left, const Known& right) {
  if (op == Op::kAdd) return sum_type(left, right);
  const bool is_number = op >= Op::kSubtract && op <= Op::kPower;
  return Type::of(is_number ? Type::Tag::kNumber : Type::Tag::kBool);
}

Value apply_unary(Op op, const Value& operand) {
  return op == Op::kNot ? Value(!operand.as_bool()) : Value(negate(operand.as_number()));
}

Result<Value> apply_binary(Op op, const Value& left, const Value& right) {
  if (is_equality(op)) return Value((left == right) == (op == Op::kEqual));
  if (op == Op::kAnd) return Value(left.as_bool() && right.as_bool());
  if (op == Op::kOr) return Value(left.as_bool() || right.as_bool());
  if (is_order(op)) return Value(in_order(op, compare(left, right)));
  if (op == Op::kAdd && left.kind() != Kind::kNumber) return add_text(left, right);
  WEIR_TRY(const value::Number number, arithmetic(op, left.as_number(), right.as_number()));
  return Value(number);
}

}  // namespace weir::eval

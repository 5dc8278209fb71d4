// SPDX-License-Identifier: Apache-2.0
#include "interpreter/eval/evaluate.h"

#include "interpreter/eval/arithmetic.h"
#include "interpreter/eval/operators.h"
#include "interpreter/syntax/locate.h"
#include "interpreter/value/unknown.h"

#include <algorithm>
#include <cmath>

namespace weir::eval {
namespace {

using syntax::Expression;
using syntax::ExpressionKind;
using text::DiagnosticCode;
using value::Kind;
using value::Type;
using value::Value;

/// What stands for a part of a literal: its value, or the place of one.
Value part(const Known& known) {
  return known.value ? *known.value : value::unknown(known.type);
}

std::string_view kind_text(const Known& known) {
  const auto kind = known.kind();
  return kind ? to_string(*kind) : "any";
}

std::vector<std::string_view> keys(const Known& object) {
  std::vector<std::string_view> out;
  if (object.value) {
    for (const auto& [key, member] : object.value->as_object().members) out.push_back(key);
  } else if (object.type.tag() == Type::Tag::kObject) {
    for (const auto& [key, member] : object.type.members()) out.push_back(key);
  }
  return out;
}

/// A member of an object by its name; nothing if there is none.
std::optional<Known> member(const Known& object, std::string_view name) {
  if (object.value) {
    const Value* found = object.value->as_object().find(name);
    return found == nullptr ? std::nullopt : std::optional(Known::of(*found));
  }
  if (object.type.tag() == Type::Tag::kMap) return Known::only_type(object.type.element());
  const Type* type = object.type.member(name);
  return type == nullptr ? std::nullopt : std::optional(Known::only_type(*type));
}

/// Why a capsule has neither fields nor elements.
constexpr const char* kNoObject =
    "expected object or array or a capsule convertible to an object, got capsule";

/// The whole part of an index, or nothing if no array is that long.
std::optional<std::size_t> whole_index(const value::Number& number) {
  const double at = std::trunc(number.as_double());
  if (!(at >= 0 && at < 9e15)) return std::nullopt;
  return static_cast<std::size_t>(at);
}

std::string index_text(const value::Number& number) {
  return number.kind == value::Number::Kind::kFloat
             ? value::Number::of(std::trunc(number.real)).text()
             : number.text();
}

}  // namespace

Known Known::of(Value v) {
  if (const Type* type = value::unknown_type(v)) return only_type(*type);
  return {Type::any(), std::move(v), false};
}

Known Known::only_type(Type t) {
  return {std::move(t), std::nullopt, false};
}
Known Known::failure() {
  return {Type::any(), std::nullopt, true};
}

bool Known::complete() const {
  return value && !value::has_unknown(*value);
}

std::optional<Kind> Known::kind() const {
  return value ? std::optional(value->kind()) : type.kind();
}

Type Known::shallow_type() const {
  if (!value) return type;
  if (value->kind() == Kind::kArray) return Type::of(Type::Tag::kList);
  if (value->kind() == Kind::kObject) return Type::of(Type::Tag::kObject);
  return Type::of(*value);
}

Type Known::full_type() const {
  return value ? Type::of(*value) : type;
}

Evaluator::Evaluator(const Scope& scope, const catalog::FunctionTable& functions,
                     const catalog::CallContext& context, Mode mode, text::DiagnosticSink& sink)
    : scope_(scope), functions_(functions), context_(context), mode_(mode), sink_(sink) {}

Known Evaluator::expression(const Expression& e) {
  switch (e.kind) {
    case ExpressionKind::kNull: return Known::of(Value());
    case ExpressionKind::kBool: return Known::of(Value(e.truth));
    case ExpressionKind::kNumber: return number(e);
    case ExpressionKind::kString: return Known::of(Value(syntax::unquote(e.text)));
    case ExpressionKind::kIdentifier: return identifier(e);
    case ExpressionKind::kArray: return array(e);
    case ExpressionKind::kObject: return object(e);
    case ExpressionKind::kAccess: return access(e);
    case ExpressionKind::kIndex: return index(e);
    case ExpressionKind::kCall: return call(e);
    case ExpressionKind::kUnary: return unary(e);
    case ExpressionKind::kBinary: return binary(e);
    case ExpressionKind::kParen: return expression(*e.children[0]);
    case ExpressionKind::kError: return Known::failure();
  }
  return Known::failure();
}

schema::EvaluatedAttribute Evaluator::attribute(const syntax::Statement& statement) {
  const syntax::Attribute& a = *statement.attribute;
  Known known = expression(*a.value);
  return {a.name,      std::move(known.value), std::move(known.type), statement.span,
          a.name_span, a.value.get(),          known.failed};
}

schema::EvaluatedBody Evaluator::body(const syntax::Body& body) {
  schema::EvaluatedBody out;
  for (const syntax::Statement& statement : body.statements) {
    if (statement.attribute) {
      out.attributes.push_back(attribute(statement));
    } else if (const syntax::Block* b = statement.block.get()) {
      out.blocks.push_back({b->full_name(), b->label, this->body(b->body), b->name_span,
                            b->label_span, b->head(), statement.span});
    }
  }
  return out;
}

Known Evaluator::fail(DiagnosticCode code, text::Span span, std::string message, std::string hint) {
  sink_.add(code, span, std::move(message), std::move(hint));
  return Known::failure();
}

Known Evaluator::bounded(Value value, const Expression& e) {
  const value::Extent extent = value.extent();
  if (extent.bytes > kMaxValueBytes) {
    return fail(DiagnosticCode::kTooLarge, e.span,
                format("the value is larger than {} MiB", kMaxValueBytes >> 20));
  }
  if (extent.depth > kMaxValueDepth) {
    return fail(DiagnosticCode::kTooLarge, e.span,
                format("the value nests deeper than {} levels", kMaxValueDepth));
  }
  return Known::of(std::move(value));
}

std::string names_nothing(std::string_view written) {
  return format("identifier \"{}\" does not exist here", written);
}

Known Evaluator::number(const Expression& e) {
  const auto number = parse_number_literal(e.text);
  if (!number)
    return fail(DiagnosticCode::kBadNumber, e.span,
                format("number {} is out of range", excerpt(e)));
  return Known::of(Value(*number));
}

Known Evaluator::identifier(const Expression& e) {
  if (auto known = scope_.find(e.text)) return *std::move(known);
  const value::Object& library = functions_.root().as_object();
  if (const Value* found = library.find(e.text)) return Known::of(*found);
  std::vector<std::string_view> names = scope_.names();
  for (const auto& [name, member] : library.members) names.push_back(name);
  return fail(DiagnosticCode::kUnknownName, e.span, names_nothing(e.text),
              text::did_you_mean(e.text, names));
}

// A literal with a part that failed is no value when running; when checking, the rest of it is
// still worth a look, and the failed part is taken to be whatever is needed.
Known Evaluator::array(const Expression& e) {
  value::Array out;
  out.reserve(e.children.size());
  bool failed = false;
  for (const auto& child : e.children) {
    const Known known = expression(*child);
    failed |= known.failed;
    out.push_back(part(known));
  }
  return failed && mode_ == Mode::kRun ? Known::failure() : bounded(Value(std::move(out)), e);
}

Known Evaluator::object(const Expression& e) {
  value::Object out;
  out.members.reserve(e.fields.size());
  bool failed = false;
  for (const syntax::Field& field : e.fields) {
    const Known known = expression(*field.value);
    failed |= known.failed;
    out.members.emplace_back(field.name, part(known));
  }
  return failed && mode_ == Mode::kRun ? Known::failure() : bounded(Value(std::move(out)), e);
}

Known Evaluator::access(const Expression& e) {
  const Known base = expression(*e.children[0]);
  if (base.failed) return base;
  const auto kind = base.kind();
  if (!kind) return Known::only_type(Type::any());
  if (*kind == Kind::kObject) {
    if (auto found = member(base, e.text)) return *std::move(found);
    return fail(DiagnosticCode::kUnknownField, e.name_span,
                format("field \"{}\" does not exist", e.text),
                text::did_you_mean(e.text, keys(base)));
  }
  if (*kind == Kind::kCapsule) {
    return fail(DiagnosticCode::kTypeMismatch, e.name_span, kNoObject,
                format("{} is {}", excerpt(*e.children[0]), base.shallow_type().text()));
  }
  return fail(DiagnosticCode::kTypeMismatch, e.name_span,
              format("cannot access field \"{}\" on value of type {}", e.text, kind_text(base)));
}

Known Evaluator::index(const Expression& e) {
  const Known base = expression(*e.children[0]);
  const Known at = expression(*e.children[1]);
  if (base.failed || at.failed) return Known::failure();
  const auto kind = base.kind();
  if (!kind) return Known::only_type(Type::any());
  if (*kind == Kind::kCapsule) {
    return fail(DiagnosticCode::kTypeMismatch, e.children[0]->span, kNoObject,
                format("{} is {}", excerpt(*e.children[0]), base.shallow_type().text()));
  }
  const bool is_array = *kind == Kind::kArray;
  if (!is_array && *kind != Kind::kObject) {
    return fail(DiagnosticCode::kTypeMismatch, e.children[0]->span,
                format("expected object or array, got {}", kind_text(base)));
  }
  const Kind wanted = is_array ? Kind::kNumber : Kind::kString;
  if (at.kind() && *at.kind() != wanted) {
    return fail(DiagnosticCode::kTypeMismatch, e.children[1]->span,
                format("{} should be {}, got {}", excerpt(*e.children[1]), to_string(wanted),
                       kind_text(at)));
  }
  if (!is_array) {
    if (!at.value) return Known::only_type(Type::any());
    // A missing key is null, unlike a missing field.
    return member(base, at.value->as_string())
        .value_or(base.value ? Known::of(Value()) : Known::only_type(Type::any()));
  }
  if (!base.value) return Known::only_type(base.type.element());
  if (!at.value) return Known::only_type(base.full_type().element());
  const value::Array& elements = base.value->as_array();
  const auto offset = whole_index(at.value->as_number());
  if (offset && *offset < elements.size()) return Known::of(elements[*offset]);
  return fail(DiagnosticCode::kIndexRange, e.children[1]->span,
              format("index {} is out of range of array with length {}",
                     index_text(at.value->as_number()), elements.size()));
}

Known Evaluator::unary(const Expression& e) {
  const Known operand = expression(*e.children[0]);
  if (operand.failed) return operand;
  if (const auto problem = check_unary(e.op, {operand, *e.children[0]})) {
    return fail(problem->code, e.children[0]->span, problem->message, problem->hint);
  }
  if (!operand.complete()) return Known::only_type(unary_type(e.op));
  return Known::of(apply_unary(e.op, *operand.value));
}

// A long chain `a + b + c ...` leans to the left; it is walked in a loop, as it may have thousands
// of links.
Known Evaluator::binary(const Expression& e) {
  std::vector<const Expression*> chain;
  const Expression* first = &e;
  for (; first->kind == ExpressionKind::kBinary; first = first->children[0].get())
    chain.push_back(first);
  Known result = expression(*first);
  for (auto link = chain.rbegin(); link != chain.rend(); ++link) {
    const Known right = expression(*(*link)->children[1]);
    result = result.failed || right.failed ? Known::failure() : combine(**link, result, right);
  }
  return result;
}

// What is wrong shows on the whole operation: the two sides do not go together.
Known Evaluator::combine(const Expression& e, const Known& left, const Known& right) {
  if (const auto problem = check_binary(e.op, {left, *e.children[0]}, {right, *e.children[1]})) {
    return fail(problem->code, e.span, problem->message, problem->hint);
  }
  if (!left.complete() || !right.complete())
    return Known::only_type(binary_type(e.op, left, right));
  const auto result = apply_binary(e.op, *left.value, *right.value);
  if (!result) return fail(DiagnosticCode::kOperation, e.span, result.error().message);
  return bounded(*result, e);
}

}  // namespace weir::eval

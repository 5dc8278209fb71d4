// SPDX-License-Identifier: Apache-2.0
// The part of the checker that evaluates a body and follows the names in it.

#include "base/format.h"
#include "interpreter/check/checker.h"
#include "interpreter/check/scope.h"

#include <algorithm>
#include <utility>

namespace weir::check {

using text::DiagnosticCode;
using text::Span;

namespace {

/// The field of a name, those of inlined groups included; of "stage.json" the choice.
const schema::Field* find_field(const schema::Schema& schema, std::string_view name) {
  for (const schema::Field& field : schema.fields()) {
    if (field.kind == schema::FieldKind::kInline) {
      if (const auto* inner = find_field(field.inlined().schema(), name)) return inner;
    } else if (field.kind == schema::FieldKind::kChoice) {
      if (name.size() > field.name.size() && name.starts_with(field.name) &&
          name[field.name.size()] == '.')
        return &field;
    } else if (field.name == name && field.kind != schema::FieldKind::kLabel) {
      return &field;
    }
  }
  return nullptr;
}

/// The schema of a block inside a body; empty if it is not known.
schema::Schema inner_schema(const schema::Schema& schema, std::string_view name) {
  const schema::Field* field = find_field(schema, name);
  if (field == nullptr) return {};
  if (field->kind == schema::FieldKind::kBlock) return field->block()->ops().schema();
  if (field->kind != schema::FieldKind::kChoice) return {};
  for (const schema::Choice& choice : field->choices()) {
    if (choice.ops != nullptr && name.substr(field->name.size() + 1) == choice.name)
      return choice.ops().schema();
  }
  return {};
}

bool inside(const Span& inner, const Span& outer) {
  return inner.source == outer.source && inner.begin >= outer.begin && inner.end <= outer.end;
}

/// The type that the names of a traversal from `at` on lead to.
value::Type type_at(value::Type type, const eval::Traversal& traversal, std::size_t at) {
  for (; at < traversal.names.size(); ++at) {
    if (type.tag() != value::Type::Tag::kObject) return value::Type::any();
    const value::Type* member = type.member(traversal.names[at]);
    if (member == nullptr) return value::Type::any();
    type = value::Type(*member);
  }
  return type;
}

/// Moves `from` into `to`, without what the evaluator says about names that were already said to
/// lead nowhere.
void move_diagnostics(const text::DiagnosticSink& from, const std::vector<Span>& lost,
                      text::DiagnosticSink& to) {
  for (const text::Diagnostic& diagnostic : from.all()) {
    const bool said = std::any_of(lost.begin(), lost.end(),
                                  [&](const Span& span) { return inside(diagnostic.span, span); });
    if (!said)
      to.add(diagnostic.code, diagnostic.span, diagnostic.message, diagnostic.hint).notes =
          diagnostic.notes;
  }
}

}  // namespace

void Checker::evaluate(Node& node, schema::Schema schema, std::string_view opaque) {
  text::DiagnosticSink said;
  eval::Evaluator evaluator(scope_of(*node.module), functions_, no_world_, eval::Mode::kCheck,
                            said);
  if (opaque.empty()) {
    node.body = evaluator.body(node.block->body);
  } else {
    for (const syntax::Statement& statement : node.block->body.statements) {
      if (statement.attribute) {
        node.body.attributes.push_back(evaluator.attribute(statement));
      } else {
        const syntax::Block& b = *statement.block;
        schema::EvaluatedBody body;
        if (b.full_name() != opaque) body = evaluator.body(b.body);
        node.body.blocks.push_back({b.full_name(), b.label, std::move(body), b.name_span,
                                    b.label_span, b.head(), statement.span});
      }
    }
  }
  std::vector<Span> lost;
  follow(node, node.body, schema, lost);
  move_diagnostics(said, lost, sink_);
}

void Checker::follow(Node& node, const schema::EvaluatedBody& body, const schema::Schema& schema,
                     std::vector<Span>& lost) {
  for (const auto& attribute : body.attributes)
    follow(node, attribute, find_field(schema, attribute.name), lost);
  for (const auto& block : body.blocks)
    follow(node, block.body, inner_schema(schema, block.name), lost);
}

void Checker::follow(Node& node, const schema::EvaluatedAttribute& attribute,
                     const schema::Field* field, std::vector<Span>& lost) {
  std::optional<value::Type> wanted;
  if (field != nullptr && field->kind == schema::FieldKind::kAttribute)
    wanted = field->type().type();
  for (const eval::Traversal& traversal : eval::traversals(*attribute.expression)) {
    const Resolved found = resolve(*node.module, traversal);
    if (found.node == nullptr) {
      if (Node* owner = variable_owner(*node.module, traversal.names.front())) {
        node.references.push_back({owner, traversal.span, value::Type::any(), wanted});
        continue;
      }
      if (traversal.names.front() == kModulePath) continue;
      if (in_library(traversal.names.front())) {
        admit_function(traversal, functions_, options_.minimum_stability, sink_);
        continue;
      }
      sink_.add(DiagnosticCode::kUnknownName, traversal.span,
                eval::names_nothing(traversal.span.text()),
                hint_for(*node.module, traversal, hint_steps_));
      lost.push_back(traversal.span);
      continue;
    }
    if (in_library(traversal.names.front())) {
      sink_.add(DiagnosticCode::kShadowing, traversal.spans.front(),
                format("{} is {} here, not the standard library's", traversal.names.front(),
                       found.node->id));
    }
    found.node->used = true;
    const bool whole = found.length >= traversal.names.size();
    node.references.push_back({found.node, traversal.span,
                               type_at(exports_of(*found.node), traversal, found.length), wanted,
                               whole ? std::string() : std::string(traversal.names[found.length])});
    add_need(node, *found.node, traversal.span);
    if (found.node->kind == NodeKind::kArgument && wanted)
      note_use(*found.node, traversal, *attribute.expression, field->type());
  }
}

bool Checker::in_library(std::string_view name) const {
  const value::Value& root = functions_.root();
  return root.kind() == value::Kind::kObject && root.as_object().find(name) != nullptr;
}

/// An argument that an attribute takes as it is, alone or as an element of a list, must be what it
/// takes.
void Checker::note_use(Node& argument, const eval::Traversal& traversal,
                       const syntax::Expression& expression, const schema::TypeOps& type) {
  if (traversal.names.back() != "value") return;
  const auto is_all = [&](const syntax::Expression& e) {
    return e.span.begin == traversal.span.begin && e.span.end == traversal.span.end;
  };
  if (is_all(expression)) {
    argument.uses.push_back({&type, false, traversal.span});
  } else if (expression.kind == syntax::ExpressionKind::kArray) {
    const auto element = std::lower_bound(
        expression.children.begin(), expression.children.end(), traversal.span.begin,
        [](const auto& child, std::uint32_t begin) { return child->span.begin < begin; });
    if (element == expression.children.end() || !is_all(**element)) return;
    argument.uses.push_back({&type, true, traversal.span});
  }
}

}  // namespace weir::check

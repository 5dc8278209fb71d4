// SPDX-License-Identifier: Apache-2.0
// The part of the checker that looks at a module once more for one use of it: components may say
// more of themselves where it is known what the module is given.

#include "interpreter/check/checker.h"
#include "interpreter/value/unknown.h"

#include <algorithm>
#include <utility>

namespace weir::check {

using value::Value;

namespace {

const schema::EvaluatedAttribute* attribute_of(const Node& node, std::string_view name) {
  const auto& all = node.body.attributes;
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const auto& a) { return a.name == name; });
  return at == all.end() ? nullptr : &*at;
}

Value value_of(const schema::EvaluatedAttribute* attribute) {
  if (attribute == nullptr) return value::unknown(value::Type::any());
  return attribute->value ? *attribute->value : value::unknown(attribute->type);
}

/// What a module sees where `custom` uses it.
class GivenScope final : public eval::Scope {
 public:
  GivenScope(const Node& custom, const eval::Scope& behind) : behind_(behind) {
    value::Object arguments;
    for (const auto& inner : custom.declare->inner->nodes) {
      if (inner->kind != NodeKind::kArgument) continue;
      const std::string& name = inner->block->label;
      const auto* given = attribute_of(custom, name);
      if (given == nullptr) given = attribute_of(*inner, "default");
      arguments.members.emplace_back(name,
                                     Value(value::Object{{{"value", value_of(given)}}, false}));
    }
    arguments_ = Value(std::move(arguments));
  }
  [[nodiscard]] std::optional<eval::Known> find(std::string_view name) const override {
    return name == "argument" ? eval::Known::of(arguments_) : behind_.find(name);
  }
  [[nodiscard]] std::vector<std::string_view> names() const override { return behind_.names(); }

 private:
  const eval::Scope& behind_;
  Value arguments_;
};

}  // namespace

std::optional<std::vector<catalog::Lint::Statement>> Checker::lint_given(const Node& node,
                                                                         const Node& custom) {
  const bool depends = std::any_of(
      node.references.begin(), node.references.end(),
      [](const Reference& reference) { return reference.target->kind == NodeKind::kArgument; });
  if (!depends || !node.good || node.def == nullptr || node.def->lint == nullptr)
    return std::nullopt;
  text::DiagnosticSink unheard;
  const GivenScope scope(custom, scope_of(*node.module));
  eval::Evaluator evaluator(scope, functions_, no_world_, eval::Mode::kCheck, unheard);
  const schema::EvaluatedBody body = evaluator.body(node.block->body);
  const std::shared_ptr<void> args = node.def->args().make();
  const schema::DecodeContext context = {node.name, node.block->name_span,     node.whole(), {},
                                         {},        options_.minimum_stability};
  if (!schema::decode(node.def->args(), body, context, args.get(), unheard)) return node.statements;
  catalog::Lint lint(body, node.head());
  node.def->lint(args.get(), lint);
  return lint.statements();
}

}  // namespace weir::check

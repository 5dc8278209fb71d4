// SPDX-License-Identifier: Apache-2.0
// discovery.relabel: targets through relabelling rules.

#include "components/core/relabel.h"

#include "components/core/file_match.h"
#include "components/core/targets.h"
#include "interpreter/graph/component.h"

#include <algorithm>

namespace weir::discovery {
namespace {

/// Exports targets as rules make them.
///
/// A pure function of its arguments: no task, no file, no clock.
/// Threads: update() from the control thread.
class Relabel final : public graph::Component {
 public:
  struct Args {
    std::vector<Target> targets;
    std::vector<RelabelRule> rules;
    static schema::Schema schema();
    void lint(catalog::Lint& lint) const;
  };
  struct Exports {
    std::vector<Target> output;
    RelabelRules rules;
    static schema::Schema schema();
  };

  explicit Relabel(graph::Context& context) : context_(context) {}
  Status update(Args args);

 private:
  graph::Context& context_;
};

schema::Schema Relabel::Args::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Args::targets>("targets", "Targets to relabel.").required(),
      schema::block<&Args::rules>("rule", "A relabelling rule; rules are applied in order."),
  });
  return kTable;
}

bool holds_call(const syntax::Expression& expression) {
  const auto& parts = expression.children;
  return expression.kind == syntax::ExpressionKind::kCall ||
         std::any_of(parts.begin(), parts.end(),
                     [](const auto& part) { return holds_call(*part); });
}

/// Whether targets that no other component gives may have a __path__.
bool may_have_paths(const catalog::Lint& lint) {
  for (const auto& attribute : lint.body().attributes) {
    if (attribute.name != "targets") continue;
    if (!attribute.value || attribute.value->kind() != value::Kind::kArray)
      return attribute.expression == nullptr || holds_call(*attribute.expression);
    const auto& all = attribute.value->as_array();
    return std::any_of(all.begin(), all.end(), [](const value::Value& target) {
      return target.kind() != value::Kind::kObject ||
             target.as_object().find(kPathLabel) != nullptr;
    });
  }
  return false;
}

void Relabel::Args::lint(catalog::Lint& lint) const {
  lint_rules(rules, lint);
  lint_label_names("targets", lint);
  const auto blocks = lint.blocks("rule");
  bool may_write_path = false;
  for (std::size_t i = 0; i < rules.size() && i < blocks.size(); ++i) {
    const bool to_path = rules[i].target_label == kPathLabel;
    if (to_path && rules[i].action == RelabelAction::kReplace)
      lint_container_path(rules[i].replacement, blocks[i]->head, lint);
    may_write_path = may_write_path || to_path || rules[i].action == RelabelAction::kLabelMap ||
                     rules[i].target_label.find('$') != std::string::npos;
  }
  if (may_write_path || may_have_paths(lint)) lint.gives(text::DiagnosticCode::kNoPath);
}

schema::Schema Relabel::Exports::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Exports::output>("output", "The targets that remain, as the rules left them."),
      schema::attr<&Exports::rules>("rules",
                                    "The rules, for components that apply them themselves."),
  });
  return kTable;
}

Status Relabel::update(Args args) {
  Exports exports;
  const RelabelRules rules(args.rules, LabelNames::kUtf8);
  exports.rules = RelabelRules(std::move(args.rules));
  exports.output.reserve(args.targets.size());
  LabelsBuilder builder;
  for (const Target& target : args.targets) {
    if (rules.empty()) {
      exports.output.push_back(target);
      continue;
    }
    builder.reset(Labels{});
    for (const Label& label : target.labels()) builder.set(label.name, label.value);
    if (!rules.apply(builder)) continue;
    exports.output.emplace_back(builder.all());
  }
  context_.publish(exports);
  return {};
}

}  // namespace
}  // namespace weir::discovery

namespace weir {
extern constexpr catalog::ComponentDef discovery_relabel =
    graph::define<discovery::Relabel>("discovery.relabel", schema::Stability::kGenerallyAvailable,
                                      "Rewrites, keeps and drops targets by rules.");
}

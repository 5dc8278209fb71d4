// SPDX-License-Identifier: Apache-2.0
// The blocks that make a module: declare, argument, export.

#include "base/format.h"
#include "interpreter/graph/module.h"
#include "interpreter/graph/nodes.h"
#include "interpreter/value/unknown.h"

#include <utility>

namespace weir::graph {
namespace {

using text::DiagnosticCode;

/// Stands for its place in the order; who uses it reads the text.
class DeclareNode final : public Node {
 public:
  using Node::Node;

 private:
  void evaluate(Wave&, text::DiagnosticSink&) override {}
};

/// What a module was given, as argument.NAME.value.
class ArgumentNode final : public Node {
 public:
  using Node::Node;

 private:
  void evaluate(Wave& wave, text::DiagnosticSink& sink) override {
    const auto evaluated = evaluate_body(wave, sink);
    if (sink.has_errors()) return;
    const auto decoded = decode(outline().language->args(), *evaluated, sink);
    if (decoded == nullptr) return;
    const auto& block = *static_cast<const catalog::ArgumentBlock*>(decoded.get());
    if (const eval::Known* given = module().argument(block.name)) return show(*given);
    if (!block.optional) return report_missing(block.name, sink);
    show(eval::Known::of(block.fallback));
  }

  void show(const eval::Known& known) {
    value::Object out;
    out.members.emplace_back("value", known.value ? *known.value : value::unknown(known.type));
    set_exports(eval::Known::of(value::Value(std::move(out))));
  }

  void report_missing(const std::string& name, text::DiagnosticSink& sink) const {
    const Node* user = module().place().owner;
    auto& diagnostic = sink.add(DiagnosticCode::kMissingArgument,
                                user == nullptr ? outline().head() : user->outline().head(),
                                format("missing required argument \"{}\" to module", name));
    if (user != nullptr) diagnostic.notes.push_back({outline().head(), "declared here", {}});
  }
};

/// What users of a module see.
class ExportNode final : public Node {
 public:
  using Node::Node;

 private:
  void evaluate(Wave& wave, text::DiagnosticSink& sink) override {
    const auto evaluated = evaluate_body(wave, sink);
    if (sink.has_errors()) return;
    if (decode(outline().language->args(), *evaluated, sink) == nullptr) return;
    const schema::EvaluatedAttribute& value = evaluated->body.attributes.front();
    set_exports(value.value ? eval::Known::of(*value.value) : eval::Known::only_type(value.type));
  }
};

}  // namespace

std::unique_ptr<Node> make_declare_node(Module& module, BlockOutline outline) {
  return std::make_unique<DeclareNode>(module, std::move(outline), nullptr);
}

std::unique_ptr<Node> make_argument_node(Module& module, BlockOutline outline) {
  return std::make_unique<ArgumentNode>(module, std::move(outline), nullptr);
}

std::unique_ptr<Node> make_export_node(Module& module, BlockOutline outline) {
  return std::make_unique<ExportNode>(module, std::move(outline), nullptr);
}

}  // namespace weir::graph

// SPDX-License-Identifier: Apache-2.0
// Custom components: a module made from a declare, its arguments the block's attributes, its
// exports the component's.

#include "base/format.h"
#include "interpreter/graph/module.h"
#include "interpreter/graph/nodes.h"

#include <map>
#include <string>
#include <utility>

namespace weir::graph {
namespace {

using text::DiagnosticCode;

class CustomNode final : public Node {
 public:
  CustomNode(Module& module, BlockOutline outline, CustomNode* before)
      : Node(module, std::move(outline), before),
        before_(before == nullptr ? nullptr : before->inner_) {}

  void each_module(const std::function<void(Module&)>& visit) override {
    if (inner_ != nullptr) visit(*inner_);
  }

  void settle() override {
    before_.reset();
    Node::settle();
  }

  void rehearse_definition(text::DiagnosticSink& sink) override {
    const auto evaluated = instance()->evaluated();
    if (inner_ == nullptr || evaluated == nullptr) return;  // nothing of it is in use
    const Definition definition = define();
    Wave rehearsal(Wave::Purpose::kRehearse);
    if (definition.kind != Definition::Kind::kDeclare)
      return report_undefined(definition.kind, rehearsal, sink);
    if (definition.declare.block == declare_.block) return inner_->rehearse_customs(sink);
    const auto built = build(definition, inner_.get(), sink);
    if (built == nullptr) return;
    give_arguments(*built, evaluated->body, sink);
    built->run(rehearsal);
    sink.append(rehearsal.sink());
  }

 private:
  void evaluate(Wave& wave, text::DiagnosticSink& sink) override {
    if (stale() && !renew(wave, sink)) return;
    if (inner_ == nullptr) return;
    inner_->run(wave);
    set_exports(inner_->exports());
    if (!wave.rehearsal() && !instance()->running()) wave.made(instance());
  }

  /// Evaluates the arguments, and rebuilds the module if its text is another.
  bool renew(Wave& wave, text::DiagnosticSink& sink) {
    auto evaluated = evaluate_body(wave, sink);
    for (const auto& block : evaluated->body.blocks)
      sink.add(DiagnosticCode::kMisplacedBlock, block.head,
               format("{} takes arguments only, no blocks", outline().name));
    if (sink.has_errors() || !find_module(wave, sink)) return false;
    give_arguments(*inner_, evaluated->body, sink);
    keep(std::move(evaluated));
    return !sink.has_errors();
  }

  [[nodiscard]] Definition define() const {
    return find_definition(module().definitions(), outline().block->name);
  }

  bool find_module(Wave& wave, text::DiagnosticSink& sink) {
    const Definition definition = define();
    if (definition.kind != Definition::Kind::kDeclare) {
      report_undefined(definition.kind, wave, sink);
      return false;
    }
    if (inner_ != nullptr && definition.declare.block == declare_.block) return true;
    auto built = build(definition, inner_ != nullptr ? inner_.get() : before_.get(), sink);
    if (built == nullptr) return false;
    if (inner_ != nullptr) wave.retire(std::move(inner_));
    inner_ = std::move(built);
    declare_ = definition.declare;
    return true;
  }

  std::shared_ptr<Module> build(const Definition& definition, const Module* before,
                                text::DiagnosticSink& sink) {
    const ModulePlace& here = module().place();
    ModulePlace place{here.environment, here.inbox};
    place.kind = ModuleKind::kDeclare;
    place.id = instance()->id();
    place.owner = this;
    place.outer = definition.home;
    place.module_path = definition.home->module_path;
    place.metrics = here.metrics;
    place.depth = here.depth + 1;
    const ModuleText text = {{{definition.declare.file, &definition.declare.block->body}}};
    return Module::build(text, std::move(place), before, sink);
  }

  void report_undefined(Definition::Kind kind, const Wave& wave, text::DiagnosticSink& sink) {
    const text::Span place = outline().block->name_span;
    if (kind != Definition::Kind::kUnread) {
      sink.add(DiagnosticCode::kUnknownComponent, place,
               format("what is imported has no declare for \"{}\"", outline().name));
    } else if (wave.rehearsal()) {
      set_exports(eval::Known::only_type(value::Type::any()));
    } else {
      sink.add(DiagnosticCode::kImport, place,
               format("the import that \"{}\" comes from could not be read", outline().name));
    }
  }

  void give_arguments(Module& to, const schema::EvaluatedBody& body,
                      text::DiagnosticSink& sink) const {
    std::map<std::string, eval::Known> arguments;
    std::map<std::string, text::Span> places;
    for (const auto& attribute : body.attributes) {
      if (!places.emplace(attribute.name, attribute.statement).second) {
        sink.add(DiagnosticCode::kDuplicateAttribute, attribute.statement,
                 format("argument \"{}\" is given twice", attribute.name));
      }
      arguments[attribute.name] = attribute.value ? eval::Known::of(*attribute.value)
                                                  : eval::Known::only_type(attribute.type);
    }
    for (const std::string& name : to.set_arguments(std::move(arguments))) {
      sink.add(DiagnosticCode::kUnknownArgument, places[name],
               format("{} declares no argument \"{}\"", outline().name, name));
    }
  }

  std::shared_ptr<Module> before_;  // in the graph in force, while this one is not
  std::shared_ptr<Module> inner_;
  Declare declare_;  // what inner_ is made from
};

}  // namespace

std::unique_ptr<Node> make_custom_node(Module& module, BlockOutline outline, Node* before) {
  return std::make_unique<CustomNode>(module, std::move(outline), static_cast<CustomNode*>(before));
}

}  // namespace weir::graph

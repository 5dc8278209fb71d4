// SPDX-License-Identifier: Apache-2.0
// foreach: the template as a module, once for each item.

#include "base/format.h"
#include "interpreter/graph/foreach_ids.h"
#include "interpreter/graph/module.h"
#include "interpreter/graph/nodes.h"
#include "interpreter/value/unknown.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace weir::graph {
namespace {

using catalog::ForeachBlock;

class ForeachNode final : public Node {
 public:
  ForeachNode(Module& module, BlockOutline outline, ForeachNode* before)
      : Node(module, std::move(outline), before) {
    if (before != nullptr) before_ = before->by_id();
  }

  void each_module(const std::function<void(Module&)>& visit) override {
    for (const Turn& turn : turns_) visit(*turn.module);
  }

  void settle() override {
    before_.clear();
    rehearsed_.reset();
    Node::settle();
  }

 private:
  struct Turn {
    std::string id;
    std::shared_ptr<Module> module;
  };
  using Modules = std::map<std::string, std::shared_ptr<Module>>;

  [[nodiscard]] Modules by_id() const {
    Modules out;
    for (const Turn& turn : turns_) out.emplace(turn.id, turn.module);
    return out;
  }

  void evaluate(Wave& wave, text::DiagnosticSink& sink) override {
    if (stale()) renew(wave, sink);
    for (const Turn& turn : turns_) {
      if (wave.goes_on()) turn.module->run(wave);
    }
    if (!wave.rehearsal() && !instance()->running()) wave.made(instance());
  }

  void renew(Wave& wave, text::DiagnosticSink& sink) {
    auto evaluated = evaluate_body(wave, sink, "template");
    if (sink.has_errors()) return;
    const auto decoded = decode(outline().language->args(), *evaluated, sink);
    if (decoded == nullptr) return;
    const auto& block = *static_cast<const ForeachBlock*>(decoded.get());
    if (is_complete(evaluated->body)) {
      take_turns(block, wave, sink);
    } else if (wave.rehearsal()) {
      rehearse_any_turn(block, wave, sink);
    }
    keep(std::move(evaluated));
  }

  /// Of items that are not known yet one stands for all.
  void rehearse_any_turn(ForeachBlock block, Wave& wave, text::DiagnosticSink& sink) {
    block.enable_metrics = false;
    if (block.var.empty()) return;  // not known either
    rehearsed_ = build("any", block, nullptr, sink);
    if (rehearsed_ == nullptr) return;
    rehearsed_->set_variable(eval::Known::only_type(value::Type::any()));
    rehearsed_->run(wave);
  }

  void take_turns(const ForeachBlock& block, Wave& wave, text::DiagnosticSink& sink) {
    std::vector<std::size_t> missing;
    const auto ids = foreach_ids(block.collection, block.id, block.hash_string_id, missing);
    for (const std::size_t item : missing) {
      if (wave.rehearsal()) continue;
      instance()->log().warn("item lacks the field that is its id, the whole item is taken",
                             {{"item", item}, {"field", block.id}});
    }
    Modules old = by_id();
    std::vector<Turn> turns;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      auto& now = old[ids[i]];
      if (now == nullptr || !fits(*now, block)) {
        auto built = build(ids[i], block, now.get(), sink);
        if (built == nullptr) return;  // the turns stay as they are
        std::swap(now, built);
        if (built != nullptr) wave.retire(std::move(built));
      }
      now->set_variable(eval::Known::of(block.collection[i]));
      now->mark_outward_stale();
      turns.push_back({ids[i], std::move(now)});
      old.erase(ids[i]);
    }
    for (auto& [id, gone] : old) wave.retire(std::move(gone));
    turns_ = std::move(turns);
  }

  /// Whether a module that is there serves the block as it is now.
  bool fits(const Module& built, const ForeachBlock& block) const {
    return built.place().variable == block.var && built.place().metrics == shows_metrics(block);
  }

  bool shows_metrics(const ForeachBlock& block) const {
    return module().place().metrics && block.enable_metrics;
  }

  std::shared_ptr<Module> build(const std::string& id, const ForeachBlock& block, const Module* now,
                                text::DiagnosticSink& sink) {
    const auto previous = before_.find(id);
    const Module* before = now != nullptr              ? now
                           : previous != before_.end() ? previous->second.get()
                                                       : nullptr;
    // What shows no metrics cannot begin to: its counters were made in its constructor.
    if (before != nullptr && before->place().metrics != shows_metrics(block)) before = nullptr;
    const ModulePlace& here = module().place();
    ModulePlace place{here.environment, here.inbox};
    place.kind = ModuleKind::kForeach;
    place.id = instance()->id() + "/" + id;
    place.owner = this;
    place.around = &module();
    place.outer = module().definitions();
    place.module_path = module().definitions()->module_path;
    place.variable = block.var;
    place.metrics = shows_metrics(block);
    place.depth = here.depth + 1;
    return Module::build({{{outline().file, template_body()}}}, std::move(place), before, sink);
  }

  /// Decoding saw to it that there is one.
  [[nodiscard]] const syntax::Body* template_body() const {
    for (const syntax::Statement& statement : outline().block->body.statements) {
      if (statement.block && statement.block->full_name() == "template")
        return &statement.block->body;
    }
    return nullptr;
  }

  Modules before_;                     // in the graph in force, while this one is not
  std::shared_ptr<Module> rehearsed_;  // until the load is over: waves name its nodes
  std::vector<Turn> turns_;
};

}  // namespace

std::unique_ptr<Node> make_foreach_node(Module& module, BlockOutline outline, Node* before) {
  return std::make_unique<ForeachNode>(module, std::move(outline),
                                       static_cast<ForeachNode*>(before));
}

}  // namespace weir::graph

// SPDX-License-Identifier: Apache-2.0
// Components and services: their block decoded, given to the component if it is not the same as
// before.

#include "base/format.h"
#include "interpreter/graph/nodes.h"

#include <utility>

namespace weir::graph {
namespace {

class ComponentNode final : public Node {
 public:
  using Node::Node;

 private:
  void evaluate(Wave& wave, text::DiagnosticSink& sink) override {
    if (!stale()) return;
    auto evaluated = evaluate_body(wave, sink);
    if (sink.has_errors()) return;
    Instance& live = *instance();
    if (live.made() && same(live.evaluated()->body, evaluated->body)) {
      wave.untouched(live);
      keep(std::move(evaluated));
      return set_exports(eval::Known::of(live.exports()));
    }
    const std::shared_ptr<void> args = decode(live.def()->args(), *evaluated, sink);
    if (args == nullptr) return;
    if (wave.rehearsal()) return set_exports(foreseen());
    apply(wave, args.get(), sink);
    if (!sink.has_errors()) keep(std::move(evaluated));
    set_exports(eval::Known::of(live.exports()));
  }

  /// Exports of which only the type is known before the component has its arguments.
  [[nodiscard]] eval::Known foreseen() const {
    const auto exports = instance()->def()->exports;
    if (exports == nullptr) return eval::Known::of(value::Value(value::Object{}));
    return eval::Known::only_type(schema::type_of(exports()));
  }

  void apply(Wave& wave, void* args, text::DiagnosticSink& sink) {
    const bool fresh = !instance()->made();
    if (Status status = instance()->update(args); !status) {
      sink.add(text::DiagnosticCode::kBuild, outline().head(),
               format("{} component: {}", fresh ? "building" : "updating", status.error().message));
    } else if (fresh) {
      wave.made(instance());
    } else {
      wave.updated(instance());
    }
  }
};

}  // namespace

std::unique_ptr<Node> make_component_node(Module& module, BlockOutline outline, Node* before) {
  return std::make_unique<ComponentNode>(module, std::move(outline), before);
}

}  // namespace weir::graph

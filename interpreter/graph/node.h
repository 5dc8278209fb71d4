// SPDX-License-Identifier: Apache-2.0
// A block of a module in the running graph.
//
// A node belongs to one reading of the text; what must outlive that is in its Instance. Nodes are
// evaluated in topological order, those that are stale: a node whose exports came out different
// makes its dependants stale.

#pragma once

#include "interpreter/eval/evaluate.h"
#include "interpreter/graph/instance.h"
#include "interpreter/graph/outline.h"
#include "interpreter/graph/wave.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::graph {

class Module;

/// One use of another node in a node's expressions.
struct Reference {
  Node* target = nullptr;
  std::vector<std::string> rest;  ///< names after the target's id: {"receiver"}
};

/// Threads: control.
class Node {
 public:
  /// `before`: the node of the same id in the graph in force, whose instance is taken over if it is
  /// of the same kind.
  Node(Module& module, BlockOutline outline, Node* before);
  virtual ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// Evaluates the node and what is inside it, as far as it is stale.
  void run(Wave& wave);
  /// Makes what was evaluated what others see.
  virtual void settle();
  /// Its instance has something new.
  virtual void look();
  /// Calls `visit` for the modules inside.
  virtual void each_module(const std::function<void(Module&)>& visit);
  /// What would be wrong with a custom component if it were made from its definition as it is now.
  virtual void rehearse_definition(text::DiagnosticSink& sink);

  [[nodiscard]] const BlockOutline& outline() const { return outline_; }
  [[nodiscard]] const std::string& id() const { return outline_.id; }
  [[nodiscard]] Module& module() const { return module_; }
  [[nodiscard]] const eval::Known& exports() const { return exports_; }
  /// Null for declares, arguments and exports.
  [[nodiscard]] const std::shared_ptr<Instance>& instance() const { return instance_; }
  [[nodiscard]] const std::vector<Reference>& references() const { return references_; }
  [[nodiscard]] bool stale() const { return stale_; }
  /// Something inside is stale.
  [[nodiscard]] bool inner_stale() const { return inner_stale_; }
  /// To be evaluated in the next wave, as are the nodes it is inside of as far as needed.
  void mark_stale();

  // Wiring, by link().
  void add_reference(Reference reference) { references_.push_back(std::move(reference)); }
  void add_dependant(Node& node) { dependants_.push_back(&node); }
  [[nodiscard]] const std::vector<Node*>& dependants() const { return dependants_; }
  void set_uses_variable() { uses_variable_ = true; }
  [[nodiscard]] bool uses_variable() const { return uses_variable_; }

 protected:
  /// Errors go to `sink`; the exports stay as they were.
  virtual void evaluate(Wave& wave, text::DiagnosticSink& sink) = 0;

  /// The block's body with all expressions evaluated; blocks named `opaque` are left empty.
  std::shared_ptr<Evaluated> evaluate_body(Wave& wave, text::DiagnosticSink& sink,
                                           std::string_view opaque = {});
  /// A decoded struct, null after an error.
  std::shared_ptr<void> decode(const schema::BlockOps& ops, const Evaluated& evaluated,
                               text::DiagnosticSink& sink) const;
  void set_exports(eval::Known exports);
  /// What will be shown of it once the wave is made good.
  void keep(std::shared_ptr<const Evaluated> evaluated) { kept_ = std::move(evaluated); }

 private:
  void report(Wave& wave, text::DiagnosticSink sink);
  void count_waiting(int more) const;

  Module& module_;
  const BlockOutline outline_;
  std::shared_ptr<Instance> instance_;
  eval::Known exports_;
  std::vector<Reference> references_;  // in source order
  std::vector<Node*> dependants_;      // of the same module, each once
  bool stale_ = true;
  bool inner_stale_ = false;
  bool uses_variable_ = false;
  std::shared_ptr<const Evaluated> kept_;
  std::optional<std::string> error_;  // what the last evaluation failed for
  /// It fails in the graph in force and reads the same: it does not hold up a load. An import does,
  /// because without it nothing is known of what is made from it.
  const bool fails_already_;
};

std::unique_ptr<Node> make_node(Module& module, BlockOutline outline, Node* before);

/// Whether every value in the body is known.
bool is_complete(const schema::EvaluatedBody& body);

}  // namespace weir::graph

// SPDX-License-Identifier: Apache-2.0
// A set of nodes that see each other: the root, the inside of a custom component, one turn of a
// foreach, what an import brought.

#pragma once

#include "interpreter/graph/module_metrics.h"
#include "interpreter/graph/node.h"
#include "interpreter/graph/outline.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace weir::graph {

/// Where a module stands.
struct ModulePlace {
  const Environment& environment;
  Inbox& inbox;
  ModuleKind kind = ModuleKind::kRoot;
  std::string id = {};                            ///< "" at the root
  Node* owner = nullptr;                          ///< null at the root
  const Module* around = nullptr;                 ///< of a foreach: whose nodes are visible too
  std::shared_ptr<const Definitions> outer = {};  ///< whose declares are visible
  std::string module_path = {};
  std::string variable = {};  ///< of a foreach: the name of its item
  bool metrics = true;        ///< whether what is inside shows metrics
  int depth = 0;              ///< of modules inside each other
};

/// Modules inside each other end here.
inline constexpr int kMaxModuleDepth = 64;

/// Threads: control.
class Module {
 public:
  /// Null after an error in `sink`. Nodes take over the instances of those in `before`, the module
  /// in whose place this one may come; null if there is none.
  static std::shared_ptr<Module> build(const ModuleText& text, ModulePlace place,
                                       const Module* before, text::DiagnosticSink& sink);
  explicit Module(ModulePlace place);  ///< empty: build() fills it
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  /// Evaluates what is stale, dependencies first.
  void run(Wave& wave);

  /// The arguments of a custom component. Those that are not declared are returned.
  std::vector<std::string> set_arguments(std::map<std::string, eval::Known> arguments);
  [[nodiscard]] const eval::Known* argument(const std::string& name) const;
  /// The item of a foreach.
  void set_variable(eval::Known value) { variable_ = std::move(value); }
  /// The values of its export blocks, as an object.
  [[nodiscard]] eval::Known exports() const;

  /// Makes stale what refers to nodes outside, or to the item of a foreach.
  void mark_outward_stale();
  /// Makes every custom component in here stale: some definition may have changed.
  void mark_customs_stale();
  /// What would be wrong with the custom components in here if they were made from the definitions
  /// as they are now. Nothing is changed.
  void rehearse_customs(text::DiagnosticSink& sink);

  [[nodiscard]] const ModulePlace& place() const { return place_; }
  [[nodiscard]] const std::shared_ptr<Definitions>& definitions() const { return definitions_; }
  [[nodiscard]] const eval::Known& variable() const { return variable_; }
  [[nodiscard]] Node* find(const std::string& id) const;
  /// In topological order.
  [[nodiscard]] const std::vector<Node*>& order() const { return order_; }
  /// In source order.
  [[nodiscard]] const std::vector<std::unique_ptr<Node>>& nodes() const { return nodes_; }
  ModuleMetrics& metrics() { return metrics_; }

 private:
  const ModulePlace place_;
  ModuleMetrics metrics_;
  std::shared_ptr<Definitions> definitions_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::unordered_map<std::string, Node*> by_id_;
  std::vector<Node*> order_;
  std::map<std::string, eval::Known> arguments_;
  eval::Known variable_;
};

/// Calls `visit` for every node of the module and of those inside it, dependencies first.
void each_node(Module& module, const std::function<void(Node&)>& visit);

/// Fills references and dependants of a module's nodes and returns them in topological order, of
/// independent ones as written. Errors: E0401 for what names nothing, E0501 for cycles.
std::vector<Node*> link(const Module& module, text::DiagnosticSink& sink);

}  // namespace weir::graph

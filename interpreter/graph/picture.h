// SPDX-License-Identifier: Apache-2.0
// The graph as others see it: a picture taken after each change, and what its nodes say when they
// are asked.
//
// The picture is immutable and its nodes' instances answer from any thread, so nobody who looks
// waits for an evaluation.

#pragma once

#include "interpreter/graph/health.h"
#include "interpreter/graph/instance.h"
#include "interpreter/graph/outline.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::graph {

class Module;

/// One node. References are local ids of component nodes of the same module.
struct NodeView {
  NodeKind kind = NodeKind::kComponent;
  bool service = false;
  std::string name;  ///< "loki.write"
  std::string label;
  std::string local_id;   ///< "loki.write.default"
  std::string module_id;  ///< "" at the root
  std::vector<std::string> references_to;
  std::vector<std::string> referenced_by;
  std::vector<std::string> data_flows_to;  ///< one for each reference, repeats kept
  std::vector<std::string> module_ids;     ///< of the modules inside
  std::shared_ptr<Instance> instance;

  /// Components, custom components and loops; not services, imports and what makes a module.
  [[nodiscard]] bool is_component() const;
  [[nodiscard]] bool is_import() const { return kind == NodeKind::kImport; }
  [[nodiscard]] std::string id() const;  ///< with the module's
  [[nodiscard]] HealthReport health() const { return instance->health().report(); }
  // The bodies of the web API: [{"name","type":"attr","value"}...].
  [[nodiscard]] std::string arguments_json() const;
  [[nodiscard]] std::string exports_json() const;
  [[nodiscard]] std::string debug_info_json() const;
};

struct Picture {
  std::vector<NodeView> nodes;  ///< in source order, of a module together
  std::map<std::string, std::size_t, std::less<>> by_id;

  [[nodiscard]] const NodeView* find(std::string_view id) const;
  /// Those of one module that are components.
  [[nodiscard]] std::vector<const NodeView*> components(std::string_view module_id) const;
  /// Those of one module that users see: components and imports.
  [[nodiscard]] std::vector<const NodeView*> shown(std::string_view module_id) const;
  /// Those that make the whole unhealthy: components of the root, and imports wherever they are.
  [[nodiscard]] std::vector<const NodeView*> unhealthy() const;
  [[nodiscard]] bool has_module(std::string_view module_id) const;
};

/// Threads: control.
std::shared_ptr<const Picture> draw(Module& root);

}  // namespace weir::graph

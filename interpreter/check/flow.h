// SPDX-License-Identifier: Apache-2.0
// Where data flows between nodes, read off their references.
//
// A reference to a receiver is an edge from who refers to who exports it; any other reference is an
// edge the other way. Where the kind of what is referred to is not known, data may flow both ways.

#pragma once

#include "interpreter/check/model.h"
#include "interpreter/schema/schema.h"

#include <functional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace weir::check {

/// Whether values of the type are receivers, or lists or maps of them.
bool carries_receivers(const value::Type& type);

class Flow {
 public:
  void add(const Node& node);

  [[nodiscard]] const std::vector<const Node*>& from(const Node* node) const {
    return at(forward_, node);
  }
  [[nodiscard]] const std::vector<const Node*>& into(const Node* node) const {
    return at(backward_, node);
  }

  /// The nodes from which data can reach an end (a node that sends nothing on) without passing a
  /// node for which `stops` holds; `upstream`: the same against the flow, to a beginning.
  [[nodiscard]] std::unordered_set<const Node*> reaching_end(
      const std::function<bool(const Node&)>& stops, bool upstream) const;

 private:
  using Edges = std::unordered_map<const Node*, std::vector<const Node*>>;
  static const std::vector<const Node*>& at(const Edges& edges, const Node* node);
  void connect(const Node* from, const Node* to);

  std::vector<const Node*> nodes_;
  Edges forward_;
  Edges backward_;
};

}  // namespace weir::check

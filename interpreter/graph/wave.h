// SPDX-License-Identifier: Apache-2.0
// One pass of evaluation through the graph, and what it did to the world, so that it can be made
// good or undone.
//
// A load is two passes: a rehearsal, which touches nothing and finds what is wrong with what is
// known, and the load proper, which makes and updates components and is undone at its first error.
// Later passes propagate exports: each node answers for itself, nothing is undone.

#pragma once

#include "interpreter/graph/instance.h"
#include "interpreter/text/diagnostic.h"

#include <memory>
#include <utility>
#include <vector>

namespace weir::graph {

class Module;

class Wave {
 public:
  enum class Purpose { kRehearse, kLoad, kPropagate };
  explicit Wave(Purpose purpose) : purpose_(purpose) {}

  [[nodiscard]] Purpose purpose() const { return purpose_; }
  [[nodiscard]] bool rehearsal() const { return purpose_ == Purpose::kRehearse; }
  /// Whether to evaluate on: a load ends at its first error.
  [[nodiscard]] bool goes_on() const { return purpose_ != Purpose::kLoad || !sink_.has_errors(); }

  // What nodes say while they are evaluated.
  void found(text::DiagnosticSink sink) { sink_.append(std::move(sink)); }
  void evaluated(Node& node) { evaluated_.push_back(&node); }
  void made(std::shared_ptr<Instance> instance) { made_.push_back(std::move(instance)); }
  void updated(std::shared_ptr<Instance> instance) { updated_.push_back(std::move(instance)); }
  void untouched(const Instance& instance);
  /// The module is no more part of the graph; its instances may live on in another.
  void retire(std::shared_ptr<Module> module) { retired_.push_back(std::move(module)); }

  [[nodiscard]] const text::DiagnosticSink& sink() const { return sink_; }
  [[nodiscard]] const std::vector<Node*>& all_evaluated() const { return evaluated_; }
  [[nodiscard]] const std::vector<std::shared_ptr<Instance>>& all_made() const { return made_; }
  [[nodiscard]] const std::vector<std::shared_ptr<Instance>>& all_updated() const {
    return updated_;
  }
  [[nodiscard]] const std::vector<std::shared_ptr<Module>>& all_retired() const { return retired_; }
  [[nodiscard]] std::size_t untouched_count() const { return untouched_; }
  [[nodiscard]] bool changes_structure() const { return !made_.empty() || !retired_.empty(); }

  /// Gives what was updated its old arguments back, last first.
  void undo();

 private:
  const Purpose purpose_;
  text::DiagnosticSink sink_;
  std::vector<Node*> evaluated_;                    // in order
  std::vector<std::shared_ptr<Instance>> made_;     // dependencies first
  std::vector<std::shared_ptr<Instance>> updated_;  // dependencies first
  std::vector<std::shared_ptr<Module>> retired_;
  std::size_t untouched_ = 0;
};

}  // namespace weir::graph

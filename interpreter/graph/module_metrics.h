// SPDX-License-Identifier: Apache-2.0
// What a module counts about itself. Names and labels are the reference's: spec 19.

#pragma once

#include "base/metrics.h"
#include "interpreter/graph/component.h"

#include <map>
#include <string>
#include <vector>

namespace weir::graph {

class Module;

/// Threads: control.
class ModuleMetrics {
 public:
  ModuleMetrics(MetricRegistry& registry, const std::string& module_id);

  void set_evaluating(bool evaluating) const { evaluating_.set(evaluating ? 1 : 0); }
  void observe_evaluation(const std::string& node_id, Duration took);
  /// Components began or ceased to wait for their evaluation.
  void count_waiting(int more) const { queue_.add(more); }
  void observe_wait(Duration waited) const { wait_.observe(seconds(waited)); }
  /// Counts the nodes by health.
  void count_health(const Module& module);
  /// Shows the edges between the nodes.
  void show_edges(const Module& module);

 private:
  static double seconds(Duration duration);

  MetricScope scope_;
  Gauge evaluating_;
  Gauge queue_;
  Histogram evaluation_;
  Histogram wait_;
  std::map<Health, Gauge> running_;
  std::map<std::string, Counter> slow_;
  std::vector<Gauge> connections_;
};

}  // namespace weir::graph

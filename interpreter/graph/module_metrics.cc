// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/module_metrics.h"

#include "interpreter/graph/module.h"

#include <chrono>
#include <utility>

namespace weir::graph {
namespace {

constexpr Duration kSlow = std::chrono::minutes(1);

const std::vector<double>& evaluation_buckets() {
  static const std::vector<double> kBuckets = {.005, .025, .1, .5, 1, 5, 10, 30, 60, 120, 300, 600};
  return kBuckets;
}

/// "mod.a/foreach.b" stands at "/mod.a" under "foreach.b".
MetricScope controller_scope(MetricRegistry& registry, const std::string& id) {
  const std::size_t slash = id.rfind('/');
  const std::string path = slash == std::string::npos ? "" : id.substr(0, slash);
  const std::string name = slash == std::string::npos ? id : id.substr(slash + 1);
  return MetricScope(registry, {{"controller_id", name}, {"controller_path", "/" + path}});
}

}  // namespace

ModuleMetrics::ModuleMetrics(MetricRegistry& registry, const std::string& module_id)
    : scope_(controller_scope(registry, module_id)),
      evaluating_(scope_.gauge(
          "alloy_component_controller_evaluating",
          "Tracks if the controller is currently in the middle of a graph evaluation")),
      queue_(scope_.gauge(
          "alloy_component_evaluation_queue_size",
          "Tracks the number of components waiting to be evaluated in the worker pool")),
      evaluation_(scope_.histogram("alloy_component_evaluation_seconds",
                                   "Time spent performing component evaluation",
                                   evaluation_buckets())),
      wait_(scope_.histogram("alloy_component_dependencies_wait_seconds",
                             "Time spent by components waiting to be evaluated after their "
                             "dependency is updated.",
                             evaluation_buckets())) {
  evaluating_.set(0);
}

double ModuleMetrics::seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

void ModuleMetrics::observe_evaluation(const std::string& node_id, Duration took) {
  evaluation_.observe(seconds(took));
  if (took < kSlow) return;
  auto& slow = slow_[node_id];
  slow = scope_.counter("alloy_component_evaluation_slow_seconds",
                        "Number of seconds spent evaluating components that take longer than 1 "
                        "minute to evaluate",
                        {{"component_id", node_id}});
  slow.add(seconds(took));
}

void ModuleMetrics::count_health(const Module& module) {
  std::map<Health, int> counts;
  for (const auto& node : module.nodes()) {
    if (node->instance() != nullptr && node->outline().kind != NodeKind::kService)
      ++counts[node->instance()->health().report().state];
  }
  std::map<Health, Gauge> running;
  for (const auto& [health, count] : counts) {
    running[health] = scope_.gauge("alloy_component_controller_running_components",
                                   "Total number of running components.",
                                   {{"health_type", std::string(to_string(health))}});
    running[health].set(count);
  }
  running_ = std::move(running);
}

void ModuleMetrics::show_edges(const Module& module) {
  std::vector<Gauge> connections;
  for (const auto& node : module.nodes()) {
    for (const Node* dependant : node->dependants()) {
      connections.push_back(scope_.gauge("alloy_component_graph_connection",
                                         "Connections between components in the graph.",
                                         {{"from", dependant->id()}, {"to", node->id()}}));
      connections.back().set(1);
    }
  }
  connections_ = std::move(connections);
}

}  // namespace weir::graph

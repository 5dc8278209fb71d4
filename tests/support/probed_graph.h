// SPDX-License-Identifier: Apache-2.0
// A graph of components that write down what is done to them.

#pragma once

#include "base/mutex.h"
#include "interpreter/graph/controller.h"
#include "interpreter/graph/environment.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::graph {

/// What was done to the probes, and their handles. Threads: any.
class Journal {
 public:
  void add(std::string line);
  /// What was added since the last time.
  std::vector<std::string> take();
  void enter(const std::string& id, Context* context);
  /// Lets a probe publish a number.
  void publish(const std::string& id, std::int64_t value);
  void exit(const std::string& id);
  /// Called with each line as it is added, on the thread that adds it. Set before the first load.
  std::function<void(const std::string& line)> on_line;

 private:
  Mutex mutex_;
  std::vector<std::string> lines_ WEIR_GUARDED_BY(mutex_);
  std::map<std::string, Context*> contexts_ WEIR_GUARDED_BY(mutex_);
};

/// A controller whose catalog has
///   probe "x" { value = any, refuse = any, refuse_start = false }   exports value; its update
///   fails
///       if value equals refuse
///   desk { value = any }                                            a service
struct ProbedGraph {
  ProbedGraph();
  ~ProbedGraph();
  LoadResult load(const std::string& text);
  /// The first error's text, or "".
  std::string error_of(const std::string& text);
  /// A probe's export as text, "absent" if there is no such node.
  [[nodiscard]] std::string value_of(const std::string& id) const;
  [[nodiscard]] HealthReport health_of(const std::string& id) const;
  /// Whether it comes to have that value.
  [[nodiscard]] bool comes_to(const std::string& id, const std::string& value) const;

  Journal journal;
  exec::Pool pool{2};
  MetricRegistry metrics;
  Services services;
  std::optional<Environment> environment;
  std::unique_ptr<Controller> controller;
};

}  // namespace weir::graph

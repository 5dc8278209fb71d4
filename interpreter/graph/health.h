// SPDX-License-Identifier: Apache-2.0
// How a node is: what the graph saw of its evaluation and of its run, and what it says of itself.

#pragma once

#include "base/clock.h"
#include "base/mutex.h"
#include "interpreter/graph/component.h"

#include <optional>
#include <string>

namespace weir::graph {

struct HealthReport {
  Health state = Health::kUnknown;
  std::string message;
  Time updated;
};

/// Keeps the three and tells the least healthy: exited before unhealthy before unknown before
/// healthy; of equals the latest. Threads: any.
class HealthBoard {
 public:
  HealthBoard(Clock& clock, std::string created);
  void set_run(Health state, std::string message);
  void set_evaluation(Health state, std::string message);
  void set_own(Health state, std::string message);
  [[nodiscard]] HealthReport report() const;

 private:
  void set(HealthReport& report, Health state, std::string message);

  Clock& clock_;
  mutable Mutex mutex_;
  HealthReport run_ WEIR_GUARDED_BY(mutex_);
  HealthReport evaluation_ WEIR_GUARDED_BY(mutex_);
  std::optional<HealthReport> own_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::graph

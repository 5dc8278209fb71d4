// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/health.h"

#include <utility>

namespace weir::graph {
namespace {

int severity(Health health) {
  switch (health) {
    case Health::kHealthy: return 0;
    case Health::kUnknown: return 1;
    case Health::kUnhealthy: return 2;
    case Health::kExited: return 3;
  }
  return 1;
}

const HealthReport& worse(const HealthReport& a, const HealthReport& b) {
  if (severity(a.state) != severity(b.state)) return severity(a.state) > severity(b.state) ? a : b;
  return b.updated < a.updated ? a : b;
}

}  // namespace

HealthBoard::HealthBoard(Clock& clock, std::string created)
    : clock_(clock), run_{Health::kUnknown, std::move(created), clock.now()}, evaluation_(run_) {}

void HealthBoard::set(HealthReport& report, Health state, std::string message) {
  report = {state, std::move(message), clock_.now()};
}

void HealthBoard::set_run(Health state, std::string message) {
  MutexLock lock(mutex_);
  set(run_, state, std::move(message));
}

void HealthBoard::set_evaluation(Health state, std::string message) {
  MutexLock lock(mutex_);
  set(evaluation_, state, std::move(message));
}

void HealthBoard::set_own(Health state, std::string message) {
  MutexLock lock(mutex_);
  set(own_.emplace(), state, std::move(message));
}

HealthReport HealthBoard::report() const {
  MutexLock lock(mutex_);
  const HealthReport& graph = worse(evaluation_, run_);
  return own_ ? worse(graph, *own_) : graph;
}

}  // namespace weir::graph

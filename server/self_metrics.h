// SPDX-License-Identifier: Apache-2.0
// Metrics of the program as a whole: its build, its process, its loads. Names are the field's.

#pragma once

#include "base/clock.h"
#include "base/metrics.h"
#include "base/mutex.h"

#include <string>

namespace weir::server {

/// Threads: any.
class SelfMetrics {
 public:
  explicit SelfMetrics(MetricRegistry& registry);

  /// The configuration in force is now the one of this text.
  void loaded(const std::string& text, Time now);
  void load_failed();
  /// Reads what the system says of this process, as a scrape is about to.
  void refresh();

 private:
  Mutex refreshing_;  ///< two scrapes at once would count the same seconds twice
  MetricScope scope_;
  Gauge build_info_;
  Gauge last_load_successful_;
  Gauge last_load_success_time_;
  Counter load_failures_;
  Gauge config_hash_;
  Counter cpu_seconds_;
  Gauge resident_bytes_;
  Gauge virtual_bytes_;
  Gauge open_fds_;
  Gauge max_fds_;
  Gauge start_time_;
  Gauge threads_;
};

}  // namespace weir::server

// SPDX-License-Identifier: Apache-2.0
// What loki.write counts, by host and tenant.

#pragma once

#include "base/metrics.h"
#include "base/mutex.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace weir::loki {

/// Why entries did not arrive.
enum class DropReason { kIngesterError, kLineTooLong, kQueueIsFull, kRateLimited, kStreamLimited };
inline constexpr std::size_t kDropReasons = 5;
std::string_view to_string(DropReason reason);

/// The series of one tenant at one host. All reasons start at 0. Threads: any.
struct TenantMetrics {
  TenantMetrics(const MetricScope& scope, const std::string& host, const std::string& tenant);
  void drop(DropReason reason, std::size_t entries, std::size_t bytes) const;

  Counter sent_entries, sent_bytes, retries;
  Counter dropped_entries[kDropReasons], dropped_bytes[kDropReasons];
  Histogram request_bytes, latency;
};

/// All tenants of one endpoint. Threads: any.
class EndpointMetrics {
 public:
  EndpointMetrics(const MetricScope& scope, std::string host);
  const TenantMetrics& of(const std::string& tenant) WEIR_EXCLUDES(mutex_);
  void observe_request(int status, const std::string& tenant, double seconds) WEIR_EXCLUDES(mutex_);
  [[nodiscard]] const std::string& host() const { return host_; }

  const Counter errors;

 private:
  const MetricScope scope_;
  const std::string host_;
  Mutex mutex_;
  std::map<std::string, std::unique_ptr<TenantMetrics>> tenants_ WEIR_GUARDED_BY(mutex_);
  std::map<std::pair<int, std::string>, Histogram> durations_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::loki

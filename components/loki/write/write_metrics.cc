// SPDX-License-Identifier: Apache-2.0
#include "components/loki/write/write_metrics.h"

#include "base/format.h"

namespace weir::loki {
namespace {

constexpr DropReason kAllDropReasons[kDropReasons] = {
    DropReason::kIngesterError, DropReason::kLineTooLong, DropReason::kQueueIsFull,
    DropReason::kRateLimited, DropReason::kStreamLimited};

const std::vector<double>& seconds_buckets() {
  static const std::vector<double> kBuckets = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                               0.5,   1,    2.5,   5,    10};
  return kBuckets;
}

}  // namespace

std::string_view to_string(DropReason reason) {
  switch (reason) {
    case DropReason::kIngesterError: return "ingester_error";
    case DropReason::kLineTooLong: return "line_too_long";
    case DropReason::kQueueIsFull: return "queue_is_full";
    case DropReason::kRateLimited: return "rate_limited";
    case DropReason::kStreamLimited: return "stream_limited";
  }
  return "";
}

TenantMetrics::TenantMetrics(const MetricScope& scope, const std::string& host,
                             const std::string& tenant) {
  const MetricLabels labels = {{"host", host}, {"tenant", tenant}};
  sent_entries = scope.counter("loki_write_sent_entries_total",
                               "Number of log entries sent to the ingester.", labels);
  sent_bytes = scope.counter("loki_write_sent_bytes_total", "Number of bytes sent.", labels);
  retries = scope.counter("loki_write_batch_retries_total",
                          "Number of times a push had to be tried again.", labels);
  request_bytes =
      scope.histogram("loki_write_request_size_bytes", "Size of pushes, compressed.",
                      {1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216}, labels);
  latency =
      scope.histogram("loki_write_entry_propagation_latency_seconds",
                      "Time from a batch's arrival at its source until it was sent or dropped.",
                      {0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900}, labels);
  for (const DropReason reason : kAllDropReasons) {
    MetricLabels with_reason = labels;
    with_reason.emplace_back("reason", to_string(reason));
    const auto i = static_cast<std::size_t>(reason);
    dropped_entries[i] = scope.counter("loki_write_dropped_entries_total",
                                       "Number of log entries dropped because failed to be sent to "
                                       "the ingester after all retries.",
                                       with_reason);
    dropped_bytes[i] = scope.counter(
        "loki_write_dropped_bytes_total",
        "Number of bytes dropped because failed to be sent to the ingester after all retries.",
        with_reason);
  }
}

void TenantMetrics::drop(DropReason reason, std::size_t entries, std::size_t bytes) const {
  dropped_entries[static_cast<std::size_t>(reason)].add(static_cast<double>(entries));
  dropped_bytes[static_cast<std::size_t>(reason)].add(static_cast<double>(bytes));
}

EndpointMetrics::EndpointMetrics(const MetricScope& scope, std::string host)
    : errors(scope.counter("loki_write_errors_total",
                           "Pushes that failed, those among them that are tried again.",
                           {{"host", host}})),
      scope_(scope),
      host_(std::move(host)) {}

const TenantMetrics& EndpointMetrics::of(const std::string& tenant) {
  MutexLock lock(mutex_);
  std::unique_ptr<TenantMetrics>& metrics = tenants_[tenant];
  if (metrics == nullptr) metrics = std::make_unique<TenantMetrics>(scope_, host_, tenant);
  return *metrics;
}

void EndpointMetrics::observe_request(int status, const std::string& tenant, double seconds) {
  MutexLock lock(mutex_);
  const auto [at, is_new] = durations_.try_emplace({status, tenant});
  if (is_new) {
    at->second = scope_.histogram(
        "loki_write_request_duration_seconds", "Duration of pushes.", seconds_buckets(),
        {{"status_code", format("{}", status)}, {"host", host_}, {"tenant", tenant}});
  }
  at->second.observe(seconds);
}

}  // namespace weir::loki

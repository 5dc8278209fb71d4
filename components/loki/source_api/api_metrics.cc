// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_api/api_metrics.h"

#include "base/format.h"

namespace weir::loki {
namespace {

Gauge connections(const MetricScope& scope, std::string_view protocol) {
  return scope.gauge("loki_source_api_tcp_connections", "Open connections.",
                     {{"protocol", std::string(protocol)}});
}

}  // namespace

ApiMetrics::ApiMetrics(const MetricScope& scope)
    : scope_(scope),
      inflight_(
          scope.gauge("loki_source_api_inflight_requests", "Requests that wait for their answer.")),
      http_connections_(connections(scope, "http")),
      grpc_connections_(connections(scope, "grpc")),
      received_(scope.counter("loki_source_api_received_entries_total",
                              "Log entries that came in requests.")),
      entries_(scope.counter("loki_source_api_entries_written", "Log entries sent on.")),
      sent_back_(scope.counter("loki_source_api_dropped_entries_total",
                               "Log entries not sent on; their clients are told.",
                               {{"reason", "destinations_behind"}})),
      errors_(scope.counter("loki_source_api_errors_total",
                            "Requests that could not be read, as a whole or in part.")) {}

void ApiMetrics::begin(std::string_view protocol, std::size_t connections) {
  inflight_.add(1);
  (protocol == "http" ? http_connections_ : grpc_connections_)
      .set(static_cast<double>(connections));
}

void ApiMetrics::end(const std::string& method, const std::string& route, int status, Duration took,
                     std::size_t in, std::size_t out) {
  inflight_.add(-1);
  MutexLock lock(mutex_);
  const auto [at, is_new] = series_.try_emplace({method, route, status});
  if (is_new) at->second = make(method, route, status);
  at->second.seconds.observe(std::chrono::duration<double>(took).count());
  at->second.request.observe(static_cast<double>(in));
  at->second.response.observe(static_cast<double>(out));
}

ApiMetrics::Series ApiMetrics::make(const std::string& method, const std::string& route,
                                    int status) const {
  const std::vector<double> bytes = {1024,    16384,   65536,    262144,
                                     1048576, 4194304, 16777216, 67108864};
  const MetricLabels labels = {{"method", method}, {"route", route}};
  MetricLabels with_status = labels;
  with_status.emplace_back("status_code", format("{}", status));
  return {
      scope_.histogram("loki_source_api_request_duration_seconds", "Time to answer a request.",
                       {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25}, with_status),
      scope_.histogram("loki_source_api_request_message_bytes", "Size of a request's body.", bytes,
                       labels),
      scope_.histogram("loki_source_api_response_message_bytes", "Size of an answer's body.", bytes,
                       labels)};
}

}  // namespace weir::loki

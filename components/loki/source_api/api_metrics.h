// SPDX-License-Identifier: Apache-2.0
// What loki.source.api counts: requests by method, route and status, whatever they came over.

#pragma once

#include "base/clock.h"
#include "base/metrics.h"
#include "base/mutex.h"

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace weir::loki {

/// Threads: any.
class ApiMetrics {
 public:
  explicit ApiMetrics(const MetricScope& scope);
  /// A request came; `protocol` ("http", "gRPC") has so many connections.
  void begin(std::string_view protocol, std::size_t connections);
  /// Entries of a request that could be read.
  void received(std::size_t entries) { received_.add(static_cast<double>(entries)); }
  void wrote(std::size_t entries) { entries_.add(static_cast<double>(entries)); }
  /// Entries that were sent back, because too much is under way.
  void sent_back(std::size_t entries) { sent_back_.add(static_cast<double>(entries)); }
  /// A request, or a part of it, could not be read.
  void failed() { errors_.add(); }
  void end(const std::string& method, const std::string& route, int status, Duration took,
           std::size_t in, std::size_t out) WEIR_EXCLUDES(mutex_);

 private:
  struct Series {
    Histogram seconds, request, response;
  };
  [[nodiscard]] Series make(const std::string& method, const std::string& route, int status) const;

  const MetricScope scope_;
  const Gauge inflight_, http_connections_, grpc_connections_;
  const Counter received_, entries_, sent_back_, errors_;
  Mutex mutex_;
  std::map<std::tuple<std::string, std::string, int>, Series> series_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::loki

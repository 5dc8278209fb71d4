// SPDX-License-Identifier: Apache-2.0
// The daemon's answers: health, metrics, and the JSON API that a UI reads. Source: spec 19.

#pragma once

#include "base/metrics.h"
#include "base/net/http_server.h"
#include "interpreter/graph/controller.h"
#include "server/live_debugging.h"

#include <string>

namespace weir::server {

struct ApiOptions {
  std::string prefix = "/";  ///< where the UI and its API are; begins and ends with a slash
  bool profiling = true;
  bool support_bundle = true;
};

/// Answers requests that wait for nothing. Threads: any.
class Api {
 public:
  /// All outlive it.
  Api(const graph::Controller& controller, const MetricRegistry& metrics, const LiveDebugging& live,
      ApiOptions options)
      : controller_(controller), metrics_(metrics), live_(live), options_(std::move(options)) {}

  [[nodiscard]] net::ServerResponse answer(const net::ServerRequest& request) const;

 private:
  [[nodiscard]] net::ServerResponse page(std::string_view path) const;
  [[nodiscard]] net::ServerResponse healthy() const;
  [[nodiscard]] net::ServerResponse web(std::string_view path) const;
  [[nodiscard]] net::ServerResponse component(std::string_view id) const;
  [[nodiscard]] net::ServerResponse list(std::string_view module_id) const;
  [[nodiscard]] net::ServerResponse component_handler(const net::ServerRequest& request,
                                                      std::string_view path) const;
  [[nodiscard]] std::string describe(const graph::NodeView& node, bool whole) const;

  const graph::Controller& controller_;
  const MetricRegistry& metrics_;
  const LiveDebugging& live_;
  const ApiOptions options_;
};

}  // namespace weir::server

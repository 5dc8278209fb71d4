// SPDX-License-Identifier: Apache-2.0
// The daemon: one configuration kept running until a signal ends it, and its HTTP server.

#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "interpreter/catalog/component_def.h"
#include "interpreter/catalog/function_def.h"
#include "interpreter/graph/controller.h"
#include "server/api.h"

#include <functional>
#include <memory>
#include <string>

namespace weir::server {

struct DaemonOptions {
  std::string listen_host = "127.0.0.1";
  std::uint16_t listen_port = 12345;
  ApiOptions api;
  std::string storage_path = "data-alloy/";
  schema::Stability minimum_stability = schema::Stability::kGenerallyAvailable;
  bool community = false;
  Duration shutdown_deadline = std::chrono::minutes(10);
  std::string module_path;  ///< the folder of the configuration
  /// Reads the configuration anew, for the first load and each reload.
  std::function<Result<graph::Controller::Files>()> read;
  /// Told the address once the server listens, before the first load; may be empty.
  std::function<void(const std::string& address)> listening;
};

/// How the daemon ended.
struct DaemonExit {
  enum class Reason { kStopped, kBadConfiguration, kFailed };
  Reason reason = Reason::kStopped;
  std::string message;               ///< of kFailed
  text::DiagnosticSink diagnostics;  ///< of kBadConfiguration
};

/// Runs until SIGINT or SIGTERM. SIGHUP and POST /-/reload load the configuration anew; one that does
/// not hold leaves the running one untouched. Threads: the caller's, which waits.
DaemonExit run_daemon(const DaemonOptions& options, const catalog::Catalog& catalog,
                      const catalog::FunctionTable& functions,
                      const catalog::CallContext& call_context);

}  // namespace weir::server

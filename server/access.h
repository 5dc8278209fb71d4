// SPDX-License-Identifier: Apache-2.0
// Who may ask the daemon's HTTP server, and how it proves itself: what the `http` block configures.

#pragma once

#include "base/mutex.h"
#include "base/net/http_server.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::server {

/// Basic auth for some paths.
struct AccessRules {
  std::string username;
  std::string password;
  std::vector<std::string> paths;           ///< prefixes, compared as text
  bool authenticate_matching_paths = true;  ///< false: all paths but these
};

/// Held by the daemon, changed by the `http` block, read for each request. Threads: any.
class Access {
 public:
  void set_rules(std::optional<AccessRules> rules) WEIR_EXCLUDES(mutex_);
  /// Null while there is nothing to say against it; else the refusal.
  [[nodiscard]] std::optional<net::ServerResponse> refuse(const net::ServerRequest& request) const
      WEIR_EXCLUDES(mutex_);

  /// The daemon listens with this from now on; the block waits for the answer. Set by the daemon.
  using UseTls = std::function<Status(std::optional<net::ServerTls>)>;
  void on_tls(UseTls use) WEIR_EXCLUDES(mutex_);
  Status set_tls(std::optional<net::ServerTls> tls) WEIR_EXCLUDES(mutex_);

 private:
  mutable Mutex mutex_;
  std::optional<AccessRules> rules_ WEIR_GUARDED_BY(mutex_);
  UseTls use_tls_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::server

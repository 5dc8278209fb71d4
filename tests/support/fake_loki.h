// SPDX-License-Identifier: Apache-2.0
// A Loki that remembers what is pushed to it and answers as it is told.

#pragma once

#include "base/exec/executor.h"
#include "base/mutex.h"
#include "base/net/http_server.h"
#include "tests/support/component_fixture.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace weir::test {

/// Threads: any.
class FakeLoki {
 public:
  struct Stream {
    std::string selector;
    std::vector<LogRecord> entries;  ///< labels are those of the selector
    friend auto operator<=>(const Stream& a, const Stream& b) { return a.selector <=> b.selector; }
  };
  struct Push {
    net::ServerRequest request;  ///< without its body
    std::string tenant;
    std::vector<Stream> streams;
    [[nodiscard]] std::vector<std::string> lines() const;
  };

  FakeLoki() : FakeLoki(nullptr) {}
  explicit FakeLoki(const net::ServerTls& tls) : FakeLoki(&tls) {}

  /// Of the push path.
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  /// What the next requests get, one each, the last one for ever. 204 if nothing was said.
  void answer(std::deque<net::ServerResponse> responses) WEIR_EXCLUDES(mutex_);
  void answer(int status) { answer({net::ServerResponse{status, "", "text/plain", {}}}); }
  /// Requests from here on wait until release().
  void hold() WEIR_EXCLUDES(mutex_);
  void release() WEIR_EXCLUDES(mutex_);

  [[nodiscard]] std::vector<Push> pushes() const WEIR_EXCLUDES(mutex_);
  [[nodiscard]] std::size_t count() const { return pushes().size(); }
  /// The lines of all pushes, in order of arrival.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  explicit FakeLoki(const net::ServerTls* tls);
  void handle(net::ServerRequest request, net::Responder responder) WEIR_EXCLUDES(mutex_);
  net::ServerResponse next_answer() WEIR_REQUIRES(mutex_);

  exec::Pool pool_{1};
  mutable Mutex mutex_;
  std::vector<Push> pushes_ WEIR_GUARDED_BY(mutex_);
  std::deque<net::ServerResponse> answers_ WEIR_GUARDED_BY(mutex_);
  bool holds_ WEIR_GUARDED_BY(mutex_) = false;
  std::vector<net::Responder> held_ WEIR_GUARDED_BY(mutex_);
  std::unique_ptr<net::HttpServer> server_;  // last: it stops first
};

}  // namespace weir::test

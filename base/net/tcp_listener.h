// SPDX-License-Identifier: Apache-2.0
// Accepts TCP connections for servers that speak a protocol of their own.

#pragma once

#include "base/exec/executor.h"
#include "base/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace weir::net {

/// A listening socket. Threads: control.
class TcpListener {
 public:
  /// Owns the descriptor, which is not blocking, and ends it with shutdown() before it closes it: a duplicate is
  /// kept here. Called on workers, one at a time; must not block.
  using Take = std::function<void(int descriptor)>;
  /// Beyond `max_connections` (0: no limit) new ones wait until one that was taken is closed.
  /// Errors: kUnavailable if the address cannot be bound.
  static Result<std::unique_ptr<TcpListener>> listen(exec::Pool& pool, const std::string& host,
                                                     std::uint16_t port,
                                                     std::size_t max_connections, Take take);
  ~TcpListener();
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// How many connections are open. Threads: any.
  [[nodiscard]] std::size_t connections() const;
  /// Listens no longer; those that were taken go on. After it returns `take` will not be called.
  void stop();

  struct State;

 private:
  TcpListener(std::shared_ptr<State> state, std::uint16_t port)
      : state_(std::move(state)), port_(port) {}
  std::shared_ptr<State> state_;
  std::uint16_t port_;
};

}  // namespace weir::net

// SPDX-License-Identifier: Apache-2.0
// A gRPC server of logproto.Pusher/Push (push.proto): takes messages as bytes, so that they are read in
// place as HTTP's are. The door to gRPC's server.

#pragma once

#include "base/exec/executor.h"
#include "base/net/http_server.h"
#include "base/result.h"
#include "base/units.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace weir::wire {

struct PushServerConfig {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;           ///< 0: any free one
  std::size_t max_connections = 0;  ///< 0: no limit; more wait until one is closed
  Duration max_connection_age = Duration::max();
  Duration max_connection_age_grace = Duration::max();
  Duration max_connection_idle = Duration::max();
  std::uint32_t max_concurrent_streams = 100;  ///< of a connection
  std::size_t max_receive_bytes = 4u << 20;    ///< of a message
  std::size_t max_send_bytes = 4u << 20;
  std::optional<net::ServerTls> tls;  ///< 1.2 or later, with the library's own suites
  friend bool operator==(const PushServerConfig&, const PushServerConfig&) = default;
};

/// A push and its one answer.
struct PushCall {
  std::string message;  ///< a PushRequest
  std::string tenant;   ///< of the metadata x-scope-orgid
  /// Takes the status HTTP would give, and a text for the client unless it is 2xx. The first call counts;
  /// one must come. Threads: any.
  std::function<void(int status, const std::string& text)> answer;
};

/// A server that listens. Messages are not decompressed: what they would grow to is not known before, so a
/// call that compresses is answered UNIMPLEMENTED and clients are told so at once. Threads: control.
class LokiPushServer {
 public:
  /// Called on gRPC's threads, many at once; must not block.
  using Handler = std::function<void(PushCall)>;
  /// Errors: kUnavailable if the address cannot be bound, kInvalid if the TLS material is not good.
  static Result<std::unique_ptr<LokiPushServer>> listen(exec::Pool& pool,
                                                        const PushServerConfig& config,
                                                        Handler handler);
  ~LokiPushServer();
  LokiPushServer(const LokiPushServer&) = delete;
  LokiPushServer& operator=(const LokiPushServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// How many connections are open. Threads: any.
  [[nodiscard]] std::size_t connections() const;
  /// Takes no new connections and calls, lets those under way be answered until `deadline`, then cancels what
  /// is left. After it returns the handler is not and will not be called.
  void stop(Duration deadline);

 private:
  struct State;
  explicit LokiPushServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace weir::wire

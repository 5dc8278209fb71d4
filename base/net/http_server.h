// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 server, plain or TLS, on Boost.Beast.
//
// A request is read whole, within bounds, and given to the handler on a worker; the answer may come
// later from any thread, through a Responder that answers exactly once whatever happens. A
// connection handles one request at a time, so pipelined ones are answered in order.

#pragma once

#include "base/exec/executor.h"
#include "base/net/client_config.h"
#include "base/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::net {

struct ServerRequest {
  std::string method;  ///< "GET"
  std::string path;    ///< percent-decoded, without the query
  std::string query;   ///< as sent, without the `?`
  Headers headers;
  std::string body;
  std::string peer;  ///< "127.0.0.1:51234"

  /// The first header of that name in any case, or "".
  [[nodiscard]] std::string_view header(std::string_view name) const;
  /// The first query parameter of that name, decoded, or "".
  [[nodiscard]] std::string parameter(std::string_view name) const;
};

struct ServerResponse {
  int status = 200;
  std::string body;
  std::string content_type = "text/plain; charset=utf-8";
  Headers headers;
};

/// The one chance to answer a request. Dropped without an answer, it answers 503. Threads: any.
class Responder {
 public:
  using Send = std::function<void(ServerResponse)>;
  explicit Responder(Send send) : send_(std::move(send)) {}
  Responder(Responder&& other) noexcept : send_(std::exchange(other.send_, nullptr)) {}
  Responder& operator=(Responder&& other) noexcept;
  ~Responder();
  /// The first call counts.
  void send(ServerResponse response);

 private:
  Send send_;
};

/// Called on a worker, for many connections at once; must not block.
using Handler = std::function<void(ServerRequest, Responder)>;

/// How a server proves itself and whom it lets in. PEM texts, not paths.
struct ServerTls {
  enum class ClientAuth { kNone, kRequest, kRequireAny, kVerifyIfGiven, kRequireAndVerify };
  std::string cert_pem;
  std::string key_pem;
  std::string client_ca_pem;
  // What messages call these: the files they were read from.
  std::string cert_name = "cert_pem";
  std::string key_name = "key_pem";
  std::string client_ca_name = "client_ca_pem";
  ClientAuth client_auth = ClientAuth::kNone;
  std::string min_version;  ///< "TLS10" to "TLS13"; empty: TLS12
  std::string max_version;
  std::vector<std::string> cipher_suites;      ///< IANA names; empty: the library's own choice
  std::vector<std::string> curve_preferences;  ///< "CurveP256", "X25519"...; empty likewise
  friend bool operator==(const ServerTls&, const ServerTls&) = default;
};

/// Whether a server can speak with it, so that one which is not HTTP's says the same. Errors: kInvalid.
Status check(const ServerTls& tls);

struct HttpServerConfig {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one
  std::size_t max_body_bytes = 100u << 20;
  std::size_t max_connections = 0;  ///< 0: as many as the system allows
  Duration header_timeout = std::chrono::seconds(30);
  Duration read_timeout = std::chrono::minutes(5);  ///< of one body
  Duration write_timeout = std::chrono::minutes(5);
  Duration idle_timeout = std::chrono::minutes(2);  ///< between requests
  friend bool operator==(const HttpServerConfig&, const HttpServerConfig&) = default;
};

/// A listening server. One that speaks TLS tells who speaks plain HTTP to it that it does. Threads: control.
class HttpServer {
 public:
  /// Errors: kUnavailable if the address cannot be bound; kInvalid for wrong TLS material.
  static Result<std::unique_ptr<HttpServer>> listen(exec::Pool& pool,
                                                    const HttpServerConfig& config,
                                                    Handler handler);
  static Result<std::unique_ptr<HttpServer>> listen(exec::Pool& pool,
                                                    const HttpServerConfig& config,
                                                    const ServerTls& tls, Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// How many connections are open.
  [[nodiscard]] std::size_t connections() const;
  /// New connections use `tls`, or plain HTTP without it; those that stand go on. Errors: kInvalid, and nothing
  /// changes.
  Status set_tls(const std::optional<ServerTls>& tls);
  /// Takes no new connections and requests, lets those under way be answered until `deadline`, then
  /// closes what is left. After it returns the handler is not and will not be called.
  void stop(Duration deadline);

  struct State;

 private:
  explicit HttpServer(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace weir::net

// SPDX-License-Identifier: Apache-2.0
// Connections are sessions that hold each other's turn: read a request, call the handler, write the
// answer, read again. A session lives as long as an operation or a responder holds it; the server
// holds it weakly, so that it can ask all of them to end.

#include "base/net/http_server.h"

#include "base/mutex.h"
#include "base/net/server_tls.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <algorithm>
#include <atomic>
#include <list>
#include <optional>

namespace weir::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

constexpr std::uint32_t kMaxHeaderBytes = 64u << 10;
/// One error of accept() such as "too many open files" must not spin.
constexpr std::chrono::milliseconds kAcceptPause(100);

bool same_name(std::string_view a, std::string_view b) {
  return beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// Percent-decoding; a wrong escape stays as it is.
std::string decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
        hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

std::string_view ServerRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return {};
}

std::string ServerRequest::parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    const std::size_t equals = pair.find('=');
    if (decoded(pair.substr(0, equals), true) != name) continue;
    return equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1), true);
  }
  return {};
}

Responder& Responder::operator=(Responder&& other) noexcept {
  std::swap(send_, other.send_);
  return *this;
}

Responder::~Responder() {
  send({503, "no answer\n", "text/plain; charset=utf-8", {}});
}

void Responder::send(ServerResponse response) {
  if (const Send send = std::exchange(send_, nullptr)) send(std::move(response));
}

namespace {
class Session;
}

struct HttpServer::State : std::enable_shared_from_this<HttpServer::State> {
  State(asio::io_context& io_context, const HttpServerConfig& settings, Handler handle)
      : io(io_context),
        config(settings),
        acceptor(asio::make_strand(io)),
        pause(acceptor.get_executor()),
        handler(std::move(handle)) {}

  void accept();
  void accepted(tcp::socket socket);
  /// Tells a client that speaks plain HTTP to a port of TLS; `heard` is what it said so far.
  void turn_away(beast::tcp_stream stream, beast::flat_buffer heard);
  void begin(const std::shared_ptr<Session>& session);
  /// Calls the handler unless the server has stopped.
  bool call(ServerRequest request, Responder responder);

  asio::io_context& io;
  const HttpServerConfig config;
  tcp::acceptor acceptor;
  asio::steady_timer pause;
  std::atomic<bool> stopping = false;

  Mutex mutex;
  Condition changed;
  Handler handler WEIR_GUARDED_BY(mutex);
  int inside WEIR_GUARDED_BY(mutex) = 0;
  bool closed WEIR_GUARDED_BY(mutex) = false;
  std::list<std::weak_ptr<Session>> sessions WEIR_GUARDED_BY(mutex);
  std::shared_ptr<asio::ssl::context> tls WEIR_GUARDED_BY(mutex);
};

namespace {

/// What the server asks of a connection, plain or TLS.
class Session {
 public:
  virtual ~Session() = default;
  virtual void run() = 0;
  virtual void finish() = 0;  ///< end after the request under way
  virtual void close() = 0;   ///< end now
};

template <class Stream>
class SessionOf final : public Session, public std::enable_shared_from_this<SessionOf<Stream>> {
 public:
  /// `tls`: what the stream uses. `heard`: what was read of it already, by who found no TLS there.
  SessionOf(std::shared_ptr<HttpServer::State> server, Stream stream,
            std::shared_ptr<asio::ssl::context> tls,
            std::optional<beast::flat_buffer> heard = std::nullopt)
      : server_(std::move(server)),
        tls_(std::move(tls)),
        stream_(std::move(stream)),
        lacks_tls_(heard.has_value()) {
    if (heard) buffer_ = *std::move(heard);
    beast::error_code ignored;
    const auto peer = socket().remote_endpoint(ignored);
    if (!ignored) peer_ = format("{}:{}", peer.address().to_string(), peer.port());
  }

  ~SessionOf() override {
    MutexLock lock(server_->mutex);
    std::erase_if(server_->sessions, [](const auto& session) { return session.expired(); });
    server_->changed.notify_all();
  }

  void run() override {
    asio::dispatch(stream_.get_executor(),
                   [self = this->shared_from_this()] { self->handshake(); });
  }
  void finish() override {
    asio::post(stream_.get_executor(), [self = this->shared_from_this()] {
      if (!self->busy_) self->shut();
    });
  }
  void close() override {
    asio::post(stream_.get_executor(), [self = this->shared_from_this()] { self->shut(); });
  }

 private:
  using Self = std::shared_ptr<SessionOf>;
  tcp::socket& socket() { return beast::get_lowest_layer(stream_).socket(); }
  void expire(Duration after) {
    beast::get_lowest_layer(stream_).expires_after(
        std::chrono::duration_cast<std::chrono::milliseconds>(after));
  }

  void handshake() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      expire(server_->config.header_timeout);
      beast::async_detect_ssl(
          beast::get_lowest_layer(stream_), buffer_,
          [self = this->shared_from_this()](beast::error_code error, bool speaks_tls) {
            if (error) return;
            if (speaks_tls) return self->shake_hands();
            self->server_->turn_away(std::move(beast::get_lowest_layer(self->stream_)),
                                     std::move(self->buffer_));
          });
    } else {
      read_header(server_->config.header_timeout);
    }
  }

  void shake_hands() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      stream_.async_handshake(
          asio::ssl::stream_base::server, buffer_.cdata(),
          // Boost 1.81 asks of this handler that it could be called without a size, and gives one.
          [self = this->shared_from_this()](beast::error_code error, std::size_t used = 0) {
            self->buffer_.consume(used);
            if (!error) self->read_header(self->server_->config.header_timeout);
          });
    }
  }

  void read_header(Duration patience) {
    if (server_->stopping) return shut();
    parser_.emplace();
    parser_->header_limit(kMaxHeaderBytes);
    parser_->body_limit(server_->config.max_body_bytes);
    expire(patience);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = this->shared_from_this()](
                                beast::error_code error, std::size_t) { self->got_header(error); });
  }

  void got_header(beast::error_code error) {
    busy_ = true;
    if (error) return refuse(error);
    if (lacks_tls_) return refuse_plain();
    if (const auto length = parser_->content_length();
        length && *length > server_->config.max_body_bytes) {
      return refuse(http::error::body_limit);
    }
    expire(server_->config.read_timeout);
    if (same_name(to_view(parser_->get()[http::field::expect]), "100-continue")) {
      static const auto kContinue =
          std::make_shared<const std::string>("HTTP/1.1 100 Continue\r\n\r\n");
      asio::async_write(stream_, asio::buffer(*kContinue),
                        [self = this->shared_from_this()](beast::error_code failed, std::size_t) {
                          if (!failed) self->read_body();
                        });
    } else {
      read_body();
    }
  }

  void read_body() {
    http::async_read(stream_, buffer_, *parser_,
                     [self = this->shared_from_this()](beast::error_code error, std::size_t) {
                       if (error)
                         self->refuse(error);
                       else
                         self->handle();
                     });
  }

  /// A request that cannot be read gets its reason if it can still be told.
  void refuse(beast::error_code error) {
    keep_alive_ = false;
    if (error == http::error::body_limit)
      return write({413, "body too large\n", "text/plain; charset=utf-8", {}});
    if (error == http::error::header_limit)
      return write({431, "headers too large\n", "text/plain; charset=utf-8", {}});
    const bool ours = error.category() == http::make_error_code(http::error::bad_method).category();
    if (ours && error != http::error::end_of_stream && error != http::error::partial_message) {
      return write({400,
                    format("malformed request: {}\n", error.message()),
                    "text/plain; charset=utf-8",
                    {}});
    }
    shut();
  }

  void refuse_plain() {
    keep_alive_ = false;
    write({400,
           "Client sent an HTTP request to an HTTPS server.\n",
           "text/plain; charset=utf-8",
           {}});
  }

  void handle() {
    auto message = parser_->release();
    keep_alive_ = message.keep_alive();
    version_ = message.version();
    head_ = message.method() == http::verb::head;
    ServerRequest request;
    request.method = std::string(to_view(message.method_string()));
    const std::string_view target = to_view(message.target());
    request.path = decoded(target.substr(0, target.find('?')), false);
    if (const std::size_t mark = target.find('?'); mark != std::string_view::npos)
      request.query = target.substr(mark + 1);
    for (const auto& field : message)
      request.headers.emplace_back(to_view(field.name_string()), to_view(field.value()));
    request.body = std::move(message.body());
    request.peer = peer_;
    beast::get_lowest_layer(stream_).expires_never();
    server_->call(std::move(request),
                  Responder([self = this->shared_from_this()](ServerResponse response) {
                    asio::post(self->stream_.get_executor(),
                               [self, response = std::move(response)]() mutable {
                                 self->write(std::move(response));
                               });
                  }));
  }

  void write(ServerResponse response) {
    auto message = std::make_shared<http::response<http::string_body>>(
        static_cast<http::status>(response.status), version_);
    for (const auto& [name, value] : response.headers) message->set(name, value);
    const bool no_body = response.status == 204 || response.status == 304;
    if (!no_body && !response.content_type.empty())
      message->set(http::field::content_type, response.content_type);
    keep_alive_ = keep_alive_ && !server_->stopping;
    message->keep_alive(keep_alive_);
    if (!no_body) {
      message->body() = std::move(response.body);
      message->prepare_payload();
      if (head_) message->body().clear();
    }
    expire(server_->config.write_timeout);
    http::async_write(
        stream_, *message,
        [self = this->shared_from_this(), message](beast::error_code error, std::size_t) {
          self->busy_ = false;
          if (error || !self->keep_alive_) return self->shut();
          self->read_header(self->server_->config.idle_timeout);
        });
  }

  void shut() {
    beast::error_code ignored;
    socket().shutdown(tcp::socket::shutdown_both, ignored);
    socket().close(ignored);
  }

  static std::string_view to_view(beast::string_view text) { return {text.data(), text.size()}; }

  const std::shared_ptr<HttpServer::State> server_;
  const std::shared_ptr<asio::ssl::context> tls_;  // outlives the stream that uses it
  Stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::string peer_;
  unsigned version_ = 11;
  bool keep_alive_ = true;
  bool head_ = false;
  bool busy_ = false;
  const bool lacks_tls_;
};

}  // namespace

void HttpServer::State::accept() {
  acceptor.async_accept(asio::make_strand(io),
                        [self = shared_from_this()](beast::error_code error, tcp::socket socket) {
                          if (self->stopping || error == asio::error::operation_aborted) return;
                          if (!error) {
                            self->accepted(std::move(socket));
                            return self->accept();
                          }
                          self->pause.expires_after(kAcceptPause);
                          self->pause.async_wait([self](beast::error_code stopped) {
                            if (!stopped) self->accept();
                          });
                        });
}

void HttpServer::State::accepted(tcp::socket socket) {
  beast::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  std::shared_ptr<Session> session;
  std::shared_ptr<asio::ssl::context> context;
  {
    MutexLock lock(mutex);
    if (config.max_connections != 0 && sessions.size() >= config.max_connections)
      return;  // closed as it is dropped
    context = tls;
  }
  beast::tcp_stream stream(std::move(socket));
  if (context != nullptr) {
    session = std::make_shared<SessionOf<TlsStream>>(
        shared_from_this(), TlsStream(std::move(stream), *context), context);
  } else {
    session = std::make_shared<SessionOf<beast::tcp_stream>>(shared_from_this(), std::move(stream),
                                                             nullptr);
  }
  begin(session);
}

void HttpServer::State::turn_away(beast::tcp_stream stream, beast::flat_buffer heard) {
  begin(std::make_shared<SessionOf<beast::tcp_stream>>(shared_from_this(), std::move(stream),
                                                       nullptr, std::move(heard)));
}

void HttpServer::State::begin(const std::shared_ptr<Session>& session) {
  {
    MutexLock lock(mutex);
    sessions.push_back(session);
  }
  session->run();
}

bool HttpServer::State::call(ServerRequest request, Responder responder) {
  Handler handle;
  {
    MutexLock lock(mutex);
    if (!handler) return false;
    handle = handler;
    ++inside;
  }
  handle(std::move(request), std::move(responder));
  MutexLock lock(mutex);
  --inside;
  changed.notify_all();
  return true;
}

HttpServer::HttpServer(std::shared_ptr<State> state) : state_(std::move(state)) {}
HttpServer::~HttpServer() {
  stop(Duration(0));
}

namespace {

Status bind(HttpServer::State& state) {
  const HttpServerConfig& config = state.config;
  boost::system::error_code error;
  tcp::resolver resolver(state.io);
  const std::string host = config.host.empty() ? "0.0.0.0" : config.host;
  const auto found =
      resolver.resolve(host, std::to_string(config.port),
                       tcp::resolver::passive | tcp::resolver::numeric_service, error);
  const std::string address = format("{}:{}", host, config.port);
  if (error || found.empty())
    return make_error(Code::kUnavailable, "listen on {}: {}", address, error.message());
  const tcp::endpoint endpoint = *found.begin();
  state.acceptor.open(endpoint.protocol(), error);
  if (!error) state.acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) state.acceptor.bind(endpoint, error);
  if (!error) state.acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return make_error(Code::kUnavailable, "listen on {}: {}", address, error.message());
  return {};
}

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::listen(exec::Pool& pool,
                                                       const HttpServerConfig& config,
                                                       Handler handler) {
  auto state = std::make_shared<State>(*static_cast<asio::io_context*>(pool.io_context()), config,
                                       std::move(handler));
  WEIR_TRY_STATUS(bind(*state));
  asio::dispatch(state->acceptor.get_executor(), [state] { state->accept(); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

Result<std::unique_ptr<HttpServer>> HttpServer::listen(exec::Pool& pool,
                                                       const HttpServerConfig& config,
                                                       const ServerTls& tls, Handler handler) {
  WEIR_TRY(auto context, make_server_context(tls));
  auto state = std::make_shared<State>(*static_cast<asio::io_context*>(pool.io_context()), config,
                                       std::move(handler));
  {
    MutexLock lock(state->mutex);
    state->tls = std::move(context);
  }
  WEIR_TRY_STATUS(bind(*state));
  asio::dispatch(state->acceptor.get_executor(), [state] { state->accept(); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

std::uint16_t HttpServer::port() const {
  boost::system::error_code ignored;
  return state_->acceptor.local_endpoint(ignored).port();
}

std::size_t HttpServer::connections() const {
  MutexLock lock(state_->mutex);
  return state_->sessions.size();
}

Status HttpServer::set_tls(const std::optional<ServerTls>& tls) {
  std::shared_ptr<asio::ssl::context> context;
  if (tls) {
    WEIR_TRY(context, make_server_context(*tls));
  }
  MutexLock lock(state_->mutex);
  state_->tls = std::move(context);
  return {};
}

void HttpServer::stop(Duration deadline) {
  if (state_->stopping.exchange(true)) return;
  State& state = *state_;
  asio::post(state.acceptor.get_executor(), [held = state_] {
    boost::system::error_code ignored;
    held->acceptor.close(ignored);
    held->pause.cancel();
    MutexLock lock(held->mutex);
    held->closed = true;
    held->changed.notify_all();
  });
  const auto ask_all = [&state](void (Session::*what)()) {
    std::vector<std::shared_ptr<Session>> open;
    {
      MutexLock lock(state.mutex);
      for (const auto& session : state.sessions) {
        if (auto held = session.lock()) open.push_back(std::move(held));
      }
    }
    for (const auto& session : open) ((*session).*what)();
  };
  ask_all(&Session::finish);
  {
    MutexLock lock(state.mutex);
    state.changed.wait_for(state.mutex, deadline,
                           [&]() WEIR_REQUIRES(state.mutex) { return state.sessions.empty(); });
  }
  ask_all(&Session::close);
  MutexLock lock(state.mutex);
  state.handler = nullptr;
  state.changed.wait(state.mutex, [&]() WEIR_REQUIRES(state.mutex) {
    return state.inside == 0 && state.closed;  // the port is free again
  });
}

}  // namespace weir::net

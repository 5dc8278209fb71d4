// SPDX-License-Identifier: Apache-2.0
// The calls are generic: gRPC hands over bytes, and no message object is made of them. The listening socket
// is ours, because gRPC cannot limit how many connections it takes.

#include "components/wire/loki/push_server.h"

#include "base/mutex.h"
#include "base/net/tcp_listener.h"

#include <grpc/support/log.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/resource_quota.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <utility>
#include <vector>

namespace weir::wire {
namespace {

constexpr std::string_view kPushMethod = "/logproto.Pusher/Push";
/// What calls that are being read may hold together, beside one of the largest messages.
constexpr std::size_t kReadingBytes = 64u << 20;

grpc::StatusCode grpc_code(int status) {
  switch (status) {
    case 401: return grpc::StatusCode::UNAUTHENTICATED;
    case 403: return grpc::StatusCode::PERMISSION_DENIED;
    case 404: return grpc::StatusCode::NOT_FOUND;
    case 429: return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case 501: return grpc::StatusCode::UNIMPLEMENTED;
    default: break;
  }
  return status < 500 ? grpc::StatusCode::INVALID_ARGUMENT : grpc::StatusCode::UNAVAILABLE;
}

int milliseconds(Duration duration) {
  const auto count = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  return static_cast<int>(std::clamp<std::int64_t>(count, 1, INT_MAX));
}

std::string bytes_of(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string out;
  if (!buffer.Dump(&slices).ok()) return out;
  out.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices)
    out.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return out;
}

/// One call, from its message to its answer; gRPC deletes it when both sides are done with it.
class PushReactor final : public grpc::ServerGenericBidiReactor {
 public:
  PushReactor(const LokiPushServer::Handler& handler,
              const grpc::GenericCallbackServerContext& context)
      : handler_(handler) {
    if (context.method() != kPushMethod) {
      end(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "only logproto.Pusher/Push is here"));
      return;
    }
    const auto tenant = context.client_metadata().find("x-scope-orgid");
    if (tenant != context.client_metadata().end())
      tenant_.assign(tenant->second.data(), tenant->second.size());
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return end(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no message"));
    std::string message = bytes_of(request_);
    request_.Clear();
    handler_({std::move(message), std::move(tenant_),
              [pending = pending_](int status, const std::string& text) {
                pending->end(status / 100 == 2 ? grpc::Status()
                                               : grpc::Status(grpc_code(status), text));
              }});
  }
  void OnCancel() override { end(grpc::Status(grpc::StatusCode::CANCELLED, "")); }
  void OnDone() override { delete this; }

 private:
  /// The reactor until it is answered: whoever answers later finds nothing.
  struct Pending {
    void end(const grpc::Status& status) WEIR_EXCLUDES(mutex) {
      PushReactor* answered = nullptr;
      {
        MutexLock lock(mutex);
        answered = std::exchange(reactor, nullptr);
      }
      if (answered != nullptr) answered->finish(status);
    }
    Mutex mutex;
    PushReactor* reactor WEIR_GUARDED_BY(mutex) = nullptr;
  };

  void end(const grpc::Status& status) { pending_->end(status); }
  void finish(const grpc::Status& status) {
    if (!status.ok()) return Finish(status);
    const grpc::Slice nothing;  // a PushResponse has no fields
    response_ = grpc::ByteBuffer(&nothing, 1);
    StartWriteAndFinish(&response_, grpc::WriteOptions(), status);
  }

  const LokiPushServer::Handler& handler_;
  std::string tenant_;
  grpc::ByteBuffer request_, response_;
  const std::shared_ptr<Pending> pending_ = [this] {
    auto pending = std::make_shared<Pending>();
    MutexLock lock(pending->mutex);
    pending->reactor = this;
    return pending;
  }();
};

class PushService final : public grpc::CallbackGenericService {
 public:
  explicit PushService(LokiPushServer::Handler handler) : handler_(std::move(handler)) {}
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    return new PushReactor(handler_, *context);
  }

 private:
  const LokiPushServer::Handler handler_;
};

grpc_ssl_client_certificate_request_type asked_of_clients(net::ServerTls::ClientAuth auth) {
  using Auth = net::ServerTls::ClientAuth;
  switch (auth) {
    case Auth::kNone: return GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
    case Auth::kRequest: return GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_BUT_DONT_VERIFY;
    case Auth::kRequireAny: return GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_BUT_DONT_VERIFY;
    case Auth::kVerifyIfGiven: return GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY;
    case Auth::kRequireAndVerify: return GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
  }
  return GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
}

std::shared_ptr<grpc::ServerCredentials> credentials(const std::optional<net::ServerTls>& tls) {
  if (!tls) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options(asked_of_clients(tls->client_auth));
  options.pem_key_cert_pairs.push_back({tls->key_pem, tls->cert_pem});
  options.pem_root_certs = tls->client_ca_pem;
  return grpc::SslServerCredentials(options);
}

using Acceptor = grpc::experimental::ExternalConnectionAcceptor;

struct Running {
  std::unique_ptr<Acceptor> acceptor;
  std::unique_ptr<grpc::Server> server;  // ends before what it accepts from
};

Running start(const PushServerConfig& config, PushService& service) {
  gpr_set_log_function(
      [](gpr_log_func_args*) {});  // it would write to stderr what clients are told
  grpc::ServerBuilder builder;
  builder.RegisterCallbackGenericService(&service);
  builder.SetMaxReceiveMessageSize(
      static_cast<int>(std::min<std::size_t>(config.max_receive_bytes, INT_MAX)));
  builder.SetMaxSendMessageSize(
      static_cast<int>(std::min<std::size_t>(config.max_send_bytes, INT_MAX)));
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             static_cast<int>(config.max_concurrent_streams));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                             milliseconds(config.max_connection_age));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                             milliseconds(config.max_connection_age_grace));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS,
                             milliseconds(config.max_connection_idle));
  grpc::ResourceQuota quota("loki-push");
  quota.Resize(kReadingBytes + config.max_receive_bytes);
  builder.SetResourceQuota(quota);
  using FromDescriptor = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  Running out;
  out.acceptor = builder.experimental().AddExternalConnectionAcceptor(FromDescriptor::FROM_FD,
                                                                      credentials(config.tls));
  out.server = builder.BuildAndStart();
  return out;
}

}  // namespace

struct LokiPushServer::State {
  explicit State(Handler handler) : service(std::move(handler)) {}
  PushService service;
  Running running;
  std::unique_ptr<net::TcpListener> listener;
};

LokiPushServer::LokiPushServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<LokiPushServer>> LokiPushServer::listen(exec::Pool& pool,
                                                               const PushServerConfig& config,
                                                               Handler handler) {
  if (config.tls) {
    if (const Status good = net::check(*config.tls); !good) return good.error().within("gRPC");
  }
  auto state = std::make_unique<State>(std::move(handler));
  state->running = start(config, state->service);
  if (state->running.server == nullptr) return make_error(Code::kInternal, "gRPC does not start");
  const auto take = [acceptor = state->running.acceptor.get()](int descriptor) {
    Acceptor::NewConnectionParameters connection;
    connection.fd = descriptor;
    acceptor->HandleNewConnection(&connection);
  };
  auto listener =
      net::TcpListener::listen(pool, config.host, config.port, config.max_connections, take);
  if (!listener) {
    state->running.server->Shutdown();
    return listener.error().within("gRPC");
  }
  state->listener = *std::move(listener);
  return std::unique_ptr<LokiPushServer>(new LokiPushServer(std::move(state)));
}

LokiPushServer::~LokiPushServer() {
  stop(Duration::zero());
}

std::uint16_t LokiPushServer::port() const {
  return state_->listener->port();
}

std::size_t LokiPushServer::connections() const {
  return state_->listener->connections();
}

void LokiPushServer::stop(Duration deadline) {
  state_->listener->stop();
  state_->running.server->Shutdown(
      std::chrono::system_clock::now() +
      std::chrono::duration_cast<std::chrono::system_clock::duration>(deadline));
}

}  // namespace weir::wire

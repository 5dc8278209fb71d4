// SPDX-License-Identifier: Apache-2.0
// loki.source.api: servers that take pushes as Loki does, over HTTP and gRPC, and answer with what
// became of them.

#include "base/mutex.h"
#include "base/snapshot.h"
#include "components/core/file_lint.h"
#include "components/core/http_server_args.h"
#include "components/core/window.h"
#include "components/loki/source_api/api_metrics.h"
#include "components/loki/source_api/push_answer.h"
#include "components/loki/source_api/push_intake.h"
#include "components/wire/loki/push_server.h"
#include "interpreter/graph/component.h"

#include <array>
#include <limits>
#include <utility>

namespace weir::loki {
namespace {

constexpr std::size_t kBodySlack = 64u
                                   << 10;  // so that a body a little too large is told so in words

/// How long an end waits for destinations: who waits longer comes again, perhaps to another.
constexpr std::chrono::seconds kEndPatience(3);

/// Takes pushes over HTTP, and over gRPC if it is told to.
///
/// Data:    LogBatch out, one a request; the answer follows its receipt.
/// Threads: requests on workers and gRPC's threads, many at once; the rest control.
/// Source:  corpus components/loki_push.
class SourceApi final : public graph::Component {
 public:
  struct Grpc {
    std::string listen_address;  ///< empty: all
    std::uint16_t listen_port = 0;
    std::uint64_t conn_limit = 0;
    Duration max_connection_age = Duration::max();
    Duration max_connection_age_grace = Duration::max();
    Duration max_connection_idle = Duration::max();
    std::uint64_t server_max_recv_msg_size = 4u << 20;
    std::uint64_t server_max_send_msg_size = 4u << 20;
    std::uint64_t server_max_concurrent_streams = 100;
    std::optional<ServerTlsArgs> tls;
    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    /// Errors: of reading the files that `tls` names.
    [[nodiscard]] Result<wire::PushServerConfig> config() const;
  };
  struct Args {
    std::vector<LogReceiver> forward_to;
    std::map<std::string, std::string> labels;
    RelabelRules relabel_rules;
    bool use_incoming_timestamp = false;
    Bytes max_send_message_size{100u << 20};
    Duration graceful_shutdown_timeout = std::chrono::seconds(30);
    HttpServerArgs http;
    std::optional<Grpc> grpc;
    static schema::Schema schema();
    void lint(catalog::Lint& lint) const { lint_files(lint.body(), lint); }
  };

  explicit SourceApi(graph::Context& context)
      : context_(context),
        strand_(context.pool().strand()),
        metrics_(std::make_shared<ApiMetrics>(context.metrics())) {}
  ~SourceApi() override { stop(Duration::zero()); }

  Status update(Args args);
  Status start() override;
  void stop(Duration deadline) override;
  [[nodiscard]] value::Value debug_info() const override;

 private:
  /// What the listening socket is made of.
  struct Listening {
    net::HttpServerConfig config;
    std::optional<net::ServerTls> tls;
  };
  Status listen(const Listening& wanted);
  Status listen_grpc(const std::optional<wire::PushServerConfig>& wanted);
  /// Ends a server; who waits for a destination is sent away after kEndPatience.
  template <class Server>
  void stop(Server& server, Duration grace);
  void serve(net::ServerRequest request, net::Responder responder);
  void serve_grpc(wire::PushCall call);
  /// An answer that is also counted.
  std::shared_ptr<PendingAnswer> pending(std::string method, std::string route, std::size_t bytes,
                                         std::function<void(net::ServerResponse)> send);
  /// Sends on what was read, and answers with what becomes of it.
  void take(Result<Intake> intake, const IntakePlan& plan,
            const std::shared_ptr<PendingAnswer>& answer);

  graph::Context& context_;
  const exec::Strand strand_;
  const std::shared_ptr<ApiMetrics> metrics_;
  const std::shared_ptr<Window> window_ = std::make_shared<Window>();
  const std::shared_ptr<WaitingAnswers> waiting_ = std::make_shared<WaitingAnswers>();
  Snapshot<IntakePlan> plan_{std::make_shared<const IntakePlan>()};
  Listening wanted_;
  std::optional<wire::PushServerConfig> wanted_grpc_;
  Duration grace_{};
  bool started_ = false;
  Listening listening_;
  std::optional<wire::PushServerConfig> listening_grpc_;
  mutable Mutex mutex_;
  std::shared_ptr<net::HttpServer> server_ WEIR_GUARDED_BY(mutex_);
  std::shared_ptr<wire::LokiPushServer> grpc_ WEIR_GUARDED_BY(mutex_);
};

schema::Schema SourceApi::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::forward_to>("forward_to", "Where entries go.").required(),
      attr<&Args::labels>("labels", "Labels given to every entry."),
      attr<&Args::relabel_rules>("relabel_rules", "Rules run on the labels of each stream."),
      attr<&Args::use_incoming_timestamp>(
          "use_incoming_timestamp",
          "Whether entries keep the time they came with; else they get the present."),
      attr<&Args::max_send_message_size>("max_send_message_size",
                                         "The largest message taken, compressed or not."),
      attr<&Args::graceful_shutdown_timeout>("graceful_shutdown_timeout",
                                             "How long requests under way may take at the end."),
      schema::block<&Args::http>("http", "How to listen for HTTP."),
      schema::block<&Args::grpc>("grpc", "Listens for gRPC too; without it nothing does."),
  });
  return kTable;
}

schema::Schema SourceApi::Grpc::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Grpc::listen_address>("listen_address",
                                  "The address to listen on; all of them by default."),
      attr<&Grpc::listen_port>("listen_port", "The port to listen on; 0 takes any free one."),
      attr<&Grpc::conn_limit>("conn_limit", "The most connections at a time; 0 sets no limit."),
      attr<&Grpc::max_connection_age>("max_connection_age", "How old a connection may become."),
      attr<&Grpc::max_connection_age_grace>("max_connection_age_grace",
                                            "How long calls under way may take after that."),
      attr<&Grpc::max_connection_idle>("max_connection_idle",
                                       "How long a connection may be without a call."),
      attr<&Grpc::server_max_recv_msg_size>("server_max_recv_msg_size",
                                            "The largest message taken, in bytes."),
      attr<&Grpc::server_max_send_msg_size>("server_max_send_msg_size",
                                            "The largest answer given, in bytes."),
      attr<&Grpc::server_max_concurrent_streams>("server_max_concurrent_streams",
                                                 "The most calls at a time on one connection."),
      schema::block<&Grpc::tls>("tls", "TLS towards clients, of version 1.2 or later."),
  });
  return kTable;
}

void SourceApi::Grpc::validate(schema::Problems& problems) const {
  static constexpr std::uint64_t kMost = std::numeric_limits<std::int32_t>::max();
  const auto check = [&problems](std::string_view name, std::uint64_t value) {
    if (value == 0 || value > kMost)
      problems.add(name, format("{} is {}, should be between 1 and {}", name, value, kMost));
  };
  check("server_max_recv_msg_size", server_max_recv_msg_size);
  check("server_max_send_msg_size", server_max_send_msg_size);
  check("server_max_concurrent_streams", server_max_concurrent_streams);
  if (tls && !tls->cipher_suites.empty())
    problems.add("tls", "cipher_suites cannot be chosen for gRPC",
                 "leave it out: the suites of the TLS library are offered");
  if (tls && tls->min_version == "VersionTLS13")
    problems.add("tls", "min_version cannot be VersionTLS13 for gRPC, which speaks 1.2 too",
                 "leave it out, or put a proxy in front");
}

Result<wire::PushServerConfig> SourceApi::Grpc::config() const {
  wire::PushServerConfig out;
  out.host = listen_address.empty() ? "0.0.0.0" : listen_address;
  out.port = listen_port;
  out.max_connections = conn_limit;
  out.max_connection_age = max_connection_age;
  out.max_connection_age_grace = max_connection_age_grace;
  out.max_connection_idle = max_connection_idle;
  out.max_concurrent_streams = static_cast<std::uint32_t>(server_max_concurrent_streams);
  out.max_receive_bytes = server_max_recv_msg_size;
  out.max_send_bytes = server_max_send_msg_size;
  if (tls) {
    WEIR_TRY(out.tls, tls->read());
  }
  return out;
}

Status SourceApi::update(Args args) {
  Listening wanted;
  wanted.config = args.http.config();
  wanted.config.max_body_bytes = args.max_send_message_size.count + kBodySlack;
  if (args.http.tls) {
    WEIR_TRY(wanted.tls, args.http.tls->read());
  }
  std::optional<wire::PushServerConfig> grpc;
  if (args.grpc) {
    WEIR_TRY(grpc, args.grpc->config());
  }
  if (started_) {
    WEIR_TRY_STATUS(listen(wanted));
    if (Status listens = listen_grpc(grpc); !listens) {
      (void)listen(wanted_);  // as it was
      return listens;
    }
  }
  wanted_ = std::move(wanted);
  wanted_grpc_ = std::move(grpc);
  grace_ = args.graceful_shutdown_timeout;
  auto plan = std::make_shared<IntakePlan>();
  plan->next = Fanout<LogBatch>(std::move(args.forward_to));
  plan->labels = std::move(args.labels);
  plan->rules = std::move(args.relabel_rules);
  plan->use_incoming_timestamp = args.use_incoming_timestamp;
  plan->max_bytes = args.max_send_message_size.count;
  plan->settle_timeout = args.http.server_write_timeout;
  plan_.set(std::move(plan));
  return {};
}

Status SourceApi::start() {
  WEIR_TRY_STATUS(listen(wanted_));
  WEIR_TRY_STATUS(listen_grpc(wanted_grpc_));
  started_ = true;
  return {};
}

template <class Server>
void SourceApi::stop(Server& server, Duration grace) {
  exec::Timer patience = strand_.after(std::min<Duration>(grace / 2, kEndPatience),
                                       [waiting = waiting_] { waiting->send_away(); });
  server.stop(grace);
  patience.cancel();
  strand_.post([waiting = waiting_] { waiting->welcome(); });  // behind what may be on its way
}

Status SourceApi::listen(const Listening& wanted) {
  std::shared_ptr<net::HttpServer> old;
  {
    MutexLock lock(mutex_);
    old = server_;
  }
  if (old && wanted.config == listening_.config &&
      wanted.tls.has_value() == listening_.tls.has_value()) {
    if (wanted.tls && *wanted.tls != *listening_.tls) WEIR_TRY_STATUS(old->set_tls(*wanted.tls));
    listening_ = wanted;
    return {};
  }
  const bool same_place =
      wanted.config.host == listening_.config.host && wanted.config.port == listening_.config.port;
  if (old && same_place && wanted.config.port != 0) stop(*old, grace_);
  const auto handler = [this](net::ServerRequest request, net::Responder responder) {
    serve(std::move(request), std::move(responder));
  };
  auto made = wanted.tls
                  ? net::HttpServer::listen(context_.pool(), wanted.config, *wanted.tls, handler)
                  : net::HttpServer::listen(context_.pool(), wanted.config, handler);
  if (!made) return made.error();
  if (old) stop(*old, grace_);
  listening_ = wanted;
  context_.log().info("listening", {{"address", wanted.config.host}, {"port", (*made)->port()}});
  context_.report_health(graph::Health::kHealthy,
                         format("listening on {}:{}", wanted.config.host, (*made)->port()));
  MutexLock lock(mutex_);
  server_ = std::move(*made);
  return {};
}

Status SourceApi::listen_grpc(const std::optional<wire::PushServerConfig>& wanted) {
  if (wanted == listening_grpc_) return {};
  std::shared_ptr<wire::LokiPushServer> old, made;
  {
    MutexLock lock(mutex_);
    old.swap(grpc_);
  }
  const auto serve = [this](wire::PushCall call) { serve_grpc(std::move(call)); };
  const auto listen_as = [&](const wire::PushServerConfig& config) -> Status {
    WEIR_TRY(made, wire::LokiPushServer::listen(context_.pool(), config, serve));
    context_.log().info("listening for gRPC", {{"address", config.host}, {"port", made->port()}});
    return {};
  };
  const bool same_port =
      old && wanted && wanted->port != 0 && wanted->port == listening_grpc_->port;
  if (same_port) stop(*old, grace_);
  Status listens = wanted ? listen_as(*wanted) : Status();
  if (listens) {
    if (old) stop(*old, grace_);
    listening_grpc_ = wanted;
  } else if (same_port) {
    if (!listen_as(*listening_grpc_)) listening_grpc_.reset();
  } else {
    made = std::move(old);
  }
  MutexLock lock(mutex_);
  grpc_ = std::move(made);
  return listens;
}

void SourceApi::stop(Duration deadline) {
  std::shared_ptr<net::HttpServer> server;
  std::shared_ptr<wire::LokiPushServer> grpc;
  {
    MutexLock lock(mutex_);
    server.swap(server_);
    grpc.swap(grpc_);
  }
  const Duration end = context_.clock().steady() + std::min(deadline, grace_);
  const auto left = [&] { return std::max(end - context_.clock().steady(), Duration::zero()); };
  if (server) stop(*server, left());
  if (grpc) stop(*grpc, left());
  listening_grpc_.reset();
  started_ = false;
}

std::shared_ptr<PendingAnswer> SourceApi::pending(std::string method, std::string route,
                                                  std::size_t bytes,
                                                  std::function<void(net::ServerResponse)> send) {
  return std::make_shared<PendingAnswer>(
      [metrics = metrics_, &clock = context_.clock(), began = context_.clock().steady(),
       method = std::move(method), route = std::move(route), bytes,
       send = std::move(send)](net::ServerResponse response) {
        metrics->end(method, route, response.status, clock.steady() - began, bytes,
                     response.body.size());
        send(std::move(response));
      });
}

void SourceApi::serve(net::ServerRequest request, net::Responder responder) {
  static constexpr std::array<std::string_view, 2> kPush = {"/loki/api/v1/push", "/api/v1/push"};
  static constexpr std::array<std::string_view, 2> kRaw = {"/loki/api/v1/raw", "/api/v1/raw"};
  const auto is_one_of = [&](const auto& paths) {
    return std::find(paths.begin(), paths.end(), request.path) != paths.end();
  };
  const bool push = is_one_of(kPush), raw = is_one_of(kRaw), ready = request.path == "/ready";
  std::size_t connections = 0;
  {
    MutexLock lock(mutex_);
    if (server_) connections = server_->connections();
  }
  metrics_->begin("http", connections);
  const auto shared = std::make_shared<net::Responder>(std::move(responder));
  const auto answer =
      pending(request.method, push || raw || ready ? request.path : "other", request.body.size(),
              [shared](net::ServerResponse response) { shared->send(std::move(response)); });
  if (ready && request.method == "GET") return answer->give(plain(200, "ready"));
  if (!push && !raw && !ready) return answer->give(plain(404, "404 page not found"));
  if (ready || request.method != "POST") return answer->give(plain(405));
  const auto plan = plan_.get();
  const Time now = context_.clock().now();
  take(raw ? read_raw(std::move(request), *plan, now) : read_push(std::move(request), *plan, now),
       *plan, answer);
}

void SourceApi::serve_grpc(wire::PushCall call) {
  std::size_t connections = 0;
  {
    MutexLock lock(mutex_);
    if (grpc_) connections = grpc_->connections();
  }
  metrics_->begin("grpc", connections);
  const auto answer = pending("gRPC", "/logproto.Pusher/Push", call.message.size(),
                              [answer = std::move(call.answer)](const net::ServerResponse& r) {
                                answer(r.status, r.body);
                              });
  const auto plan = plan_.get();
  take(read_message(std::move(call.message), call.tenant, *plan, context_.clock().now()), *plan,
       answer);
}

void SourceApi::take(Result<Intake> intake, const IntakePlan& plan,
                     const std::shared_ptr<PendingAnswer>& answer) {
  if (!intake || intake->push.bad_labels) metrics_->failed();
  if (!intake) return answer->give(plain(400, intake.error().message));
  const std::string complaint = intake->push.bad_labels ? intake->push.bad_labels->message : "";
  LogBatch batch = std::move(intake->push.batch);
  if (batch.empty()) return answer->give(answer_of({}, complaint));
  const std::size_t bytes = intake->bytes;
  metrics_->received(batch.size());
  if (!window_->try_charge(bytes)) {
    metrics_->sent_back(batch.size());
    return answer->give(try_again(429, "destinations are behind"));
  }
  batch.receipt =
      Receipt::make_awaited([answer, complaint, window = window_, bytes](const Outcome& outcome) {
        window->release(bytes);
        answer->give(answer_of(outcome, complaint));
      });
  answer->keep(strand_.after(plan.settle_timeout, [weak = std::weak_ptr(answer)] {
    if (const auto late = weak.lock()) late->give(try_again(503, "not delivered in time"));
  }));
  // Its receipt answers for what is dropped here.
  if (!waiting_->add(answer)) return metrics_->sent_back(batch.size());
  metrics_->wrote(batch.size());
  plan.next.consume(std::move(batch));
}

value::Value SourceApi::debug_info() const {
  value::Object out;
  out.ordered = true;
  out.members.emplace_back("unsettled_bytes", value::Value::natural(window_->unsettled()));
  MutexLock lock(mutex_);
  if (server_) {
    out.members.emplace_back("port", value::Value::natural(server_->port()));
    out.members.emplace_back("connections", value::Value::natural(server_->connections()));
  }
  if (grpc_) {
    out.members.emplace_back("grpc_port", value::Value::natural(grpc_->port()));
    out.members.emplace_back("grpc_connections", value::Value::natural(grpc_->connections()));
  }
  return value::Value(std::move(out));
}

}  // namespace
}  // namespace weir::loki

namespace weir {
extern constexpr catalog::ComponentDef loki_source_api =
    graph::define<loki::SourceApi>("loki.source.api", schema::Stability::kGenerallyAvailable,
                                   "Takes log entries pushed over HTTP or gRPC, as Loki does.");
}

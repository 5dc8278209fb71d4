// SPDX-License-Identifier: Apache-2.0
// loki.source.api: an HTTP server that takes pushes as Loki does, and answers with what became of
// them.

#include "base/mutex.h"
#include "base/snapshot.h"
#include "components/core/http_server_args.h"
#include "components/core/window.h"
#include "components/loki/source_api/push_intake.h"
#include "interpreter/graph/component.h"

#include <array>
#include <map>
#include <tuple>
#include <utility>

namespace weir::loki {
namespace {

constexpr std::size_t kBodySlack = 64u
                                   << 10;  // so that a body a little too large is told so in words

net::ServerResponse plain(int status, std::string body = {}) {
  net::ServerResponse response;
  response.status = status;
  if (!body.empty()) response.body = std::move(body) + "\n";
  return response;
}

/// "Not now": the client keeps its data and comes again.
net::ServerResponse try_again(int status, std::string body) {
  net::ServerResponse response = plain(status, std::move(body));
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

/// The one answer of a request, given by whoever is first: the receipt or the timeout. Threads:
/// any.
class PendingAnswer {
 public:
  explicit PendingAnswer(std::function<void(net::ServerResponse)> send) : send_(std::move(send)) {}
  void give(net::ServerResponse response) WEIR_EXCLUDES(mutex_) {
    std::function<void(net::ServerResponse)> send;
    exec::Timer timer;
    {
      MutexLock lock(mutex_);
      send.swap(send_);
      timer = std::move(timer_);
    }
    if (send) send(std::move(response));
  }
  void keep(exec::Timer timer) WEIR_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (send_) timer_ = std::move(timer);
  }

 private:
  Mutex mutex_;
  std::function<void(net::ServerResponse)> send_ WEIR_GUARDED_BY(mutex_);
  exec::Timer timer_ WEIR_GUARDED_BY(mutex_);
};

/// What the server counts. Threads: any.
class ApiMetrics {
 public:
  explicit ApiMetrics(const MetricScope& scope)
      : scope_(scope),
        inflight_(scope.gauge("loki_source_api_inflight_requests",
                              "Requests that wait for their answer.")),
        connections_(scope.gauge("loki_source_api_tcp_connections", "Open connections.",
                                 {{"protocol", "http"}})),
        entries_(scope.counter("loki_source_api_entries_written", "Log entries sent on.")) {}

  void begin(std::size_t connections) {
    inflight_.add(1);
    connections_.set(static_cast<double>(connections));
  }
  void wrote(std::size_t entries) { entries_.add(static_cast<double>(entries)); }
  void end(const std::string& method, const std::string& route, int status, Duration took,
           std::size_t in, std::size_t out) WEIR_EXCLUDES(mutex_) {
    inflight_.add(-1);
    MutexLock lock(mutex_);
    const auto [at, is_new] = series_.try_emplace({method, route, status});
    if (is_new) at->second = make(method, route, status);
    at->second.seconds.observe(std::chrono::duration<double>(took).count());
    at->second.request.observe(static_cast<double>(in));
    at->second.response.observe(static_cast<double>(out));
  }

 private:
  struct Series {
    Histogram seconds, request, response;
  };
  [[nodiscard]] Series make(const std::string& method, const std::string& route, int status) const {
    const std::vector<double> bytes = {1024,    16384,   65536,    262144,
                                       1048576, 4194304, 16777216, 67108864};
    const MetricLabels labels = {{"method", method}, {"route", route}};
    MetricLabels with_status = labels;
    with_status.emplace_back("status_code", format("{}", status));
    return {scope_.histogram(
                "loki_source_api_request_duration_seconds", "Time to answer a request.",
                {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25}, with_status),
            scope_.histogram("loki_source_api_request_message_bytes", "Size of a request's body.",
                             bytes, labels),
            scope_.histogram("loki_source_api_response_message_bytes", "Size of an answer's body.",
                             bytes, labels)};
  }

  const MetricScope scope_;
  const Gauge inflight_, connections_;
  const Counter entries_;
  Mutex mutex_;
  std::map<std::tuple<std::string, std::string, int>, Series> series_ WEIR_GUARDED_BY(mutex_);
};

/// How an answer tells what became of a push. `complaint` is what was wrong with a part of it.
net::ServerResponse answer_of(Outcome outcome, const std::string& complaint) {
  switch (outcome.verdict) {
    case Verdict::kDelivered: return complaint.empty() ? plain(204) : plain(400, complaint);
    case Verdict::kRejected:
      if (outcome.status >= 400) return plain(outcome.status, "refused by a destination");
      return try_again(503, "no destination could be reached");
    case Verdict::kAbandoned: return try_again(503, "stopping");
  }
  return plain(500);
}

/// Takes pushes over HTTP.
///
/// Data:    LogBatch out, one a request; the answer follows its receipt.
/// Threads: requests on workers, many at once; the rest control.
/// Source:  corpus components/loki_push.
class SourceApi final : public graph::Component {
 public:
  struct Grpc {
    static schema::Schema schema() { return {}; }
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
  void serve(net::ServerRequest request, net::Responder responder);
  void take(net::ServerRequest request, bool raw, const std::shared_ptr<PendingAnswer>& answer);

  graph::Context& context_;
  const exec::Strand strand_;
  const std::shared_ptr<ApiMetrics> metrics_;
  const std::shared_ptr<Window> window_ = std::make_shared<Window>();
  Snapshot<IntakePlan> plan_{std::make_shared<const IntakePlan>()};
  Listening wanted_;
  Duration grace_{};
  bool started_ = false;
  Listening listening_;
  mutable Mutex mutex_;
  std::shared_ptr<net::HttpServer> server_ WEIR_GUARDED_BY(mutex_);
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
      schema::block<&Args::grpc>("grpc", "How to listen for gRPC.")
          .not_built("pushes over gRPC are not built yet; HTTP takes the same messages"),
  });
  return kTable;
}

Status SourceApi::update(Args args) {
  Listening wanted;
  wanted.config = args.http.config();
  wanted.config.max_body_bytes = args.max_send_message_size.count + kBodySlack;
  if (args.http.tls) {
    WEIR_TRY(wanted.tls, args.http.tls->read());
  }
  if (started_) WEIR_TRY_STATUS(listen(wanted));
  wanted_ = std::move(wanted);
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
  started_ = true;
  return {};
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
  if (old && same_place && wanted.config.port != 0) old->stop(grace_);
  const auto handler = [this](net::ServerRequest request, net::Responder responder) {
    serve(std::move(request), std::move(responder));
  };
  auto made = wanted.tls
                  ? net::HttpServer::listen(context_.pool(), wanted.config, *wanted.tls, handler)
                  : net::HttpServer::listen(context_.pool(), wanted.config, handler);
  if (!made) return made.error();
  if (old) old->stop(grace_);
  listening_ = wanted;
  context_.log().info("listening", {{"address", wanted.config.host}, {"port", (*made)->port()}});
  context_.report_health(graph::Health::kHealthy,
                         format("listening on {}:{}", wanted.config.host, (*made)->port()));
  MutexLock lock(mutex_);
  server_ = std::move(*made);
  return {};
}

void SourceApi::stop(Duration deadline) {
  std::shared_ptr<net::HttpServer> server;
  {
    MutexLock lock(mutex_);
    server.swap(server_);
  }
  if (server) server->stop(std::min(deadline, grace_));
  started_ = false;
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
  metrics_->begin(connections);
  const auto shared = std::make_shared<net::Responder>(std::move(responder));
  const auto answer = std::make_shared<PendingAnswer>(
      [shared, metrics = metrics_, &clock = context_.clock(), began = context_.clock().steady(),
       method = request.method, route = push || raw || ready ? request.path : "other",
       in = request.body.size()](net::ServerResponse response) {
        metrics->end(method, route, response.status, clock.steady() - began, in,
                     response.body.size());
        shared->send(std::move(response));
      });
  if (ready && request.method == "GET") return answer->give(plain(200, "ready"));
  if (!push && !raw && !ready) return answer->give(plain(404, "404 page not found"));
  if (ready || request.method != "POST") return answer->give(plain(405));
  take(std::move(request), raw, answer);
}

void SourceApi::take(net::ServerRequest request, bool raw,
                     const std::shared_ptr<PendingAnswer>& answer) {
  const auto plan = plan_.get();
  const Time now = context_.clock().now();
  Result<Intake> intake =
      raw ? read_raw(std::move(request), *plan, now) : read_push(std::move(request), *plan, now);
  if (!intake) return answer->give(plain(400, intake.error().message));
  const std::string complaint = intake->push.bad_labels ? intake->push.bad_labels->message : "";
  LogBatch batch = std::move(intake->push.batch);
  if (batch.empty()) return answer->give(answer_of({}, complaint));
  const std::size_t bytes = intake->bytes;
  if (!window_->try_charge(bytes)) return answer->give(try_again(429, "destinations are behind"));
  batch.receipt = Receipt::make([answer, complaint, window = window_, bytes](Outcome outcome) {
    window->release(bytes);
    answer->give(answer_of(outcome, complaint));
  });
  answer->keep(strand_.after(plan->settle_timeout, [weak = std::weak_ptr(answer)] {
    if (const auto late = weak.lock()) late->give(try_again(503, "not delivered in time"));
  }));
  metrics_->wrote(batch.size());
  plan->next.consume(std::move(batch));
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
  return value::Value(std::move(out));
}

}  // namespace
}  // namespace weir::loki

namespace weir {
extern constexpr catalog::ComponentDef loki_source_api =
    graph::define<loki::SourceApi>("loki.source.api", schema::Stability::kGenerallyAvailable,
                                   "Takes log entries pushed over HTTP, as Loki does.");
}

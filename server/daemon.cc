// SPDX-License-Identifier: Apache-2.0
#include "server/daemon.h"

#include "base/exec/file_events.h"
#include "base/exec/signals.h"
#include "base/format.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/mutex.h"
#include "base/net/http_server.h"
#include "base/rare_log.h"
#include "interpreter/check/check.h"
#include "interpreter/syntax/parse.h"
#include "server/access.h"
#include "server/api.h"
#include "server/live_debugging.h"
#include "server/self_metrics.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <deque>
#include <optional>
#include <set>
#include <thread>

namespace weir::server {
namespace {

constexpr std::size_t kMaxWaitingReloads = 64;
constexpr std::size_t kMaxRequestBytes = 16u << 20;
constexpr std::size_t kMaxConnections = 256;
/// Clients of the daemon's own server are near and ask little: who is slower than this holds others up.
constexpr std::chrono::seconds kHeaderTimeout(5);
constexpr std::chrono::seconds kBodyTimeout(30);
constexpr std::size_t kMaxLoggedDiagnostics = 20;
constexpr std::chrono::seconds kServerStop(5);

std::string whole_text(const graph::Controller::Files& files) {
  std::string text;
  for (const auto& file : files) text += file->text();
  return text;
}

/// One line, without the source it is about: that may hold a secret.
std::string told(const text::Diagnostic& diagnostic) {
  std::string text =
      format("{}[{}]: {}", diagnostic.severity == text::Severity::kError ? "error" : "warning",
             text::info(diagnostic.code).number, text::one_line(diagnostic));
  if (!diagnostic.hint.empty()) text += format("; help: {}", diagnostic.hint);
  for (const text::Note& note : diagnostic.notes)
    text += format("; note: {}", text::one_line(note));
  return text;
}

std::string told(const text::DiagnosticSink& sink) {
  std::string text;
  for (const text::Diagnostic& diagnostic : sink.all()) text += told(diagnostic) + "\n";
  return text;
}

/// Adds those of `severity` in `more` that are not in `all` yet; `known` holds code and place of those that are.
void add_new(text::Severity severity, const text::DiagnosticSink& more,
             std::set<std::string>& known, text::DiagnosticSink& all) {
  for (const text::Diagnostic& d : more.all()) {
    const text::Position at = d.span.start();
    if (d.severity != severity) continue;
    if (!known
             .insert(format("{} {} {}:{}", text::info(d.code).number,
                            d.span ? d.span.source->name() : d.message, at.line, at.column))
             .second)
      continue;
    all.add(d.code, d.span, d.message, d.hint).notes = d.notes;
  }
}

net::ServerResponse said(int status, std::string text) {
  net::ServerResponse response;
  response.status = status;
  response.body = std::move(text);
  return response;
}

bool is_reading(const net::ServerRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

net::ServerResponse not_allowed(std::string text, std::string methods) {
  net::ServerResponse response = said(405, std::move(text));
  response.headers.emplace_back("Allow", std::move(methods));
  return response;
}

/// An IPv6 address stands in brackets.
std::string host_and_port(const std::string& host, std::uint16_t port) {
  return host.find(':') == std::string::npos ? format("{}:{}", host, port)
                                             : format("[{}]:{}", host, port);
}

std::unique_ptr<exec::FileEvents> open_file_events(exec::Pool& pool) {
  auto events = exec::FileEvents::open(pool);
  return events ? std::move(*events) : nullptr;
}

/// Everything a running program holds, in the order it has to go.
class Daemon {
 public:
  Daemon(const DaemonOptions& options, const catalog::Catalog& catalog,
         const catalog::FunctionTable& functions, const catalog::CallContext& call_context);
  DaemonExit run();

 private:
  /// What the one thread that loads is asked.
  struct Order {
    enum class Kind { kReload, kStop } kind;
    std::shared_ptr<net::Responder> answer;  ///< null: a signal asked
  };

  Status listen();
  void answer(const net::ServerRequest& request, net::Responder responder);
  [[nodiscard]] std::optional<net::ServerResponse> refuse(const net::ServerRequest& request);
  void order(Order order) WEIR_EXCLUDES(mutex_);
  Order next_order() WEIR_EXCLUDES(mutex_);
  bool stop_ordered() WEIR_EXCLUDES(mutex_);
  /// Loads what the files hold now; the answer says what came of it.
  net::ServerResponse load();
  net::ServerResponse load_failed(std::string text);
  [[nodiscard]] text::DiagnosticSink checked(const graph::Controller::Files& files,
                                             text::Severity severity,
                                             const text::DiagnosticSink& found) const;
  void log_diagnostics() const;
  void stop();

  const DaemonOptions options_;
  const catalog::Catalog& catalog_;
  const catalog::FunctionTable& functions_;
  LogOutput log_output_{Clock::system()};
  MetricRegistry metrics_;
  Access access_;
  LiveDebugging live_;
  graph::Services services_;
  SelfMetrics self_metrics_{metrics_};
  exec::Pool pool_;
  std::unique_ptr<exec::FileEvents>
      file_events_;  ///< null: the system has none left, imported files are polled
  graph::Controller controller_;
  const Logger log_{log_output_};
  RareLog rare_log_{log_};
  Api api_;
  std::atomic<bool> ready_ = false;
  text::DiagnosticSink last_diagnostics_;
  Mutex mutex_;
  Condition ordered_;
  std::deque<Order> orders_ WEIR_GUARDED_BY(mutex_);
  std::unique_ptr<net::HttpServer> server_;
};

Daemon::Daemon(const DaemonOptions& options, const catalog::Catalog& catalog,
               const catalog::FunctionTable& functions, const catalog::CallContext& call_context)
    : options_(options),
      catalog_(catalog),
      functions_(functions),
      pool_(std::max(2U, std::thread::hardware_concurrency())),
      file_events_(open_file_events(pool_)),
      controller_(graph::Environment{.catalog = catalog,
                                     .functions = functions,
                                     .call_context = call_context,
                                     .pool = pool_,
                                     .metrics = metrics_,
                                     .log = log_output_,
                                     .services = &services_,
                                     .file_events = file_events_.get(),
                                     .storage_path = options.storage_path,
                                     .minimum_stability = options.minimum_stability,
                                     .community = options.community}),
      api_(controller_, metrics_, live_, options.api) {
  services_.provide(log_output_);
  services_.provide(access_);
  services_.provide(live_);
}

Status Daemon::listen() {
  net::HttpServerConfig config;
  config.host = options_.listen_host;
  config.port = options_.listen_port;
  config.max_body_bytes = kMaxRequestBytes;
  config.max_connections = kMaxConnections;
  config.header_timeout = kHeaderTimeout;
  config.read_timeout = kBodyTimeout;
  WEIR_TRY(server_,
           net::HttpServer::listen(
               pool_, config, [this](const net::ServerRequest& request, net::Responder responder) {
                 answer(request, std::move(responder));
               }));
  access_.on_tls(
      [this](const std::optional<net::ServerTls>& tls) { return server_->set_tls(tls); });
  const std::string address = host_and_port(config.host, server_->port());
  log_.info("now listening for http traffic", {{"addr", address}});
  if (options_.listening) options_.listening(address);
  return {};
}

std::optional<net::ServerResponse> Daemon::refuse(const net::ServerRequest& request) {
  auto refusal = access_.refuse(request);
  if (refusal && !request.header("Authorization").empty())
    rare_log_.warn("request refused: wrong credentials",
                   {{"peer", request.peer}, {"path", request.path}});
  return refusal;
}

void Daemon::answer(const net::ServerRequest& request, net::Responder responder) {
  if (auto refusal = refuse(request)) return responder.send(std::move(*refusal));
  if (request.path == "/-/reload") {
    if (request.method != "GET" && request.method != "POST")
      return responder.send(not_allowed("GET or POST reloads\n", "GET, POST"));
    return order({Order::Kind::kReload, std::make_shared<net::Responder>(std::move(responder))});
  }
  if (request.path == "/-/ready" && is_reading(request)) {
    return responder.send(ready_ ? said(200, "Alloy is ready.\n")
                                 : said(503, "Alloy is not ready.\n"));
  }
  if (request.path == "/metrics") self_metrics_.refresh();
  responder.send(api_.answer(request));
}

void Daemon::order(Order order) {
  if (order.kind == Order::Kind::kStop) controller_.give_up();
  MutexLock lock(mutex_);
  if (order.kind == Order::Kind::kStop) {
    orders_.push_front(std::move(order));  // what waits to be loaded is not worth loading any more
  } else if (orders_.size() < kMaxWaitingReloads) {
    orders_.push_back(std::move(order));
  }  // else the responder answers 503 as it goes
  ordered_.notify_one();
}

Daemon::Order Daemon::next_order() {
  MutexLock lock(mutex_);
  ordered_.wait(mutex_, [this]() WEIR_REQUIRES(mutex_) { return !orders_.empty(); });
  Order order = std::move(orders_.front());
  orders_.pop_front();
  return order;
}

bool Daemon::stop_ordered() {
  MutexLock lock(mutex_);
  return !orders_.empty() && orders_.front().kind == Order::Kind::kStop;
}

net::ServerResponse Daemon::load() {
  const auto files = options_.read();
  last_diagnostics_ = {};
  if (!files) {
    if (!ready_) return load_failed(files.error().message);
    last_diagnostics_.add(text::DiagnosticCode::kUnreadable, {}, files.error().message);
    return load_failed(told(last_diagnostics_));
  }
  graph::LoadResult result = controller_.load(*files, options_.module_path);
  last_diagnostics_ = std::move(result.diagnostics);
  if (!result.ok) {
    last_diagnostics_ = checked(*files, text::Severity::kError, last_diagnostics_);
    return load_failed(told(last_diagnostics_));
  }
  last_diagnostics_ = checked(*files, text::Severity::kWarning, last_diagnostics_);
  self_metrics_.loaded(whole_text(*files), Clock::system().now());
  ready_ = true;
  log_diagnostics();
  log_.info("config loaded", {{"added", result.added},
                              {"updated", result.updated},
                              {"removed", result.removed},
                              {"untouched", result.untouched}});
  return said(200, "config reloaded\n" + result.summary() + "\n");
}

/// What the graph `found` and the checker sees beyond it: of a configuration that was refused every mistake, for the
/// graph stops at the first step that fails; of one that was taken what it may not be meant to do.
text::DiagnosticSink Daemon::checked(const graph::Controller::Files& files, text::Severity severity,
                                     const text::DiagnosticSink& found) const {
  std::vector<std::shared_ptr<const syntax::File>> parsed;
  text::DiagnosticSink all;
  for (const auto& file : files) parsed.push_back(syntax::parse_file(file, all));
  if (all.has_errors()) return all;
  check::Options how;
  how.minimum_stability = options_.minimum_stability;
  how.community = options_.community;
  how.module_path = options_.module_path;
  std::set<std::string> known;
  add_new(severity, found, known, all);
  add_new(severity, check::check(parsed, catalog_, functions_, how), known, all);
  all.sort();
  return all;
}

net::ServerResponse Daemon::load_failed(std::string text) {
  self_metrics_.load_failed();
  if (!ready_) return said(400, std::move(text));  // the program ends, and says itself why
  log_diagnostics();
  log_.error("failed to reload config, the running one stays",
             {{"errors", last_diagnostics_.error_count()}});
  return said(400, std::move(text));
}

void Daemon::log_diagnostics() const {
  std::size_t left = kMaxLoggedDiagnostics;
  for (const text::Diagnostic& diagnostic : last_diagnostics_.all()) {
    if (left-- == 0) return;
    if (diagnostic.severity == text::Severity::kError)
      log_.error("mistake in the configuration", {{"err", told(diagnostic)}});
    else
      log_.warn("doubt about the configuration", {{"err", told(diagnostic)}});
  }
}

void Daemon::stop() {
  log_.info("stopping");
  ready_ = false;
  controller_.stop(options_.shutdown_deadline);
  if (server_ != nullptr) server_->stop(kServerStop);
  log_.info("stopped");
}

DaemonExit Daemon::run() {
  if (const Status listening = listen(); !listening) {
    log_output_.configure(LogLevel::kInfo, LogFormat::kLogfmt);
    return {DaemonExit::Reason::kFailed, listening.error().message, {}};
  }
  const exec::Signals signals(pool_, pool_.strand(), {SIGHUP, SIGINT, SIGTERM}, [this](int number) {
    order({number == SIGHUP ? Order::Kind::kReload : Order::Kind::kStop, nullptr});
  });
  if (net::ServerResponse failed = load(); failed.status != 200) {
    log_output_.configure(LogLevel::kInfo, LogFormat::kLogfmt);
    const bool given_up = stop_ordered();
    stop();
    if (given_up) return {};
    if (last_diagnostics_.has_errors())
      return {DaemonExit::Reason::kBadConfiguration, {}, std::move(last_diagnostics_)};
    return {DaemonExit::Reason::kFailed, failed.body.substr(0, failed.body.find('\n')), {}};
  }
  while (true) {
    const Order order = next_order();
    if (order.kind == Order::Kind::kStop) break;
    net::ServerResponse response = load();
    if (order.answer != nullptr) order.answer->send(std::move(response));
  }
  stop();
  return {};
}

}  // namespace

DaemonExit run_daemon(const DaemonOptions& options, const catalog::Catalog& catalog,
                      const catalog::FunctionTable& functions,
                      const catalog::CallContext& call_context) {
  return Daemon(options, catalog, functions, call_context).run();
}

}  // namespace weir::server

// SPDX-License-Identifier: Apache-2.0
#include "server/daemon.h"

#include "base/exec/file_events.h"
#include "base/exec/signals.h"
#include "base/format.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/mutex.h"
#include "base/net/http_server.h"
#include "server/access.h"
#include "server/api.h"
#include "server/live_debugging.h"
#include "server/self_metrics.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <deque>
#include <optional>
#include <thread>

namespace weir::server {
namespace {

constexpr std::size_t kMaxWaitingReloads = 64;
constexpr std::size_t kMaxRequestBytes = 16u << 20;
constexpr std::chrono::seconds kServerStop(5);

std::string whole_text(const graph::Controller::Files& files) {
  std::string text;
  for (const auto& file : files) text += file->text();
  return text;
}

net::ServerResponse said(int status, std::string text) {
  net::ServerResponse response;
  response.status = status;
  response.body = std::move(text);
  return response;
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
  void answer(net::ServerRequest request, net::Responder responder);
  void order(Order order) WEIR_EXCLUDES(mutex_);
  Order next_order() WEIR_EXCLUDES(mutex_);
  /// Loads what the files hold now; the answer says what came of it.
  net::ServerResponse load();
  void stop();

  const DaemonOptions options_;
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
      api_(controller_, metrics_, live_, options.ui_prefix) {
  services_.provide(log_output_);
  services_.provide(access_);
  services_.provide(live_);
}

Status Daemon::listen() {
  net::HttpServerConfig config;
  config.host = options_.listen_host;
  config.port = options_.listen_port;
  config.max_body_bytes = kMaxRequestBytes;
  WEIR_TRY(server_,
           net::HttpServer::listen(pool_, config,
                                   [this](net::ServerRequest request, net::Responder responder) {
                                     answer(std::move(request), std::move(responder));
                                   }));
  access_.on_tls(
      [this](const std::optional<net::ServerTls>& tls) { return server_->set_tls(tls); });
  if (options_.listening) options_.listening(format("{}:{}", config.host, server_->port()));
  return {};
}

void Daemon::answer(net::ServerRequest request, net::Responder responder) {
  if (auto refusal = access_.refuse(request)) return responder.send(std::move(*refusal));
  if (request.path == "/-/reload") {
    if (request.method != "GET" && request.method != "POST")
      return responder.send(said(405, "GET or POST reloads\n"));
    return order({Order::Kind::kReload, std::make_shared<net::Responder>(std::move(responder))});
  }
  if (request.path == "/-/ready") {
    return responder.send(ready_ ? said(200, "Alloy is ready.\n")
                                 : said(503, "Alloy is not ready.\n"));
  }
  if (request.path == "/metrics") self_metrics_.refresh();
  responder.send(api_.answer(request));
}

void Daemon::order(Order order) {
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

net::ServerResponse Daemon::load() {
  const auto fail = [this](std::string text) {
    self_metrics_.load_failed();
    log_.error("failed to reload config", {{"err", text}});
    return said(400, std::move(text));
  };
  const auto files = options_.read();
  if (!files) return fail(files.error().message + "\n");
  graph::LoadResult result = controller_.load(*files, options_.module_path);
  last_diagnostics_ = std::move(result.diagnostics);
  if (!result.ok) return fail(text::render(last_diagnostics_.all(), {}));
  self_metrics_.loaded(whole_text(*files), Clock::system().now());
  ready_ = true;
  log_.info("config loaded", {{"added", result.added},
                              {"updated", result.updated},
                              {"removed", result.removed},
                              {"untouched", result.untouched}});
  return said(200, "config reloaded\n" + result.summary() + "\n");
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
  if (load().status != 200) {
    log_output_.configure(LogLevel::kInfo, LogFormat::kLogfmt);
    stop();
    if (last_diagnostics_.has_errors())
      return {DaemonExit::Reason::kBadConfiguration, {}, std::move(last_diagnostics_)};
    return {DaemonExit::Reason::kFailed, "could not perform the initial load successfully", {}};
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

// SPDX-License-Identifier: Apache-2.0
// loki.write: pushes log entries to Loki, to each of its endpoints.

#include "base/redact.h"
#include "base/snapshot.h"
#include "components/core/sink.h"
#include "components/loki/write/endpoint.h"
#include "components/loki/write/wal_reader.h"
#include "interpreter/graph/component.h"

#include <algorithm>
#include <set>

namespace weir::loki {
namespace {

/// Pushes log entries to Loki.
///
/// Data:    LogBatch in; delivered when each endpoint answered 2xx, rejected when one refused for
///          good or retries ran out, abandoned when it ends before. With a write-ahead log:
///          delivered when it is on disk; what becomes of it then is counted, and told in the log.
/// Threads: consume() from any thread, many at once; each endpoint has its own queues.
/// Source:  corpus components/loki_push.
class Write final : public graph::Component, public LogSink {
 public:
  using Args = WriteArgs;
  struct Exports {
    LogReceiver receiver;
    static schema::Schema schema();
  };

  explicit Write(graph::Context& context)
      : context_(context),
        received_(context.metrics().counter("loki_write_received_entries_total",
                                            "Log entries that came.")) {}
  ~Write() override { stop(Duration::zero()); }

  Status update(Args args);
  void wind_down() override;
  void stop(Duration deadline) override;
  [[nodiscard]] value::Value debug_info() const override;
  void consume(LogBatch batch) override;

 private:
  struct Plan {
    std::vector<std::shared_ptr<Endpoint>> endpoints;
    std::map<std::string, std::string> external_labels;
    std::shared_ptr<Wal> wal;   ///< null: there is none
    bool writes_ahead = false;  ///< else entries go to the endpoints at once
  };
  /// Also if it is switched off, but holds entries of an earlier run.
  Status open_wal(const WalArgs& args);
  /// Each endpoint that goes leaves the log, each that comes reads it.
  void read_wal(const Plan& next);
  void report_health();

  graph::Context& context_;
  const Counter received_;
  const std::shared_ptr<LogPort> port_ = std::make_shared<LogPort>();
  Snapshot<Plan> plan_{std::make_shared<const Plan>()};
  std::vector<std::shared_ptr<Endpoint>> retired_;  // drain
  std::shared_ptr<Wal> wal_;  // also while it is switched off but not yet empty
  std::map<std::shared_ptr<Endpoint>, std::shared_ptr<WalReader>> readers_;
};

schema::Schema Write::Exports::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Exports::receiver>("receiver", "Takes log entries."),
  });
  return kTable;
}

Status Write::update(Args args) {
  std::erase_if(retired_, [](const auto& endpoint) {
    if (!endpoint->wait_drained(Duration::zero())) return false;
    endpoint->stop();
    return true;
  });
  WEIR_TRY_STATUS(open_wal(args.wal));
  auto next = std::make_shared<Plan>();
  next->wal = wal_;
  next->writes_ahead = args.wal.enabled && !args.endpoints.empty();
  next->external_labels = std::move(args.external_labels);
  std::vector<std::shared_ptr<Endpoint>> old = plan_.get()->endpoints;
  for (const EndpointArgs& endpoint : args.endpoints) {
    EndpointConfig config = endpoint.config(args.max_streams);
    const auto same = std::find_if(old.begin(), old.end(),
                                   [&](const auto& one) { return one->config == config; });
    if (same != old.end()) {
      next->endpoints.push_back(*same);
      old.erase(same);
    } else {
      next->endpoints.push_back(
          std::make_shared<Endpoint>(std::move(config), context_, [this] { report_health(); }));
    }
  }
  read_wal(*next);
  plan_.set(std::move(next));
  for (const auto& endpoint : old) {
    endpoint->drain();
    retired_.push_back(endpoint);
  }
  port_->open(*this);
  context_.publish(Exports{{port_}});
  report_health();
  return {};
}

Status Write::open_wal(const WalArgs& args) {
  if (wal_ != nullptr) wal_->configure(args.config());
  if (wal_ != nullptr) return {};
  const auto data = context_.data_dir();
  if (!data && !args.enabled) return {};
  if (!data) return data.error();
  const std::string folder = *data + "/wal";
  if (!args.enabled && !Wal::has_entries(folder)) return {};
  auto opened = Wal::open(folder, args.config(),
                          {context_.pool(), context_.clock(), context_.log(), context_.metrics(),
                           [this] { report_health(); }});
  if (!opened && args.enabled) return opened.error().within("write-ahead log");
  if (!opened) {
    context_.log().error("the write-ahead log is switched off, what is left in it cannot be read",
                         {{"folder", folder}, {"error", opened.error().message}});
    return {};
  }
  wal_ = *std::move(opened);
  if (!args.enabled)
    context_.log().info("the write-ahead log is switched off, what is left in it is sent",
                        {{"folder", folder}, {"bytes", wal_->bytes_behind(wal_->begin())}});
  return {};
}

void Write::read_wal(const Plan& next) {
  if (wal_ == nullptr) return;
  std::set<std::string> names;
  for (const auto& endpoint : next.endpoints) names.insert(marker_name(endpoint->config));
  std::erase_if(readers_, [&](const auto& one) {
    const auto& [endpoint, reader] = one;
    const auto& stay = next.endpoints;
    if (std::find(stay.begin(), stay.end(), endpoint) != stay.end()) return false;
    reader->stop();
    reader->close(!names.contains(reader->name()));
    return true;
  });
  WalReader::leave_others(*wal_, names);
  for (const auto& [endpoint, reader] : readers_) names.erase(reader->name());
  std::vector<std::shared_ptr<WalReader>> came;
  for (const auto& endpoint : next.endpoints) {
    // Those that share a name, which they may while the log is switched off, share a place in it.
    if (names.erase(marker_name(endpoint->config)) == 0) continue;
    came.push_back(WalReader::open(wal_, marker_name(endpoint->config), endpoint));
    readers_[endpoint] = came.back();
  }
  for (const auto& reader : came) reader->start();
}

/// Whoever waits for receipts learns soon what cannot be delivered. A log is not hurried: its entries
/// have no one who waits, and are read again.
void Write::wind_down() {
  if (wal_ != nullptr) return;
  const auto plan = plan_.get();
  for (const auto& endpoint : plan->endpoints) endpoint->hurry();
}

void Write::stop(Duration deadline) {
  port_->close();
  const Duration end = context_.clock().steady() + deadline;
  const auto left = [&] { return std::max(end - context_.clock().steady(), Duration::zero()); };
  if (wal_ != nullptr) wal_->close();
  for (const auto& [endpoint, reader] : readers_) {
    reader->drain(std::min(left(), wal_->config().drain_timeout));
    reader->stop();
  }
  const auto plan = plan_.get();
  for (const auto& endpoint : plan->endpoints) {
    endpoint->drain();
    retired_.push_back(endpoint);
  }
  for (const auto& endpoint : retired_) {
    endpoint->wait_drained(left());
    endpoint->stop();
  }
  for (const auto& [endpoint, reader] : readers_) reader->close(false);
  readers_.clear();
  plan_.set(std::make_shared<const Plan>());
  retired_.clear();
}

void Write::consume(LogBatch batch) {
  received_.add(static_cast<double>(batch.size()));
  const auto plan = plan_.get();
  const auto& endpoints = plan->endpoints;
  if (endpoints.empty()) return batch.receipt.deliver();
  for (TenantBatch& part : by_tenant(std::move(batch), plan->external_labels)) {
    if (plan->writes_ahead) {
      plan->wal->append(std::move(part));
      continue;
    }
    for (std::size_t i = 0; i + 1 < endpoints.size(); ++i)
      endpoints[i]->consume({part.tenant, part.batch.share()});
    endpoints.back()->consume(std::move(part));
  }
}

void Write::report_health() {
  const auto plan = plan_.get();  // a loop over plan_.get()->endpoints would not hold the plan
  for (const auto& endpoint : plan->endpoints) {
    if (const auto error = endpoint->error()) {
      return context_.report_health(graph::Health::kUnhealthy,
                                    format("{}: {}", redact_url(endpoint->config.url), *error));
    }
  }
  if (const auto error = plan->wal != nullptr ? plan->wal->error() : std::nullopt)
    return context_.report_health(graph::Health::kUnhealthy, "write-ahead log: " + *error);
  context_.report_health(graph::Health::kHealthy, "pushes arrive");
}

value::Value Write::debug_info() const {
  value::Array endpoints;
  const auto plan = plan_.get();
  for (const auto& endpoint : plan->endpoints) {
    value::Object info = endpoint->debug_info().as_object();
    if (plan->wal != nullptr) {
      const std::uint64_t unsent = plan->wal->unsent(marker_name(endpoint->config));
      info.members.emplace_back("wal_unsent_bytes", value::Value::natural(unsent));
    }
    endpoints.push_back(value::Value(std::move(info)));
  }
  value::Object out;
  out.ordered = true;
  out.members.emplace_back("endpoints", value::Value(std::move(endpoints)));
  if (plan->wal != nullptr) {
    out.members.emplace_back("wal_bytes", value::Value::natural(plan->wal->bytes()));
    if (const auto error = plan->wal->error())
      out.members.emplace_back("wal_error", value::Value(*error));
  }
  return value::Value(std::move(out));
}

}  // namespace
}  // namespace weir::loki

namespace weir {
extern constexpr catalog::ComponentDef loki_write = graph::define<loki::Write>(
    "loki.write", schema::Stability::kGenerallyAvailable, "Pushes log entries to Loki.");
}

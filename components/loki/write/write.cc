// SPDX-License-Identifier: Apache-2.0
// loki.write: pushes log entries to Loki, to each of its endpoints.

#include "base/redact.h"
#include "base/snapshot.h"
#include "components/core/sink.h"
#include "components/loki/write/endpoint.h"
#include "interpreter/graph/component.h"

#include <algorithm>

namespace weir::loki {
namespace {

/// Pushes log entries to Loki.
///
/// Data:    LogBatch in; delivered when each endpoint answered 2xx, rejected when one refused for
/// good or
///          retries ran out, abandoned when it ends before.
/// Threads: consume() from any thread, many at once; each endpoint has its own queues.
/// Source:  corpus components/loki_push.
class Write final : public graph::Component, public LogSink {
 public:
  using Args = WriteArgs;
  struct Exports {
    LogReceiver receiver;
    static schema::Schema schema();
  };

  explicit Write(graph::Context& context) : context_(context) {}
  ~Write() override { stop(Duration::zero()); }

  Status update(Args args);
  Status start() override;
  void stop(Duration deadline) override;
  [[nodiscard]] value::Value debug_info() const override;
  void consume(LogBatch batch) override;

 private:
  struct Plan {
    std::vector<std::shared_ptr<Endpoint>> endpoints;
    std::map<std::string, std::string> external_labels;
  };
  void report_health();

  graph::Context& context_;
  const std::shared_ptr<LogPort> port_ = std::make_shared<LogPort>();
  Snapshot<Plan> plan_{std::make_shared<const Plan>()};
  std::vector<std::shared_ptr<Endpoint>> retired_;  // drain
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
  auto next = std::make_shared<Plan>();
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
  plan_.set(std::move(next));
  for (const auto& endpoint : old) {
    endpoint->drain();
    retired_.push_back(endpoint);
  }
  port_->open(*this);
  context_.publish(Exports{{port_}});
  return {};
}

Status Write::start() {
  report_health();
  return {};
}

void Write::stop(Duration deadline) {
  port_->close();
  const auto plan = plan_.get();
  for (const auto& endpoint : plan->endpoints) {
    endpoint->drain();
    retired_.push_back(endpoint);
  }
  const Duration end = context_.clock().steady() + deadline;
  for (const auto& endpoint : retired_) {
    endpoint->wait_drained(std::max(end - context_.clock().steady(), Duration::zero()));
    endpoint->stop();
  }
  plan_.set(std::make_shared<const Plan>());
  retired_.clear();
}

void Write::consume(LogBatch batch) {
  const auto plan = plan_.get();
  const auto& endpoints = plan->endpoints;
  if (endpoints.empty()) return batch.receipt.deliver();
  for (TenantBatch& part : by_tenant(std::move(batch), plan->external_labels)) {
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
  context_.report_health(graph::Health::kHealthy, "pushes arrive");
}

value::Value Write::debug_info() const {
  value::Array endpoints;
  const auto plan = plan_.get();
  for (const auto& endpoint : plan->endpoints) endpoints.push_back(endpoint->debug_info());
  value::Object out;
  out.ordered = true;
  out.members.emplace_back("endpoints", value::Value(std::move(endpoints)));
  return value::Value(std::move(out));
}

}  // namespace
}  // namespace weir::loki

namespace weir {
extern constexpr catalog::ComponentDef loki_write = graph::define<loki::Write>(
    "loki.write", schema::Stability::kGenerallyAvailable, "Pushes log entries to Loki.");
}

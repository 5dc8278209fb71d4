// SPDX-License-Identifier: Apache-2.0
#include "components/loki/write/endpoint.h"

#include "base/net/url.h"
#include "base/redact.h"
#include "components/loki/write/push_request.h"

#include <utility>

namespace weir::loki {
namespace {

std::string host_of(const std::string& url) {
  const auto parsed = net::parse_url(url);
  return parsed ? parsed->authority() : redact_url(url);
}

}  // namespace

EndpointShared::EndpointShared(EndpointConfig c, graph::Context& context)
    : config(std::move(c)),
      client(config.http),
      metrics(context.metrics(), host_of(config.url)),
      clock(context.clock()),
      log(context.log(), clock) {}

Endpoint::Endpoint(EndpointConfig settings, graph::Context& context, std::function<void()> changed)
    : EndpointShared(std::move(settings), context), changed_(std::move(changed)) {
  if (auto why = why_unusable(config)) {
    log.warn("an endpoint cannot be used", {{"host", metrics.host()}, {"error", *why}});
    error_ = std::move(why);
  }
  metrics.of(config.tenant_id);  // so that its series begin at 0
  EndpointShared& shared = *this;
  for (std::size_t i = 0; i < config.shards; ++i) {
    shards_.push_back(std::make_shared<Shard>(shared, context.pool()));
  }
}

void Endpoint::stop() {
  {
    MutexLock lock(mutex_);
    running_ = shards_.size();
  }
  for (const auto& shard : shards_) {
    shard->abandon([this] {
      MutexLock lock(mutex_);
      --running_;
      drained_.notify_all();
    });
  }
  MutexLock lock(mutex_);
  drained_.wait(mutex_, [this]() WEIR_REQUIRES(mutex_) { return running_ == 0; });
}

void Endpoint::consume(TenantBatch part) {
  if (part.tenant.empty()) part.tenant = config.tenant_id;
  std::vector<LogBatch> batches = by_shard(std::move(part.batch), shards_.size());
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (!batches[i].empty()) shards_[i]->take({part.tenant, std::move(batches[i])});
  }
}

void Endpoint::hurry() {
  for (const auto& shard : shards_) shard->hurry();
}

void Endpoint::drain() {
  {
    MutexLock lock(mutex_);
    undrained_ = shards_.size();
  }
  for (const auto& shard : shards_) {
    shard->drain([this] {
      MutexLock lock(mutex_);
      --undrained_;
      drained_.notify_all();
    });
  }
}

bool Endpoint::wait_drained(Duration timeout) {
  MutexLock lock(mutex_);
  return drained_.wait_for(mutex_, timeout,
                           [this]() WEIR_REQUIRES(mutex_) { return undrained_ == 0; });
}

void Endpoint::report(std::optional<std::string> error) {
  bool changed = false;
  {
    MutexLock lock(mutex_);
    if (!error) last_success_ = clock.now();
    changed = error != error_;
    error_ = std::move(error);
  }
  if (changed) changed_();
}

std::optional<std::string> Endpoint::error() const {
  MutexLock lock(mutex_);
  return error_;
}

value::Value Endpoint::debug_info() const {
  std::size_t queued = 0;
  for (const auto& shard : shards_) queued += shard->queued_bytes();
  MutexLock lock(mutex_);
  value::Object out;
  out.ordered = true;
  out.members.emplace_back("url", value::Value(redact_url(config.url)));
  if (!config.name.empty()) out.members.emplace_back("name", value::Value(config.name));
  out.members.emplace_back("shards", value::Value::natural(shards_.size()));
  out.members.emplace_back("queued_bytes", value::Value::natural(queued));
  if (last_success_.ns != 0)
    out.members.emplace_back("last_success", value::Value(print_rfc3339(last_success_)));
  if (error_) out.members.emplace_back("last_error", value::Value(*error_));
  return value::Value(std::move(out));
}

}  // namespace weir::loki

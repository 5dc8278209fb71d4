// SPDX-License-Identifier: Apache-2.0
#include "components/loki/write/shard.h"

#include "base/codec/snappy.h"
#include "components/loki/write/push_request.h"

#include <algorithm>
#include <utility>

namespace weir::loki {
namespace {

double in_seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

Shard::Shard(EndpointShared& endpoint, exec::Pool& pool)
    : endpoint_(endpoint),
      strand_(pool.strand()),
      jitter_(static_cast<std::uint_fast32_t>(endpoint.clock.steady().count() ^
                                              reinterpret_cast<std::intptr_t>(this))) {}

void Shard::post(void (Shard::*task)()) {
  strand_.post([weak = weak_from_this(), task] {
    if (const auto self = weak.lock()) ((*self).*task)();
  });
}

void Shard::take(TenantBatch part) {
  const std::size_t bytes = part.batch.bytes();
  bool overflows = false, wakes = false;
  {
    MutexLock lock(mutex_);
    if (closed_) return;
    overflows = !endpoint_.config.block_on_overflow &&
                queued_bytes_ + bytes > endpoint_.config.capacity_bytes;
    if (!overflows) {
      queued_bytes_ += bytes;
      wakes = !std::exchange(awake_, true);
      inbox_.push_back(std::move(part));
    }
  }
  if (overflows) {
    endpoint_.metrics.of(part.tenant).drop(DropReason::kQueueIsFull, part.batch.size(), bytes);
    part.batch.receipt.reject(429, "the queue is full");
  }
  if (wakes) post(&Shard::work);
}

std::size_t Shard::queued_bytes() const {
  MutexLock lock(mutex_);
  return queued_bytes_;
}

void Shard::forget(std::size_t bytes) {
  MutexLock lock(mutex_);
  queued_bytes_ -= bytes;
}

void Shard::work() {
  std::vector<TenantBatch> arrived;
  {
    MutexLock lock(mutex_);
    awake_ = false;
    if (closed_) return;
    arrived.swap(inbox_);
  }
  for (TenantBatch& part : arrived) gather(std::move(part));
  seal_due();
  send_next();
}

void Shard::gather(TenantBatch part) {
  const auto& config = endpoint_.config;
  const Time now = endpoint_.clock.now();
  const auto push_of = [this](const std::string& tenant) {
    const auto at = open_.try_emplace(tenant).first;
    at->second.tenant = tenant;
    return at;
  };
  auto open = push_of(part.tenant);
  // Entry by entry if streams are limited: one that is dropped takes no room from those behind it.
  const bool limited = config.max_streams > 0;
  std::vector<LogBatch> pieces =
      limited ? cut(std::move(part.batch), 0, 1)
              : cut(std::move(part.batch), open->second.bytes, config.batch_bytes);
  for (LogBatch& piece : pieces) {
    if (limited) limit_streams(open->second, piece);
    if (piece.empty()) {
      piece.receipt.deliver();
      continue;
    }
    if (!open->second.pieces.empty() && open->second.bytes + piece.bytes() > config.batch_bytes) {
      seal(open);
      open = push_of(part.tenant);
      if (limited) limit_streams(open->second, piece);
    }
    Push& push = open->second;
    if (push.pieces.empty()) push.due = endpoint_.clock.steady() + config.batch_wait;
    push.bytes += piece.bytes();
    push.entries += piece.size();
    push.is_awaited = push.is_awaited || piece.receipt.is_awaited();
    push.pieces.push_back({std::move(piece), now});
  }
  if (open->second.pieces.empty()) open_.erase(open);
}

void Shard::limit_streams(Push& push, LogBatch& batch) {
  std::size_t bytes = 0;
  const std::size_t dropped = batch.remove_if([&](const Entry& entry) {
    const Labels& labels = batch.labels(entry);
    if (push.streams.contains(labels)) return false;
    if (push.streams.size() < endpoint_.config.max_streams) {
      push.streams.insert(labels);
      return false;
    }
    bytes += entry.bytes();
    return true;
  });
  if (dropped == 0) return;
  endpoint_.metrics.of(push.tenant).drop(DropReason::kStreamLimited, dropped, bytes);
  forget(bytes);
}

void Shard::seal(std::map<std::string, Push>::iterator open) {
  if (!open->second.pieces.empty()) ready_.push_back(std::move(open->second));
  open_.erase(open);
}

void Shard::seal_due() {
  const Duration now = endpoint_.clock.steady();
  Duration next = Duration::max();
  for (auto open = open_.begin(); open != open_.end();) {
    const auto at = open++;
    if (hurries_ || at->second.due <= now) {
      seal(at);
    } else {
      next = std::min(next, at->second.due);
    }
  }
  if (open_.empty() || age_timer_runs_) return;
  age_timer_runs_ = true;
  age_timer_ = strand_.after(next - now, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->age_timer_runs_ = false;
    self->seal_due();
    self->send_next();
  });
}

void Shard::seal_awaited() {
  auto first = open_.end();
  for (auto open = open_.begin(); open != open_.end(); ++open) {
    if (!open->second.is_awaited) continue;
    if (first == open_.end() || open->second.due < first->second.due) first = open;
  }
  if (first != open_.end()) seal(first);
}

void Shard::send_next() {
  if (sending_) return;
  if (ready_.empty()) seal_awaited();
  if (!ready_.empty()) {
    sending_ = std::move(ready_.front());
    ready_.pop_front();
    encode(*sending_);
    return attempt();
  }
  if (drained_ && open_.empty()) end_drain();
}

void Shard::encode(Push& push) {
  encoder_.clear();
  for (const Piece& piece : push.pieces) {
    for (const Entry& entry : piece.batch.entries()) encoder_.add(piece.batch.labels(entry), entry);
  }
  push.body =
      std::make_shared<const std::string>(codec::snappy_encode(encoder_.encode(), compressed_));
  encoder_.clear();
  endpoint_.metrics.of(push.tenant).request_bytes.observe(static_cast<double>(push.body->size()));
}

void Shard::attempt() {
  ++sending_->attempts;
  waits_to_retry_ = false;
  sent_at_ = endpoint_.clock.steady();
  call_ = endpoint_.client.send(push_request(endpoint_.config, sending_->tenant, sending_->body),
                                strand_,
                                [weak = weak_from_this()](const Result<net::HttpResponse>& answer) {
                                  if (const auto self = weak.lock()) self->answered(answer);
                                });
}

Shard::Next Shard::judge(const Result<net::HttpResponse>& answer) const {
  // Nothing was sent, because a certificate or a password cannot be read here: someone will mend that,
  // and it says nothing about the entries.
  if (!answer && answer.error().code != Code::kUnavailable) return Next::kRetry;
  const int status = answer ? answer->status : -1;
  if (status / 100 == 2) return Next::kDone;
  const bool temporary =
      status <= 0 || status / 100 == 5 || (status == 429 && endpoint_.config.retry_on_429);
  const bool exhausted =
      endpoint_.config.max_attempts > 0 && sending_->attempts >= endpoint_.config.max_attempts;
  return temporary && !exhausted ? Next::kRetry : Next::kDrop;
}

void Shard::answered(const Result<net::HttpResponse>& answer) {
  if (!sending_) return;
  const int status = answer ? answer->status : -1;
  endpoint_.metrics.observe_request(status, sending_->tenant,
                                    in_seconds(endpoint_.clock.steady() - sent_at_));
  switch (judge(answer)) {
    case Next::kDone: {
      const TenantMetrics& metrics = endpoint_.metrics.of(sending_->tenant);
      metrics.sent_entries.add(static_cast<double>(sending_->entries));
      metrics.sent_bytes.add(static_cast<double>(sending_->body->size()));
      endpoint_.report(std::nullopt);
      return finish({Verdict::kDelivered, 0});
    }
    case Next::kRetry:
      return retry(push_error(answer), status,
                   answer ? retry_after(*answer, endpoint_.clock.now()) : Duration::zero());
    case Next::kDrop: return drop(push_error(answer), status);
  }
}

void Shard::retry(const std::string& error, int status, Duration asked_for) {
  endpoint_.report(error);
  endpoint_.metrics.errors.add();
  if (hurries_) {
    endpoint_.log.warn(
        "push failed at the end, left to its sources",
        {{"host", endpoint_.metrics.host()}, {"tenant", sending_->tenant}, {"error", error}});
    return clear();
  }
  endpoint_.metrics.of(sending_->tenant).retries.add();
  const Duration delay = std::max(backoff(endpoint_.config, sending_->attempts, jitter_),
                                  std::min(asked_for, endpoint_.config.max_backoff));
  endpoint_.log.warn("push failed, will retry", {{"host", endpoint_.metrics.host()},
                                                 {"tenant", sending_->tenant},
                                                 {"status", status},
                                                 {"attempt", sending_->attempts},
                                                 {"in", delay},
                                                 {"error", error}});
  waits_to_retry_ = true;
  retry_timer_ = strand_.after(delay, [weak = weak_from_this()] {
    if (const auto self = weak.lock(); self && self->sending_) self->attempt();
  });
}

void Shard::drop(const std::string& error, int status) {
  const DropReason reason = status == 429 ? DropReason::kRateLimited : DropReason::kIngesterError;
  endpoint_.metrics.errors.add();
  endpoint_.metrics.of(sending_->tenant).drop(reason, sending_->entries, sending_->body->size());
  const bool refused = status / 100 == 4;
  endpoint_.log.error(refused ? "push refused, entries dropped" : "push given up, entries dropped",
                      {{"host", endpoint_.metrics.host()},
                       {"tenant", sending_->tenant},
                       {"status", status},
                       {"attempts", sending_->attempts},
                       {"entries", sending_->entries},
                       {"reason", to_string(reason)},
                       {"error", error}});
  endpoint_.report(error);
  // Where a destination is and why it cannot be reached is not for those who push.
  finish({Verdict::kRejected, static_cast<std::uint16_t>(std::max(status, 0)),
          status > 0 ? error : std::string()});
}

void Shard::finish(const Outcome& outcome) {
  Push done = std::move(*sending_);
  sending_.reset();
  const TenantMetrics& metrics = endpoint_.metrics.of(done.tenant);
  const Time now = endpoint_.clock.now();
  forget(done.bytes);
  for (Piece& piece : done.pieces) {
    const Time since = piece.batch.read_at.ns != 0 ? piece.batch.read_at : piece.arrived;
    metrics.latency.observe(in_seconds(now - since));
    piece.batch.receipt.settle(outcome);
  }
  send_next();
}

void Shard::hurry() {
  post(&Shard::begin_hurry);
}

void Shard::begin_hurry() {
  hurries_ = true;
  work();
  if (sending_ && waits_to_retry_) clear();  // it has failed already
}

void Shard::drain(exec::Task drained) {
  strand_.post([weak = weak_from_this(), drained = std::move(drained)]() mutable {
    const auto self = weak.lock();
    if (!self) return;
    self->drained_ = std::move(drained);
    self->drain_timer_ = self->strand_.after(self->endpoint_.config.drain_timeout, [weak] {
      if (const auto late = weak.lock(); late && late->drained_) late->clear();
    });
    self->begin_hurry();
  });
}

void Shard::end_drain() {
  {
    MutexLock lock(mutex_);
    if (!inbox_.empty()) return;  // work() is on its way
    closed_ = true;
  }
  drain_timer_.cancel();
  std::exchange(drained_, nullptr)();
}

void Shard::abandon(exec::Task done) {
  {
    MutexLock lock(mutex_);
    closed_ = true;
  }
  strand_.post([weak = weak_from_this(), done = std::move(done)] {
    if (const auto self = weak.lock()) self->clear();
    done();
  });
}

void Shard::clear() {
  call_.cancel();
  age_timer_.cancel();
  retry_timer_.cancel();
  drain_timer_.cancel();
  age_timer_runs_ = false;
  std::vector<TenantBatch> inbox;
  {
    MutexLock lock(mutex_);
    inbox.swap(inbox_);
    queued_bytes_ = 0;
    closed_ = closed_ || drained_ != nullptr;
  }
  open_.clear();  // their receipts say abandoned
  ready_.clear();
  sending_.reset();
  if (drained_) std::exchange(drained_, nullptr)();
}

}  // namespace weir::loki

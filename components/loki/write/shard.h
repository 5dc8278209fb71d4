// SPDX-License-Identifier: Apache-2.0
// One queue and its sender: gathers entries into pushes and sends them one at a time.
//
//   take() ─▶ inbox ─▶ open push of the tenant ─▶ ready pushes ─▶ the one being sent
//
// Entries wait as the batches they came in; a push is encoded and compressed when its turn comes.
// With one request under way a stream's order is kept. A push keeps the receipts of the batches its
// entries came from and settles them with what became of it.
//
// An open push that somebody waits for gathers only while another is under way (Nagle's rule): a
// client that pushes one by one has each answer at once, many at a time share their pushes.

#pragma once

#include "base/exec/executor.h"
#include "base/mutex.h"
#include "base/net/http_client.h"
#include "base/rare_log.h"
#include "components/loki/write/args.h"
#include "components/loki/write/route.h"
#include "components/loki/write/write_metrics.h"
#include "components/wire/loki/push_encode.h"
#include "interpreter/graph/component.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_set>
#include <vector>

namespace weir::loki {

/// What the shards of an endpoint share, and tell it. Threads: any.
class EndpointShared {
 public:
  EndpointShared(EndpointConfig c, graph::Context& context);
  virtual ~EndpointShared() = default;
  /// A push arrived (nothing), or did not, and why.
  virtual void report(std::optional<std::string> error) = 0;

  const EndpointConfig config;
  net::HttpClient client;
  EndpointMetrics metrics;
  Clock& clock;
  RareLog log;  ///< a destination that is down or refuses is told of now and then
};

/// Threads: take() any; the rest posts to the strand.
class Shard final : public std::enable_shared_from_this<Shard> {
 public:
  Shard(EndpointShared& endpoint, exec::Pool& pool);

  void take(TenantBatch part) WEIR_EXCLUDES(mutex_);
  /// From here on sends what is there without waiting for more and without trying again: what fails
  /// is abandoned, and all that waits behind it.
  void hurry();
  /// Hurries until nothing is left, or abandons it after the endpoint's drain_timeout. Then calls
  /// `drained` on the strand.
  void drain(exec::Task drained);
  /// Abandons all there is, then calls `done` on the strand; nothing of the shard runs afterwards.
  void abandon(exec::Task done);
  [[nodiscard]] std::size_t queued_bytes() const WEIR_EXCLUDES(mutex_);

 private:
  /// Part of a batch that waits, and when it came.
  struct Piece {
    LogBatch batch;
    Time arrived;
  };
  struct Push {
    std::string tenant;
    std::vector<Piece> pieces;
    std::size_t bytes = 0;
    std::size_t entries = 0;
    bool is_awaited = false;
    Duration due{};                      ///< on the steady clock: when it goes at the latest
    std::unordered_set<Labels> streams;  ///< kept only where they are limited
    std::shared_ptr<const std::string> body;
    std::uint64_t attempts = 0;
  };
  enum class Next { kDone, kRetry, kDrop };

  void post(void (Shard::*task)());
  void work();
  void gather(TenantBatch part);
  void limit_streams(Push& push, LogBatch& batch);
  void seal(std::map<std::string, Push>::iterator open);
  void seal_due();
  /// Of the pushes that somebody waits for, the one that began first.
  void seal_awaited();
  void send_next();
  void encode(Push& push);
  void attempt();
  void answered(const Result<net::HttpResponse>& answer);
  [[nodiscard]] Next judge(const Result<net::HttpResponse>& answer) const;
  void retry(const std::string& error, int status, Duration asked_for);
  void drop(const std::string& error, int status);
  /// The push under way is over.
  void finish(const Outcome& outcome);
  void begin_hurry();
  void end_drain();
  void clear();
  void forget(std::size_t bytes) WEIR_EXCLUDES(mutex_);

  EndpointShared& endpoint_;
  const exec::Strand strand_;

  mutable Mutex mutex_;
  std::vector<TenantBatch> inbox_ WEIR_GUARDED_BY(mutex_);
  std::size_t queued_bytes_ WEIR_GUARDED_BY(mutex_) = 0;
  bool awake_ WEIR_GUARDED_BY(mutex_) = false;
  bool closed_ WEIR_GUARDED_BY(mutex_) = false;

  // The strand's own.
  std::map<std::string, Push> open_;  // by tenant
  std::deque<Push> ready_;
  std::optional<Push> sending_;
  Duration sent_at_{};
  exec::Timer age_timer_, retry_timer_, drain_timer_;
  bool age_timer_runs_ = false;
  bool waits_to_retry_ = false;
  bool hurries_ = false;
  exec::Task drained_;  // not null: drain
  net::HttpCall call_;
  wire::LokiPushEncoder encoder_;
  std::string compressed_;
  std::minstd_rand jitter_;
};

}  // namespace weir::loki

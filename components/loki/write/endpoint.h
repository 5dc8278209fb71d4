// SPDX-License-Identifier: Apache-2.0
// One destination of loki.write: its shards, and how it fares.

#pragma once

#include "components/loki/write/shard.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::loki {

/// Threads: consume() and the questions any; the rest control.
class Endpoint final : public EndpointShared {
 public:
  /// Calls `changed`, on any thread, when it begins or ceases to fail, or fails otherwise.
  Endpoint(EndpointConfig settings, graph::Context& context, std::function<void()> changed);

  void consume(TenantBatch part);
  /// Gathers no more and tries nothing again, whatever comes: the end is near.
  void hurry();
  /// Takes no more after what is there: sends it, each push once. Ends by itself after
  /// drain_timeout.
  void drain();
  /// Whether a drain has ended, waiting for it.
  bool wait_drained(Duration timeout) WEIR_EXCLUDES(mutex_);
  /// Abandons what is left. After it returns nothing of the endpoint runs. Comes before the
  /// destructor.
  void stop() WEIR_EXCLUDES(mutex_);
  /// Why pushes do not arrive, if they do not.
  [[nodiscard]] std::optional<std::string> error() const WEIR_EXCLUDES(mutex_);
  [[nodiscard]] value::Value debug_info() const;

 private:
  void report(std::optional<std::string> error) override WEIR_EXCLUDES(mutex_);

  const std::function<void()> changed_;
  std::vector<std::shared_ptr<Shard>> shards_;
  mutable Mutex mutex_;
  Condition drained_;
  std::size_t undrained_ WEIR_GUARDED_BY(mutex_) = 0;
  std::size_t running_ WEIR_GUARDED_BY(mutex_) =
      0;  ///< shards that stop() waits for, drained or not
  std::optional<std::string> error_ WEIR_GUARDED_BY(mutex_);
  Time last_success_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::loki

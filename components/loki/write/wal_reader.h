// SPDX-License-Identifier: Apache-2.0
// One endpoint's way through the write-ahead log: records go to it in order, and a marker on disk says up to
// where it has all of them.
//
// Reading runs ahead of the marker by at most a window of bytes. Receipts come back in any order; the marker
// moves behind the longest prefix that is settled, at most once a second, so that after a crash a second's
// worth is sent again and nothing is left out. A segment that the log has but the system cannot read is tried
// again; only what the log does not have any more is passed over.

#pragma once

#include "components/core/window.h"
#include "components/loki/write/endpoint.h"
#include "components/loki/write/wal.h"

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace weir::loki {

/// Threads: control, but for what runs on the strand.
class WalReader final : public std::enable_shared_from_this<WalReader> {
 public:
  /// Use open().
  WalReader(std::shared_ptr<Wal> wal, std::string name, std::shared_ptr<Endpoint> endpoint);
  /// Joins the log where the marker of `name` says; without one at its end.
  static std::shared_ptr<WalReader> open(std::shared_ptr<Wal> wal, std::string name,
                                         std::shared_ptr<Endpoint> endpoint);
  /// Removes the markers of readers that are none of `names`: what they had not read will not be sent.
  static void leave_others(Wal& wal, const std::set<std::string>& names);

  /// Leaves a marker, and reads. All that read the log have joined it by then.
  void start() WEIR_EXCLUDES(mutex_);
  /// Waits until the endpoint has all there is, fails, or `timeout` has passed.
  void drain(Duration timeout) WEIR_EXCLUDES(mutex_);
  /// After it returns nothing is read. The endpoint may still settle what it has: close() afterwards.
  void stop() WEIR_EXCLUDES(mutex_);
  /// Leaves the marker where the endpoint is; or, if it will not be read again, no marker.
  void close(bool for_good) WEIR_EXCLUDES(mutex_);
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  struct Flight {
    WalPosition end;
    bool is_settled = false;
  };
  void load_marker() WEIR_EXCLUDES(mutex_);
  void save_marker() WEIR_EXCLUDES(mutex_);
  void wake();
  void tick();
  /// The next record to the endpoint; false if there is none now.
  bool read_one() WEIR_EXCLUDES(mutex_);
  /// Whether `file_` is the segment at `position_`.
  bool open_segment();
  /// The record at `position_`; nothing if it is damaged.
  std::optional<WalRecord> decode(std::uint64_t begins);
  void skip_segment();
  /// What the system cannot do now, or nothing.
  void tell(std::optional<std::string> error);
  void send(WalRecord record);
  void settled(WalPosition end, const Outcome& outcome) WEIR_EXCLUDES(mutex_);
  [[nodiscard]] bool is_done() WEIR_EXCLUDES(mutex_);

  const std::shared_ptr<Wal> wal_;
  const std::string name_;
  const std::shared_ptr<Endpoint> endpoint_;
  const std::string reading_, marking_;  ///< what may be in trouble
  RareLog rare_;
  const exec::Strand strand_;
  const std::shared_ptr<Window> window_ = std::make_shared<Window>();

  // The strand's own.
  WalPosition position_;
  WalFile file_;
  std::string payload_;
  Duration wait_{}, saved_at_{};
  exec::Timer timer_;
  bool is_in_trouble_ = false;

  Mutex mutex_;
  Condition changed_;
  std::deque<Flight> flights_ WEIR_GUARDED_BY(mutex_);
  WalPosition marker_ WEIR_GUARDED_BY(mutex_);
  WalPosition saved_ WEIR_GUARDED_BY(mutex_);
  bool stopped_ WEIR_GUARDED_BY(mutex_) = false;
  bool ended_ WEIR_GUARDED_BY(mutex_) = false;
};

}  // namespace weir::loki

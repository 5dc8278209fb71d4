// SPDX-License-Identifier: Apache-2.0
// The write-ahead log of a loki.write: entries are on disk before their receipts say delivered.
//
//   append() ─▶ queue ─▶ [thread: write, fdatasync] ─▶ receipts delivered
//                                   segments ─▶ one WalReader for each endpoint ─▶ endpoint
//
// All that waits is written and synced together. What cannot be written, because the disk or the log is
// full, is abandoned after a pause: its sources keep it and come again. A segment goes when all readers
// have passed it, or when it is older than it may become; then what was not sent of it is lost and counted,
// as is what is damaged, and what a reader leaves that does not come back.

#pragma once

#include "base/clock.h"
#include "base/exec/executor.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/mutex.h"
#include "base/rare_log.h"
#include "components/loki/write/wal_config.h"
#include "components/loki/write/wal_segment.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace weir::loki {

/// Threads: append() and the questions any; the rest control, but for what says otherwise.
class Wal {
 public:
  struct World {
    exec::Pool& pool;
    Clock& clock;
    Logger log;
    MetricScope metrics;
    std::function<void()> changed;  ///< error() says something else now; any thread
  };
  /// Use open().
  Wal(std::string folder, WalConfig config, World world);
  /// Opens the log in a folder: cuts off a torn end of the last segment, and begins a new one.
  /// Errors: those of the system.
  static Result<std::shared_ptr<Wal>> open(std::string folder, WalConfig config, World world);
  /// Whether an earlier run left some in a folder.
  static bool has_entries(const std::string& folder);
  ~Wal();
  Wal(const Wal&) = delete;
  Wal& operator=(const Wal&) = delete;

  void append(TenantBatch part) WEIR_EXCLUDES(mutex_);
  /// Writes what waits, and ends; what is appended later is abandoned.
  void close() WEIR_EXCLUDES(mutex_);
  /// What the log, or a reader of it, cannot do, and why; nothing while all is well.
  [[nodiscard]] std::optional<std::string> error() const WEIR_EXCLUDES(mutex_);
  /// What cannot be done now, and why; without a reason: it can again. Threads: any.
  void trouble(const std::string& what, std::optional<std::string> why) WEIR_EXCLUDES(mutex_);

  [[nodiscard]] WalPosition begin() const WEIR_EXCLUDES(mutex_);
  /// Behind the last record that is on disk.
  [[nodiscard]] WalPosition end() const WEIR_EXCLUDES(mutex_);
  [[nodiscard]] std::size_t bytes() const WEIR_EXCLUDES(mutex_);
  [[nodiscard]] WalConfig config() const WEIR_EXCLUDES(mutex_);
  void configure(WalConfig config) WEIR_EXCLUDES(mutex_);
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] const World& world() const { return world_; }

  /// How much of a segment is written; nothing if the log does not have it.
  [[nodiscard]] std::optional<std::uint64_t> bytes_of(std::uint64_t segment) const
      WEIR_EXCLUDES(mutex_);
  /// How many bytes stand behind `position`.
  [[nodiscard]] std::uint64_t bytes_behind(WalPosition position) const WEIR_EXCLUDES(mutex_);
  /// The same, behind the marker of a reader.
  [[nodiscard]] std::uint64_t unsent(const std::string& reader) const WEIR_EXCLUDES(mutex_);

  /// A reader of that name reads from `position` on. All join before one passes anything. Threads: control.
  void joined(const std::string& reader, WalPosition position) WEIR_EXCLUDES(mutex_);
  /// A reader of that name will not read before `position` again: segments that all have passed go.
  /// Threads: any.
  void passed(const std::string& reader, WalPosition position) WEIR_EXCLUDES(mutex_);
  /// It does not read any more: what stands behind `position` will not be sent to it. Threads: any.
  void left(const std::string& reader, WalPosition position) WEIR_EXCLUDES(mutex_);
  /// A piece is damaged and left out. Threads: any.
  void damaged(WalPosition where, std::uint64_t bytes);

 private:
  struct Segment {
    std::uint64_t number;
    std::uint64_t bytes;
    Duration touched;  ///< on the steady clock: written last, or found at the start
  };

  Status recover() WEIR_EXCLUDES(mutex_);
  /// Cuts a torn end off the last segment, as it was found.
  Status cut_torn_end(Segment& last);
  Status begin_segment() WEIR_EXCLUDES(mutex_);
  void run(const std::stop_token& stop) WEIR_EXCLUDES(mutex_);
  /// The records of `parts`; those that are too large are refused, and gone from `parts`.
  std::string encode(std::vector<TenantBatch>& parts);
  Status write(const std::string& records) WEIR_EXCLUDES(mutex_);
  /// Those that nobody needs, and those too old, which are returned.
  std::vector<Segment> remove_segments() WEIR_REQUIRES(mutex_);
  void mourn(const std::vector<Segment>& expired);

  const std::string folder_;
  const World world_;
  const Counter damaged_bytes_, expired_bytes_, left_bytes_, refused_;
  const Gauge size_;
  RareLog rare_;  ///< for what may be said of each record

  WalFile file_;  // the thread's own, as are the two below
  Duration begun_{};
  WalEncoder encoder_;

  mutable Mutex mutex_;
  WalConfig config_ WEIR_GUARDED_BY(mutex_);
  Condition wake_;
  std::vector<TenantBatch> queue_ WEIR_GUARDED_BY(mutex_);
  std::deque<Segment> segments_ WEIR_GUARDED_BY(mutex_);  ///< the last one grows
  std::map<std::string, WalPosition> readers_ WEIR_GUARDED_BY(mutex_);
  std::map<std::string, std::string> troubles_ WEIR_GUARDED_BY(mutex_);
  bool closing_ WEIR_GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace weir::loki

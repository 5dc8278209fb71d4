// SPDX-License-Identifier: Apache-2.0
// Keeps the files of one component: which paths are followed, when they are looked at, where
// cursors are saved.

#pragma once

#include "base/exec/executor.h"
#include "components/loki/source_file/follower.h"
#include "components/loki/source_file/positions.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weir::loki {

/// Paths and the label sets their lines are sent under.
using FollowedPaths = std::map<std::string, std::vector<Labels>>;

struct KeeperOptions {
  std::string store;  ///< the cursor file
  Duration min_poll = std::chrono::milliseconds(250);
  Duration max_poll = std::chrono::milliseconds(250);
  Duration save_every = std::chrono::seconds(1);  ///< for good
  Duration save_quickly_every = std::chrono::milliseconds(100);
  Duration initial_delay{};  ///< how long a new file has to be quiet before it is read
  bool tail_from_end = false;
};

/// How one file stands.
struct FileState {
  std::string path;
  std::vector<Labels> streams;
  bool running = false;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t unread = 0;
  std::string error;
};

/// What to do with a file whose old position cannot be read.
enum class OnBadPosition : std::uint8_t { kBeginning, kEnd, kSkip };

/// Threads: any. What it says of its health it says without its lock.
class Keeper : public std::enable_shared_from_this<Keeper> {
 public:
  Keeper(exec::Pool& pool, Clock& clock, Logger log, std::shared_ptr<Flow> flow,
         std::function<FileMetrics(const std::string&)> metrics);

  /// Once, before start(). Errors: kInvalid if the store is damaged.
  Status load(const std::string& store) WEIR_EXCLUDES(mutex_);
  [[nodiscard]] bool has_store() const WEIR_EXCLUDES(mutex_);
  /// Takes over what another program left, for files that are still there.
  void import(const std::vector<LegacyPosition>& positions, const FollowedPaths& paths,
              OnBadPosition bad) WEIR_EXCLUDES(mutex_);

  void configure(KeeperOptions options, TextRules rules) WEIR_EXCLUDES(mutex_);
  void follow(FollowedPaths paths) WEIR_EXCLUDES(mutex_);
  void start(std::function<void(const std::string& trouble)> health) WEIR_EXCLUDES(mutex_);
  /// Stops reading, waits for receipts until `deadline`, saves cursors.
  void stop(Duration deadline) WEIR_EXCLUDES(mutex_);
  /// Stops at once and saves nothing.
  void halt() WEIR_EXCLUDES(mutex_);

  [[nodiscard]] std::vector<FileState> states() const WEIR_EXCLUDES(mutex_);
  [[nodiscard]] std::size_t active() const WEIR_EXCLUDES(mutex_);
  /// How long a rotated file has to be quiet before it is finished.
  void set_linger(Duration linger) WEIR_EXCLUDES(mutex_);
  /// After how long a file that does not change is closed.
  void set_idle_close(Duration idle) WEIR_EXCLUDES(mutex_);

 private:
  struct Watched {
    Duration next{};
    Duration interval{};
  };

  void tick() WEIR_EXCLUDES(mutex_);
  void poll_due(Duration now) WEIR_REQUIRES(mutex_);
  void poll_one(Follower& follower, Duration now) WEIR_REQUIRES(mutex_);
  void poll_leaving() WEIR_REQUIRES(mutex_);
  void look_again(const std::string& path) WEIR_EXCLUDES(mutex_);
  void retry_abandoned(Duration now) WEIR_REQUIRES(mutex_);
  void forget_gone(Duration now) WEIR_REQUIRES(mutex_);
  void save_soon() WEIR_EXCLUDES(mutex_);
  void save_if_moved(Duration now) WEIR_REQUIRES(mutex_);
  void end_save(const Status& saved, bool quickly, Duration took) WEIR_EXCLUDES(mutex_);
  [[nodiscard]] CursorList cursors() WEIR_REQUIRES(mutex_);
  [[nodiscard]] std::string trouble() const WEIR_REQUIRES(mutex_);

  exec::Pool& pool_;
  Clock& clock_;
  const Logger log_;
  RareLog rare_log_{log_, clock_};
  const std::shared_ptr<Flow> flow_;
  const exec::Strand strand_;

  mutable Mutex mutex_;
  FollowWorld world_ WEIR_GUARDED_BY(mutex_);
  KeeperOptions options_ WEIR_GUARDED_BY(mutex_);
  std::unordered_map<const Follower*, Watched> watched_ WEIR_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Follower>> leaving_
      WEIR_GUARDED_BY(mutex_);  // no targets any more, but not read to their end
  std::function<void(const std::string&)> health_ WEIR_GUARDED_BY(mutex_);
  std::string last_trouble_ WEIR_GUARDED_BY(mutex_);
  std::string save_error_ WEIR_GUARDED_BY(mutex_);
  exec::Timer timer_ WEIR_GUARDED_BY(mutex_);
  exec::Timer save_timer_ WEIR_GUARDED_BY(mutex_);
  bool save_timer_runs_ WEIR_GUARDED_BY(mutex_) = false;
  Duration saved_at_ WEIR_GUARDED_BY(mutex_){};     // for good
  Duration quick_after_ WEIR_GUARDED_BY(mutex_){};  // no quick save before
  bool owes_sync_ WEIR_GUARDED_BY(mutex_) = false;  // what moved was saved quickly only
  std::uint64_t serial_ WEIR_GUARDED_BY(mutex_) = 0;
  Duration cleaned_at_ WEIR_GUARDED_BY(mutex_){};
  Duration retry_at_ WEIR_GUARDED_BY(mutex_){};
  Duration retry_delay_ WEIR_GUARDED_BY(mutex_){};
  bool had_store_ WEIR_GUARDED_BY(mutex_) = false;
  bool speaking_ WEIR_GUARDED_BY(mutex_) = false;
  bool saving_ WEIR_GUARDED_BY(mutex_) = false;
  bool started_ WEIR_GUARDED_BY(mutex_) = false;
  bool stopped_ WEIR_GUARDED_BY(mutex_) = false;
  Condition saved_;
};

}  // namespace weir::loki

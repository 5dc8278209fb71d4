// SPDX-License-Identifier: Apache-2.0
// Follows one path through the generations of the file it names.
//
// A path names one file after another: by renaming, by copying and cutting, by a link that is
// pointed elsewhere, by deleting and writing anew. The follower keeps them in order: the file that
// was there first is read to its end before the next one begins, and lingers a little, because its
// writer may not know yet that it was renamed.

#pragma once

#include "base/log.h"
#include "components/loki/source_file/cursor_book.h"
#include "components/loki/source_file/log_file.h"
#include "components/loki/source_file/read_queue.h"
#include "components/loki/source_file/rotation.h"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace weir::loki {

class Follower;

/// What followers share. On the keeper's strand.
struct FollowWorld {
  std::shared_ptr<Flow> flow;
  std::shared_ptr<const TextRules> rules;
  std::shared_ptr<ReadQueue> queue;
  CursorBook book;
  std::unordered_map<FileKey, std::shared_ptr<LogFile>> live;  ///< files being read
  std::map<std::string, std::unique_ptr<Follower>> followers;  ///< by path
  std::function<FileMetrics(const std::string& path)> metrics;
  const Logger* log = nullptr;
  Clock* clock = nullptr;
  bool tail_from_end = false;
  Duration initial_delay{};  ///< how long a new file has to be quiet before it is read
  Duration linger =
      std::chrono::seconds(5);  ///< how long a rotated file has to be quiet before it is finished
  Duration idle_close = std::chrono::minutes(5);
};

/// Threads: one at a time.
class Follower {
 public:
  Follower(FollowWorld& world, std::string path, std::vector<Labels> streams);
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  /// Looks what lies at the path, and moves on. True if something had changed.
  bool poll();
  void set_streams(std::vector<Labels> streams);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::vector<Labels>& streams() const { return streams_; }
  [[nodiscard]] bool begun() const { return begun_; }
  /// Whether files that were rotated away are still to be finished.
  [[nodiscard]] bool busy() const;
  /// Why nothing is read now; empty if all is well.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }
  /// The file at the path, or the last that was; null if there never was one.
  [[nodiscard]] std::shared_ptr<const LogFile> file() const;
  [[nodiscard]] std::uint64_t unread() const;

 private:
  struct Generation {
    std::shared_ptr<LogFile> file;
    bool rotated = false;
    bool may_read = false;
    bool drained = false;    ///< read to its end once since it was rotated
    bool finishing = false;  ///< its last line was asked for
    std::uint64_t seen_size = 0;
    std::int64_t seen_modified_ns = -1;
    Duration changed_at{};  ///< steady
  };

  Generation* current();
  void look_at(Generation& generation, const FileFacts& facts);
  void arrive(const FileFacts& facts);
  /// Puts generations that were missed in line. True if there were any.
  bool add_missed(const FileFacts& now, bool known);
  void add(Cursor cursor, FileHandle handle, bool rotated);
  void add_found(const FoundFile& found, std::uint64_t offset);
  void rotate(Generation& generation);
  void cut(Generation& generation);
  void advance();
  bool finish(Generation& generation);
  void let_go(Generation& generation);
  void share(const std::shared_ptr<LogFile>& file);
  [[nodiscard]] bool leads(const Generation& generation) const;
  [[nodiscard]] bool is_live(const Generation& generation) const;
  void set_trouble(std::string text);

  FollowWorld& world_;
  const std::string path_;
  std::vector<Labels> streams_;
  std::deque<Generation> generations_;
  std::string trouble_;
  bool begun_ = false;
  bool changed_ = false;
};

}  // namespace weir::loki

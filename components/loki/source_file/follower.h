// SPDX-License-Identifier: Apache-2.0
// Follows one path through the generations of the file it names.
//
// A path names one file after another: by renaming, by copying and cutting, by a link that is
// pointed elsewhere, by deleting and writing anew. The follower keeps them in order: the file that
// was there first is read to its end before the next one begins, and lingers a little, because its
// writer may not know yet that it was renamed.

#pragma once

#include "base/log.h"
#include "base/rare_log.h"
#include "components/loki/source_file/cursor_book.h"
#include "components/loki/source_file/log_file.h"
#include "components/loki/source_file/look_again.h"
#include "components/loki/source_file/missed.h"
#include "components/loki/source_file/read_queue.h"

#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
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
  FolderNames names;                                           ///< of this round of polls
  std::function<FileMetrics(const std::string& path)> metrics;
  const Logger* log = nullptr;
  RareLog* rare_log = nullptr;
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
  /// What is not read now, and why; empty if all is well.
  [[nodiscard]] const std::string& trouble() const;
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
    bool gone = false;       ///< it is nowhere, and what was unread of it is counted as lost
    std::uint64_t seen_size = 0;
    std::int64_t seen_modified_ns = -1;
    Duration changed_at{};  ///< steady
    LookAgain look;         ///< for the file, or in it
  };
  /// What became of an attempt to open a file that was rotated away.
  enum class Back : std::uint8_t { kOpen, kGone, kLater };

  /// What is left of a file that is not where it was.
  struct Rest {
    std::optional<MissedFile> file;
    bool lost = false;
  };

  /// What is known of the files that the path named before.
  struct Past {
    std::vector<KnownFile> files;
    std::vector<Cursor> unread;  ///< of those of that fate, in their order
    std::int64_t since_ns =
        std::numeric_limits<std::int64_t>::min();  ///< whatever counts changed then or later
  };

  Generation* current();
  void look_at(Generation& generation, const FileFacts& facts);
  /// Another file lies at the path than before, or the first one, or (`anew`) another text.
  void arrive(bool anew = false);
  /// Whether a file is read, or will be, on behalf of another path.
  bool belongs_elsewhere(const FileKey& key);
  /// Nothing lies at the path: what came and went beside it?
  void look_beside();
  /// Puts generations that were missed in line before `now`, which goes on if it is `known`. False
  /// if the path was moved on meanwhile or its folder cannot be looked at: to be done again.
  bool add_missed(FoundFile& now, bool known);
  /// The same of those that lie beside the path; the files themselves are given. False if there
  /// was a shortage: to be done again.
  enum class AtPath : std::uint8_t { kNothing, kKnownFile, kNewFile };
  bool add_missed(std::vector<FoundFile> beside, const Past& past, AtPath at_path);
  [[nodiscard]] Past past(const FileKey* but) const;
  /// Takes a known file that is not beside the path out of the book: found elsewhere, or lost.
  /// False if that cannot be told now.
  bool settle_unread(const Cursor& cursor, bool lost);
  /// The same of all that could not be told before.
  void look_for_unread();
  void add_found(MissedFile missed);
  /// Errors: kThrottled, kUnavailable if it cannot be looked for.
  [[nodiscard]] Result<Rest> find_rest(const Cursor& cursor) const;
  /// Remembers what lay beside the path before it was read.
  void note_beside(const std::string& place);
  void note(const FoundFile& file);
  void lose(const Cursor& cursor);
  void lose_rest(LogFile& file);
  [[nodiscard]] Generation generation_of(Cursor cursor, FoundFile file, bool rotated);
  void rotate(Generation& generation);
  void cut(Generation& generation);
  void advance();
  bool finish(Generation& generation);
  /// Opens the file of a rotated generation again, wherever it lies.
  Back bring_back(Generation& generation);
  /// After a turn of a rotated file that failed.
  bool read_again(Generation& generation);
  bool end(Generation& generation, bool readable);
  void let_go(Generation& generation);
  void share(const std::shared_ptr<LogFile>& file);
  [[nodiscard]] bool leads(const Generation& generation) const;
  [[nodiscard]] bool is_live(const Generation& generation) const;
  void set_trouble(std::string text);
  void cannot_look(LookAgain& look, const Error& error);

  FollowWorld& world_;
  const std::string path_;
  std::vector<Labels> streams_;
  std::deque<Generation> generations_;
  std::string trouble_;
  LookAgain beside_;  ///< for files that are in the book as unread
  bool begun_ = false;
  bool changed_ = false;
  std::int64_t folder_modified_ns_ = -1;  ///< when look_beside() last saw all of it
};

}  // namespace weir::loki

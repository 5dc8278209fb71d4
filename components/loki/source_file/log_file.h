// SPDX-License-Identifier: Apache-2.0
// One file, by identity: reads it on in turns, sends its lines, and knows how far they are settled.
//
// A turn reads one chunk, finds the lines in it and sends them as one batch with one receipt; lines
// are views into the chunk. Between turns the file keeps no bytes: where the first unread line
// begins is all it needs, so a thousand quiet files cost a thousand small objects. A line that is
// not ended yet is looked for again from where the search stopped, and read when its end is there.

#pragma once

#include "base/clock.h"
#include "base/metrics.h"
#include "base/mutex.h"
#include "base/snapshot.h"
#include "components/core/sink.h"
#include "components/core/window.h"
#include "components/loki/source_file/chunk_pool.h"
#include "components/loki/source_file/cursor_store.h"
#include "components/loki/source_file/identity.h"
#include "components/loki/source_file/settled.h"
#include "components/loki/source_file/text_form.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::loki {

/// What the files of one component share. Receipts hold it, so it may outlive the component.
struct Flow {
  /// Enough for the pushes under way and the next ones; more would only wait in memory instead of
  /// on disk.
  static constexpr std::size_t kWindowBytes = 8u << 20;
  Window window{kWindowBytes};
  std::shared_ptr<ChunkPool> chunks = std::make_shared<ChunkPool>(LogBatch::kMaxBytes);
  Snapshot<Fanout<LogBatch>> next;
  std::atomic<bool> moved = false;  ///< a cursor moved since they were last saved
  std::function<void()> on_moved;   ///< called where that becomes so by a receipt; set before any
  std::atomic<bool> delivered = false;  ///< something was, since this was last looked at
  std::atomic<bool> abandoned =
      false;  ///< some receipt was abandoned since this was last looked at
  std::atomic<std::size_t> open_files = 0;
  std::size_t open_limit = 4096;  ///< above it, files that are read to their end are closed
  std::atomic<std::uint64_t> unsettled = 0;  ///< batches out
  Gauge files_active;
  Counter sent;      ///< entries, those among them that are offered again
  Counter errors;    ///< files that could not be read, each time
  Counter too_long;  ///< bytes left out of lines that were too long
  Counter gone;      ///< bytes that could not be read again
  Counter lost;      ///< unread bytes of files that were rotated away and are nowhere
};

struct FileMetrics {
  Gauge file_bytes;
  Gauge read_bytes;
  Counter read_lines;
};

/// Threads: read() by whoever owns the turn (see ReadQueue); what is marked (parked) only while
/// nobody does; the rest any.
class LogFile : public std::enable_shared_from_this<LogFile> {
 public:
  static constexpr std::size_t kChunkBytes = LogBatch::kMaxBytes;
  /// Of a longer line the rest is left out and counted.
  static constexpr std::size_t kMaxLineBytes = 4u << 20;

  enum class Turn : std::uint8_t {
    kMore,      ///< there may be more to read
    kEnd,       ///< everything that is there was sent, but for a line without an end
    kBlocked,   ///< the window is full
    kReplaced,  ///< the file was cut, or begins differently: what is there now is another text
    kFailed,    ///< error() says why
  };

  LogFile(std::shared_ptr<Flow> flow, std::shared_ptr<const TextRules> rules, FileMetrics metrics,
          Cursor cursor, FileHandle handle);

  ~LogFile() { close(); }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  Turn read(Clock& clock);

  // (parked)
  void verify_next() { verify_ = true; }       ///< look at the first bytes before reading on
  void finish_line() { finish_line_ = true; }  ///< a last line without an end is a line
  [[nodiscard]] bool is_open() const { return static_cast<bool>(handle_); }
  [[nodiscard]] Result<FileFacts> facts() const { return file_facts(handle_.fd()); }
  [[nodiscard]] std::optional<std::string> current_path() const { return handle_.current_path(); }
  void close();
  /// Goes on with the same file, opened again.
  void reopen(FileHandle handle);

  [[nodiscard]] const FileKey& key() const { return key_; }
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// How far it is settled, as the store keeps it.
  [[nodiscard]] Cursor cursor() const WEIR_EXCLUDES(mutex_);
  /// The file when somebody last looked.
  void saw(const FileFacts& facts) WEIR_EXCLUDES(mutex_);
  /// What is unsettled cannot be sent again: its bytes are no more.
  void forsake() { forsaken_ = true; }
  [[nodiscard]] std::size_t unsettled() const WEIR_EXCLUDES(mutex_);
  [[nodiscard]] bool has_abandoned() const WEIR_EXCLUDES(mutex_);
  /// Why the last turn failed; the code is kInvalid if what lies there cannot be read ever.
  [[nodiscard]] std::optional<Error> error() const WEIR_EXCLUDES(mutex_);

  /// The label sets its lines are sent under on behalf of `owner`; an empty list takes the owner
  /// away.
  void set_streams(const void* owner, std::vector<Labels> streams) WEIR_EXCLUDES(mutex_);
  /// Takes all owners away: nothing more is read.
  void drop_streams() WEIR_EXCLUDES(mutex_);

  std::atomic<bool> rotated = false;  ///< its path leads elsewhere now

 private:
  friend class ReadQueue;

  /// A batch's bytes, or a part of them, as its receipt knows them.
  struct Sent {
    std::shared_ptr<LogFile> file;
    ByteRange range;
    std::size_t cost;  ///< what it took of the window

    void operator()(Outcome outcome) const { file->settle(range, cost, outcome); }
    Sent split(std::uint32_t mark);
  };

  /// Errors: kNotFound if something else lies where it lay.
  Status open_in_place() WEIR_EXCLUDES(mutex_);
  Turn fail(const Error& error) WEIR_EXCLUDES(mutex_);
  Turn verify() WEIR_EXCLUDES(mutex_);
  Turn read_forward();
  Turn read_long();
  Turn at_end(std::uint64_t extent);
  Turn send_again(ByteRange range);
  Turn send_line(ByteRange range, bool again);
  Turn send(LogBatch batch, ByteRange range, bool again) WEIR_EXCLUDES(mutex_);
  void settle(ByteRange range, std::size_t cost, Outcome outcome) WEIR_EXCLUDES(mutex_);
  void divide(ByteRange range, std::uint64_t at) WEIR_EXCLUDES(mutex_);
  /// Adds the lines of `bytes` to `batch`; of an unfinished one only if `whole`. Returns where they
  /// end.
  std::size_t fill(LogBatch& batch, std::string_view bytes, std::uint64_t at, bool whole);
  void add_line(LogBatch& batch, const std::vector<std::uint32_t>& streams, std::string_view line,
                std::size_t begin);
  [[nodiscard]] std::size_t chunk_bytes() const;

  const std::shared_ptr<Flow> flow_;
  const std::shared_ptr<const TextRules> rules_;
  const FileMetrics metrics_;
  const FileKey key_;

  // Of the turn's owner.
  FileHandle handle_;
  std::unique_ptr<TextFeed> feed_;
  TextForm form_;
  bool form_known_ = false;
  std::vector<Labels> turn_streams_;
  std::uint64_t scanned_;  // no line ends between offset_ and here
  std::uint64_t average_line_ = 200;
  std::int64_t next_time_ns_ = 0;
  std::uint64_t fingerprinted_ = 0;  // bytes that the fingerprint covers
  bool verify_ = true;
  bool finish_line_ = false;

  std::atomic<std::uint64_t> offset_;
  std::atomic<std::uint64_t> size_ = 0;
  std::atomic<bool> forsaken_ = false;
  std::atomic<bool> queued_ = false;  // owned by the ReadQueue
  std::atomic<Turn> last_turn_ = Turn::kMore;

  mutable Mutex mutex_;
  Cursor cursor_ WEIR_GUARDED_BY(mutex_);
  SettledRanges ranges_ WEIR_GUARDED_BY(mutex_);
  std::map<const void*, std::vector<Labels>> streams_ WEIR_GUARDED_BY(mutex_);
  std::optional<Error> error_ WEIR_GUARDED_BY(mutex_);

 public:
  [[nodiscard]] bool parked() const { return !queued_; }
  [[nodiscard]] Turn last_turn() const { return last_turn_; }
};

}  // namespace weir::loki

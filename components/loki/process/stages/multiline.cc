// SPDX-License-Identifier: Apache-2.0
// stage.multiline: joins the lines of a block, each begun by a line that matches, into one entry.
//
// A block is the entry of its first line. While that entry's batch is at hand it is edited in
// place; only a block that is still open at the end of a batch is copied, and keeps a share in the
// batch's receipt, from where it begins, until it is sent.

#include "base/mutex.h"
#include "components/loki/process/stage.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace weir::loki {
namespace {

/// Bounds beside those of the arguments: a block in bytes, and how many streams have one open.
constexpr std::size_t kMaxBlock = 4u << 20;
constexpr std::size_t kMaxStreams = 10000;

class MultilineStage final : public BufferingStage {
 public:
  struct Args {
    Regex firstline;
    std::uint64_t max_lines = 128;
    Duration max_wait_time = std::chrono::seconds(3);
    bool trim_newlines = true;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
  };

  MultilineStage(const StageContext& context, const Args& args)
      : args_(args), clock_(context.clock) {}

  void process(StageBatch& batch) override {
    std::vector<char> is_first(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i)
      is_first[i] = args_.firstline.matches(batch.entry(i).line) ? 1 : 0;
    const Duration now = clock_.steady();
    MutexLock lock(mutex_);
    for (std::size_t i = 0; i < batch.size(); ++i) take(batch, i, is_first[i] != 0, now);
    // A receipt divides at its end in one step.
    std::sort(touched_.begin(), touched_.end(),
              [](const Stream* a, const Stream* b) { return a->mark > b->mark; });
    for (Stream* stream : touched_) keep_open(batch, *stream);
    touched_.clear();
    batch.apply();
  }

  void flush(Flush which, StageBatch& out) override {
    const Duration now = clock_.steady();
    MutexLock lock(mutex_);
    for (auto at = streams_.begin(); at != streams_.end();) {
      if (which == Flush::kDue && now - at->second.seen < args_.max_wait_time) {
        ++at;
        continue;
      }
      send(out, out.size(), at->second);
      at = streams_.erase(at);
    }
    out.apply();
  }

  [[nodiscard]] Duration patience() const override { return args_.max_wait_time; }
  [[nodiscard]] bool reads_found() const override { return false; }

 private:
  static constexpr std::size_t kElsewhere = ~std::size_t{0};

  /// A stream from its first block on.
  struct Stream {
    KeptEntry kept;                  ///< the first line's entry, if it came in an earlier batch
    std::size_t start = kElsewhere;  ///< where it is in this batch
    bool start_is_sent = false;      ///< a part of the block went out as that entry
    std::string text;                ///< the lines so far; of a single line of this batch: not yet
    std::uint64_t lines = 0;         ///< how many
    std::uint32_t mark = 0;          ///< the least of those in this batch
    std::vector<Receipt> receipts;   ///< of earlier batches
    Duration seen{};
    bool is_touched = false;  ///< by this batch
  };

  void take(StageBatch& batch, std::size_t i, bool is_first, Duration now) WEIR_REQUIRES(mutex_) {
    auto at = streams_.find(batch.labels(i));
    if (at != streams_.end() && at->second.lines > 0 &&
        now - at->second.seen >= args_.max_wait_time)
      send(batch, i, at->second);
    if (at == streams_.end()) {
      if (!is_first) return;  // what comes before the first block passes
      if (streams_.size() >= kMaxStreams) send_all(batch, i);
      at = streams_.try_emplace(batch.labels(i)).first;
    }
    Stream& stream = at->second;
    if (is_first) {
      if (stream.lines > 0) send(batch, i, stream);
      stream.start = i;
      stream.start_is_sent = false;
    }
    add_line(batch, i, stream);
    stream.seen = now;
    if (!std::exchange(stream.is_touched, true)) touched_.push_back(&stream);
    batch.drop(i);
    if (stream.lines == args_.max_lines || stream.text.size() >= kMaxBlock) send(batch, i, stream);
  }

  [[nodiscard]] std::string_view trimmed(std::string_view line) const {
    while (args_.trim_newlines && !line.empty() && (line.back() == '\n' || line.back() == '\r'))
      line.remove_suffix(1);
    return line;
  }

  void add_line(StageBatch& batch, std::size_t i, Stream& stream) const {
    const bool is_alone = stream.lines++ == 0;
    // A line joined from an earlier batch has mark 0, wherever it stands.
    const std::uint32_t mark = batch.entry(i).mark;
    stream.mark = is_alone || !stream.is_touched ? mark : std::min(stream.mark, mark);
    if (is_alone && stream.start == i) return;  // it is in the batch
    if (stream.lines == 2 && stream.text.empty() && stream.start != kElsewhere &&
        !stream.start_is_sent) {
      stream.text = trimmed(batch.entry(stream.start).line);
    }
    if (!is_alone) stream.text += '\n';
    stream.text += trimmed(batch.entry(i).line);
  }

  /// The block so far goes out before entry `i`. Later lines, up to the next first one, belong to
  /// its entry too.
  void send(StageBatch& batch, std::size_t i, Stream& stream) const {
    if (stream.lines == 0) return;
    if (stream.start != kElsewhere && !stream.start_is_sent) {
      Entry& entry = batch.entry(stream.start);
      entry.mark = std::min(entry.mark, stream.mark);
      entry.line = stream.lines == 1 ? trimmed(entry.line) : batch.logs().text(stream.text);
      batch.restore(stream.start);
      stream.start_is_sent = true;
    } else {
      KeptEntry entry = stream.start != kElsewhere ? batch.keep(stream.start) : stream.kept;
      entry.line = std::move(stream.text);
      entry.receipts = std::exchange(stream.receipts, {});
      entry.mark = stream.mark;
      batch.insert(i, std::move(entry));
    }
    stream.lines = 0;
    stream.text.clear();
  }

  void send_all(StageBatch& batch, std::size_t i) WEIR_REQUIRES(mutex_) {
    for (auto& [labels, stream] : streams_) send(batch, i, stream);
    streams_.clear();
    touched_.clear();
  }

  /// At the end of a batch: what is still open gets memory of its own and a share in its receipt.
  void keep_open(StageBatch& batch, Stream& stream) const {
    stream.is_touched = false;
    if (stream.lines > 0) {
      if (stream.lines == 1 && stream.start != kElsewhere && !stream.start_is_sent) {
        stream.text = trimmed(batch.entry(stream.start).line);
      }
      stream.receipts.push_back(batch.receipt_from(stream.mark));
    }
    stream.mark = 0;
    if (stream.start != kElsewhere) stream.kept = batch.keep(stream.start);
    stream.start = kElsewhere;
  }

  const Args args_;
  Clock& clock_;
  Mutex mutex_;
  std::unordered_map<Labels, Stream> streams_ WEIR_GUARDED_BY(mutex_);
  std::vector<Stream*> touched_ WEIR_GUARDED_BY(mutex_);
};

schema::Schema MultilineStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::firstline>("firstline", "What the first line of a block matches.").required(),
      attr<&Args::max_lines>("max_lines",
                             "How many lines a block has at most; longer ones are sent in parts."),
      attr<&Args::max_wait_time>("max_wait_time", "How long a block waits for its next line."),
      attr<&Args::trim_newlines>(
          "trim_newlines",
          "Whether line ends inside the lines are removed before they are joined."),
  });
  return kTable;
}

void MultilineStage::Args::validate(schema::Problems& problems) const {
  if (firstline.text().empty())
    problems.add("firstline", "must not be empty", {}, text::DiagnosticCode::kBadRegex);
  if (max_wait_time <= Duration::zero()) {
    problems.add("max_wait_time", "should be greater than 0", {}, text::DiagnosticCode::kBadValue);
  }
}

}  // namespace

extern constexpr StageDef stage_multiline =
    define_stage<MultilineStage>("multiline", "Joins the lines of a block into one entry.");

}  // namespace weir::loki

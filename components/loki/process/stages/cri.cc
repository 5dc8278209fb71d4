// SPDX-License-Identifier: Apache-2.0
// stage.cri: unwraps lines as container runtimes write them, `TIME STREAM FLAG CONTENT`, and joins
// partial ones.
//
// The usual line is whole and nothing waits: it is unwrapped in place, without a lock and without
// an allocation. Only from the first partial line on, or while one waits, a batch takes the lock.

#include "base/mutex.h"
#include "components/loki/process/cri_line.h"
#include "components/loki/process/label_memo.h"
#include "components/loki/process/stage.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace weir::loki {
namespace {

/// A source reads no further while its window is full of what waits here, so what waits is bounded
/// in size and in time even where the arguments set no bound.
constexpr std::size_t kMaxWaitingLine = 4u << 20;
constexpr Duration kMaxWait = std::chrono::seconds(10);

class CriStage final : public BufferingStage {
 public:
  struct Args {
    std::int64_t max_partial_lines = 100;
    std::uint64_t max_partial_line_size = 0;
    bool max_partial_line_size_truncate = false;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void names(FoundNames& names) const;
  };

  CriStage(const StageContext& context, const Args& args)
      : args_(args),
        clock_(context.clock),
        flushed_(context.metrics.counter("loki_process_cri_partial_lines_flushed_total",
                                         "A count of partial lines that were flushed prematurely "
                                         "due to the max_partial_lines limit being exceeded")),
        truncated_(context.metrics.counter(
            "loki_process_cri_lines_truncated_total",
            "A count of lines that were truncated due to the max_partial_line_size limit")) {}

  void process(StageBatch& batch) override {
    LabelMemo labels(batch.logs());
    std::size_t i = 0;
    CriKind kind = CriKind::kNone;
    if (waiting_count_.load(std::memory_order_acquire) == 0) {
      while (i < batch.size() && (kind = unwrap(batch, i, labels)) != CriKind::kPartial) ++i;
      if (i == batch.size()) return;
      join_from(batch, i, kind, labels);
    } else {
      join_from(batch, 0, unwrap(batch, 0, labels), labels);
    }
  }

  void flush(Flush which, StageBatch& out) override {
    // At the end, half lines are not sent: their receipts say abandoned, and the source offers them
    // again. They speak when nothing is locked.
    std::unordered_map<Labels, Waiting> abandoned;
    MutexLock lock(mutex_);
    if (which == Flush::kAll) {
      waiting_count_.store(0, std::memory_order_release);
      return waiting_.swap(abandoned);
    }
    const Duration now = clock_.steady();
    for (auto at = waiting_.begin(); at != waiting_.end();) {
      if (now - at->second.since < kMaxWait) {
        ++at;
        continue;
      }
      flushed_.add();
      out.insert(out.size(), std::move(at->second.entry));
      at = waiting_.erase(at);
    }
    out.apply();
    waiting_count_.store(waiting_.size(), std::memory_order_release);
  }

  [[nodiscard]] Duration patience() const override { return kMaxWait; }
  [[nodiscard]] bool reads_found() const override { return false; }

 private:
  struct Waiting {
    KeptEntry entry;
    Duration since{};
    bool from_this_batch = false;
  };

  /// Unwraps entry `i` in place.
  static CriKind unwrap(StageBatch& batch, std::size_t i, LabelMemo& labels) {
    Entry& entry = batch.entry(i);
    const CriLine line = parse_cri(entry.line);
    if (line.kind == CriKind::kNone) return line.kind;
    if (batch.keeps_found()) {
      batch.set_found(i, "flags", FoundValue(line.kind == CriKind::kPartial ? "P" : "F"));
      batch.set_found(i, "stream", FoundValue(line.stream));
      batch.set_found(i, "content", FoundValue(line.content));
      batch.set_found(i, "time", FoundValue(line.time));
    }
    entry.line = line.content;
    if (const auto time = try_parse_rfc3339(line.time)) entry.time = *time;
    const std::array<Label, 1> stream = {Label{"stream", line.stream}};
    entry.labels = labels.with(entry.labels, stream);
    return line.kind;
  }

  /// The rest of a batch from entry `i`, unwrapped already, when something waits or is to wait.
  void join_from(StageBatch& batch, std::size_t i, CriKind kind, LabelMemo& labels) {
    MutexLock lock(mutex_);
    for (;; kind = unwrap(batch, i, labels)) {
      if (kind == CriKind::kPartial) keep_partial(batch, i);
      if (kind == CriKind::kFull) complete(batch, i);
      if (++i == batch.size()) break;
    }
    hold_receipt(batch);
    batch.apply();
    waiting_count_.store(waiting_.size(), std::memory_order_release);
  }

  /// What waits of this batch has a share in its receipt, the latest first: so it divides in one
  /// step.
  void hold_receipt(const StageBatch& batch) WEIR_REQUIRES(mutex_) {
    std::vector<KeptEntry*> kept;
    for (auto& [stream, waiting] : waiting_) {
      if (std::exchange(waiting.from_this_batch, false)) kept.push_back(&waiting.entry);
    }
    std::sort(kept.begin(), kept.end(),
              [](const KeptEntry* a, const KeptEntry* b) { return a->mark > b->mark; });
    for (KeptEntry* entry : kept) entry->receipts.push_back(batch.receipt_from(entry->mark));
  }

  void keep_partial(StageBatch& batch, std::size_t i) WEIR_REQUIRES(mutex_) {
    if (waiting_.size() >= static_cast<std::size_t>(args_.max_partial_lines)) {
      flushed_.add(static_cast<double>(waiting_.size()));
      for (auto& [stream, waiting] : waiting_) let_go(batch, i, std::move(waiting));
      waiting_.clear();
    }
    // Time, labels and values are those of the latest part.
    Waiting& waiting = waiting_[batch.labels(i)];
    KeptEntry entry = batch.keep(i);
    entry.line = std::move(waiting.entry.line);
    entry.receipts = std::move(waiting.entry.receipts);
    entry.line += batch.entry(i).line;
    if (waiting.from_this_batch) entry.mark = std::min(entry.mark, waiting.entry.mark);
    truncate(entry.line);
    waiting = {std::move(entry), clock_.steady(), true};
    batch.drop(i);
    if (waiting.entry.line.size() < kMaxWaitingLine) return;
    flushed_.add();
    let_go(batch, i, std::move(waiting));
    waiting_.erase(batch.labels(i));
  }

  static void let_go(StageBatch& batch, std::size_t i, Waiting waiting) {
    batch.insert(i, std::move(waiting.entry));
  }

  /// A whole line is the end of what waits for its stream.
  void complete(StageBatch& batch, std::size_t i) WEIR_REQUIRES(mutex_) {
    const auto at = waiting_.find(batch.labels(i));
    if (at == waiting_.end()) return;
    KeptEntry entry = std::move(at->second.entry);
    waiting_.erase(at);
    entry.line += batch.entry(i).line;
    truncate(entry.line);
    batch.entry(i).line = batch.logs().text(entry.line);
    batch.entry(i).mark = std::min(batch.entry(i).mark, entry.begins_at());
    batch.settle_with(std::move(entry.receipts));
  }

  void truncate(std::string& line) const {
    const std::uint64_t most = args_.max_partial_line_size;
    if (!args_.max_partial_line_size_truncate || most == 0 || line.size() <= most) return;
    line.resize(most);
    truncated_.add();
  }

  const Args args_;
  Clock& clock_;
  Counter flushed_;
  Counter truncated_;
  std::atomic<std::size_t> waiting_count_ = 0;
  Mutex mutex_;
  std::unordered_map<Labels, Waiting> waiting_ WEIR_GUARDED_BY(mutex_);
};

schema::Schema CriStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::max_partial_lines>(
          "max_partial_lines", "How many partial lines may wait before all are sent as they are."),
      attr<&Args::max_partial_line_size>("max_partial_line_size",
                                         "How long a joined line may get, in bytes; 0 is 4 MiB."),
      attr<&Args::max_partial_line_size_truncate>(
          "max_partial_line_size_truncate",
          "Whether joined lines are cut at `max_partial_line_size`."),
  });
  return kTable;
}

void CriStage::Args::names(FoundNames& names) const {
  names.gives.insert(names.gives.end(), {"flags", "stream", "content", "time"});
}

void CriStage::Args::validate(schema::Problems& problems) const {
  if (max_partial_lines <= 0) {
    problems.add("max_partial_lines", "should be greater than 0", {},
                 text::DiagnosticCode::kBadValue);
  }
}

}  // namespace

extern constexpr StageDef stage_cri = define_stage<CriStage>(
    "cri", "Unwraps lines in the format of CRI container runtimes and joins partial lines.");

}  // namespace weir::loki

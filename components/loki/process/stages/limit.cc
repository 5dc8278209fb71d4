// SPDX-License-Identifier: Apache-2.0
// stage.limit: lets so many entries a second through; others wait, or are dropped.
//
// What waits holds its batch's receipt, so a source reads no further than its window while the
// stage lets entries through one by one: the limit is felt where the entries come from.

#include "base/mutex.h"
#include "components/loki/process/generations.h"
#include "components/loki/process/stage.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace weir::loki {
namespace {

/// Fewer values of a label are not remembered, whatever the arguments say.
constexpr std::int64_t kLeastDistinctLabels = 10000;

/// A bucket that holds `burst` tokens and fills at a rate; it begins full. Who takes a token that is
/// not there yet waits for it, and others behind him: then it holds less than nothing.
class TokenBucket {
 public:
  explicit TokenBucket(double burst = 0) : tokens_(burst) {}
  /// Takes one; how long its taker waits for it.
  Duration reserve(double rate, double burst, Duration now) {
    fill(rate, burst, now);
    tokens_ -= 1;
    return time_to(0, rate);
  }
  /// Takes one if it is there.
  bool take(double rate, double burst, Duration now) {
    fill(rate, burst, now);
    if (time_to(1, rate) > Duration::zero()) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  void fill(double rate, double burst, Duration now) {
    if (now <= last_) return;
    const double seconds = std::chrono::duration<double>(now - last_).count();
    tokens_ = std::min(burst, tokens_ + seconds * rate);
    last_ = now;
  }
  /// Until it holds so many, in whole nanoseconds: what is missing by rounding is there.
  [[nodiscard]] Duration time_to(double tokens, double rate) const {
    constexpr double kLongest = 1e9;  // seconds
    const double seconds = std::clamp((tokens - tokens_) / rate, 0.0, kLongest);
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
  }

  double tokens_;
  Duration last_{};
};

class LimitStage final : public BufferingStage {
 public:
  struct Args {
    double rate = 0;
    std::int64_t burst = 0;
    bool drop = false;
    std::string by_label_name;
    std::int64_t max_distinct_labels = 10000;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
  };

  LimitStage(const StageContext& context, const Args& args)
      : args_(args),
        burst_(static_cast<double>(args.burst)),
        metrics_(context.metrics),
        clock_(context.clock),
        dropped_(context.dropped("ratelimit_drop_stage")),
        bucket_(burst_),
        by_label_(
            static_cast<std::size_t>(std::max(args.max_distinct_labels, kLeastDistinctLabels))) {}

  void process(StageBatch& batch) override {
    const Duration now = clock_.steady();
    MutexLock lock(mutex_);
    std::size_t dropped = 0;
    if (!batch.empty()) let_through(batch, 0, now);
    const std::size_t earlier = waiting_.size();
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (args_.drop) {
        if (passes(batch, i, now)) continue;
        ++dropped;
      } else {
        const Duration wait = bucket_.reserve(args_.rate, burst_, now);
        if (wait == Duration::zero()) continue;
        KeptEntry kept = batch.keep(i);
        kept.line = batch.entry(i).line;
        waiting_.push_back({std::move(kept), now + wait});
      }
      batch.drop(i);
    }
    hold_receipt(batch, earlier);
    batch.apply();
    if (dropped != 0) dropped_.add(static_cast<double>(dropped));
  }

  void flush(Flush which, StageBatch& out) override {
    const Duration now = clock_.steady();
    // At the end, what waits is not let through at once: its receipts say abandoned, and the source
    // offers it again. They speak when nothing is locked.
    decltype(waiting_) abandoned;
    MutexLock lock(mutex_);
    if (which == Flush::kAll) return waiting_.swap(abandoned);
    let_through(out, out.size(), now);
    out.apply();
  }

  [[nodiscard]] Duration patience() const override {
    if (args_.drop) return {};
    const double seconds = std::clamp(1 / args_.rate, 0.01, 1.0);
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
  }
  [[nodiscard]] bool reads_found() const override { return false; }

 private:
  struct Waiting {
    KeptEntry entry;
    Duration due;  ///< when its token is there; never before that of who came earlier
  };
  /// What is known of one value of the label.
  struct Limited {
    TokenBucket bucket;
    std::optional<Counter> dropped;  ///< made with the first that is; goes when it is forgotten
  };

  bool passes(StageBatch& batch, std::size_t i, Duration now) WEIR_REQUIRES(mutex_) {
    if (args_.by_label_name.empty()) return bucket_.take(args_.rate, burst_, now);
    if (!batch.labels(i).has(args_.by_label_name)) return true;
    const std::string value(batch.labels(i).get(args_.by_label_name));
    Limited* known = by_label_.find(value);
    if (known == nullptr) known = &by_label_.put(value, {TokenBucket(burst_), {}});
    if (known->bucket.take(args_.rate, burst_, now)) return true;
    count(*known, value);
    return false;
  }

  void count(Limited& limited, const std::string& value) const {
    if (!limited.dropped) {
      limited.dropped =
          metrics_.counter("loki_process_dropped_lines_by_label_total",
                           "A count of all log lines dropped as a result of a pipeline stage",
                           {{"label_name", args_.by_label_name}, {"label_value", value}});
    }
    limited.dropped->add();
  }

  /// What has its token goes before entry `i`.
  void let_through(StageBatch& batch, std::size_t i, Duration now) WEIR_REQUIRES(mutex_) {
    for (; !waiting_.empty() && waiting_.front().due <= now; waiting_.pop_front())
      batch.insert(i, std::move(waiting_.front().entry));
  }

  /// What waits, but for the `earlier` ones, is of this batch.
  void hold_receipt(StageBatch& batch, std::size_t earlier) WEIR_REQUIRES(mutex_) {
    const auto begin = waiting_.begin() + static_cast<std::ptrdiff_t>(earlier);
    if (begin == waiting_.end()) return;
    std::uint32_t mark = begin->entry.mark;
    for (auto one = begin; one != waiting_.end(); ++one) mark = std::min(mark, one->entry.mark);
    for (auto one = begin; one != waiting_.end(); ++one)
      one->entry.receipts.push_back(batch.receipt_from(mark));
  }

  const Args args_;
  const double burst_;
  const MetricScope metrics_;
  Clock& clock_;
  Counter dropped_;
  Mutex mutex_;
  TokenBucket bucket_ WEIR_GUARDED_BY(mutex_);
  std::deque<Waiting> waiting_ WEIR_GUARDED_BY(mutex_);
  Generations<std::string, Limited> by_label_ WEIR_GUARDED_BY(mutex_);
};

schema::Schema LimitStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::rate>("rate", "How many entries a second pass.").required(),
      attr<&Args::burst>("burst", "How many may pass at once.").required(),
      attr<&Args::drop>("drop", "Whether other entries are dropped; else they wait."),
      attr<&Args::by_label_name>("by_label_name",
                                 "Label whose every value has a limit of its own."),
      attr<&Args::max_distinct_labels>("max_distinct_labels",
                                       "How many values are told apart; at least 10000."),
  });
  return kTable;
}

void LimitStage::Args::validate(schema::Problems& problems) const {
  if (!(rate > 0))
    problems.add("rate", "must be greater than zero", {}, text::DiagnosticCode::kBadValue);
  if (burst <= 0)
    problems.add("burst", "must be greater than zero", {}, text::DiagnosticCode::kBadValue);
  if (!by_label_name.empty() && !drop)
    problems.add("drop", "a limit for each value of a label drops what is above it");
}

}  // namespace

extern constexpr StageDef stage_limit =
    define_stage<LimitStage>("limit", "Limits how many entries pass in a second.");

}  // namespace weir::loki

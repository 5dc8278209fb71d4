// SPDX-License-Identifier: Apache-2.0
// loki.relabel: log entries whose label sets go through relabelling rules.
//
// A label set is relabelled once a batch at most, and as long as the cache remembers it not even
// that: sets are interned, so the cache compares pointers.

#include "components/core/relabel.h"

#include "base/snapshot.h"
#include "components/core/sink.h"
#include "interpreter/graph/component.h"

#include <list>
#include <optional>
#include <unordered_map>

namespace weir::loki {
namespace {

/// What became of a label set, for the last `capacity` sets seen. Threads: any.
class LabelCache {
 public:
  explicit LabelCache(std::size_t capacity) : capacity_(capacity) {}

  /// Whether it is known; then `out` is what it becomes, or nothing.
  bool find(const Labels& labels, std::optional<Labels>& out) WEIR_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    const auto at = index_.find(labels);
    if (at == index_.end()) return false;
    used_.splice(used_.begin(), used_, at->second);
    out = at->second->second;
    return true;
  }
  void put(const Labels& labels, const std::optional<Labels>& becomes) WEIR_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (capacity_ == 0 || index_.contains(labels)) return;
    if (index_.size() >= capacity_) {
      index_.erase(used_.back().first);
      used_.pop_back();
    }
    used_.emplace_front(labels, becomes);
    index_[labels] = used_.begin();
  }
  [[nodiscard]] std::size_t size() const WEIR_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return index_.size();
  }

 private:
  using Used = std::list<std::pair<Labels, std::optional<Labels>>>;  // last used first
  const std::size_t capacity_;
  mutable Mutex mutex_;
  Used used_ WEIR_GUARDED_BY(mutex_);
  std::unordered_map<Labels, Used::iterator> index_ WEIR_GUARDED_BY(mutex_);
};

/// Rewrites the label set of each log entry; an entry left without labels is dropped.
///
/// Data:    LogBatch in, LogBatch out; lines, times and metadata untouched.
/// Threads: consume() from any thread, many at once; update() from the control thread.
/// Errors:  none of its own; the outcome travels in the batch's receipt.
class Relabel final : public graph::Component, public LogSink {
 public:
  struct Args {
    std::vector<LogReceiver> forward_to;
    std::vector<RelabelRule> rules;
    std::int64_t max_cache_size = 10'000;
    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void lint(catalog::Lint& lint) const { lint_rules(rules, lint); }
  };
  struct Exports {
    LogReceiver receiver;
    RelabelRules rules;
    static schema::Schema schema();
  };

  explicit Relabel(graph::Context& context);
  Status update(Args args);
  void stop(Duration) override { port_->close(); }
  void consume(LogBatch batch) override;

 private:
  /// Immutable but for its cache, which locks itself.
  struct Plan {
    Plan(Fanout<LogBatch> to, RelabelRules with, std::size_t cache_size)
        : next(std::move(to)), rules(std::move(with)), cache(cache_size) {}
    Fanout<LogBatch> next;
    RelabelRules rules;
    mutable LabelCache cache;
  };

  graph::Context& context_;
  const std::shared_ptr<LogPort> port_ = std::make_shared<LogPort>();
  Snapshot<Plan> plan_;
  const Counter processed_, written_, misses_, hits_;
  const Gauge cache_size_;
};

schema::Schema Relabel::Args::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Args::forward_to>("forward_to", "Where entries go.").required(),
      schema::attr<&Args::max_cache_size>(
          "max_cache_size", "How many label sets are remembered with what they became."),
      schema::block<&Args::rules>("rule", "A relabelling rule; rules are applied in order."),
  });
  return kTable;
}

void Relabel::Args::validate(schema::Problems& problems) const {
  if (max_cache_size < 1)
    problems.add("max_cache_size", "max_cache_size must be greater than 0", {},
                 text::DiagnosticCode::kBadValue);
}

schema::Schema Relabel::Exports::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Exports::receiver>("receiver", "Takes the entries to relabel."),
      schema::attr<&Exports::rules>("rules",
                                    "The rules, for components that apply them themselves."),
  });
  return kTable;
}

Relabel::Relabel(graph::Context& context)
    : context_(context),
      processed_(context.metrics().counter("loki_relabel_entries_processed", "Entries that came.")),
      written_(
          context.metrics().counter("loki_relabel_entries_written", "Entries that were sent on.")),
      misses_(context.metrics().counter("loki_relabel_cache_misses",
                                        "Label sets that had to be relabelled.")),
      hits_(context.metrics().counter("loki_relabel_cache_hits", "Label sets that were known.")),
      cache_size_(
          context.metrics().gauge("loki_relabel_cache_size", "Label sets that are remembered.")) {
  plan_.set(std::make_shared<const Plan>(Fanout<LogBatch>(), RelabelRules(), 1));
  port_->open(*this);
}

Status Relabel::update(Args args) {
  const RelabelRules rules(std::move(args.rules));
  plan_.set(std::make_shared<const Plan>(Fanout<LogBatch>(std::move(args.forward_to)), rules,
                                         static_cast<std::size_t>(args.max_cache_size)));
  cache_size_.set(0);
  context_.publish(Exports{{port_}, rules});
  return {};
}

void Relabel::consume(LogBatch batch) {
  const auto plan = plan_.get();
  std::size_t missed = 0, found = 0;
  processed_.add(static_cast<double>(batch.size()));
  batch.rewrite_labels([&](const Labels& labels) {
    std::optional<Labels> becomes;
    if (plan->cache.find(labels, becomes)) {
      ++found;
      return becomes;
    }
    ++missed;
    LabelsBuilder builder(labels);
    builder.remove_if([](std::string_view, std::string_view value) { return value.empty(); });
    if (plan->rules.apply(builder) && !builder.all().empty()) becomes = builder.build();
    plan->cache.put(labels, becomes);
    return becomes;
  });
  if (missed != 0) cache_size_.set(static_cast<double>(plan->cache.size()));
  misses_.add(static_cast<double>(missed));
  hits_.add(static_cast<double>(found));
  written_.add(static_cast<double>(batch.size()));
  plan->next.consume(std::move(batch));
}

}  // namespace
}  // namespace weir::loki

namespace weir {
extern constexpr catalog::ComponentDef loki_relabel =
    graph::define<loki::Relabel>("loki.relabel", schema::Stability::kGenerallyAvailable,
                                 "Rewrites the label set of each log entry by rules.");
}

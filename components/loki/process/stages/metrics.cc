// SPDX-License-Identifier: Apache-2.0
// stage.metrics: counters, gauges and histograms of what passes, one series for each label set.
//
// A series belongs to the labels that an entry has here and goes when it has been idle for a while;
// the flush of waiting stages is what looks for those.

#include "base/mutex.h"
#include "components/loki/process/stage.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace weir::loki {
namespace {

/// Label sets of which one metric keeps a series: what a hostile label makes up is bounded.
constexpr std::size_t kMaxSeries = 10'000;

enum class CustomKind { kCounter, kGauge, kHistogram };

/// What a metric of any kind has; each kind's table names those of its own.
struct CustomMetric {
  std::string name;
  std::string description;
  std::string source;
  std::string prefix = "loki_process_custom_";
  Duration max_idle_duration = std::chrono::minutes(5);
  std::string value;
  std::string action;              ///< of counters and gauges
  bool match_all = false;          ///< of counters
  bool count_entry_bytes = false;  ///< of counters
  std::vector<double> buckets;     ///< of histograms

  [[nodiscard]] std::string full_name() const {
    return (prefix.empty() ? "loki_process_custom_" : prefix) + name;
  }
  [[nodiscard]] const std::string& read_from() const { return source.empty() ? name : source; }
  void validate(schema::Problems& problems) const;
};
struct CustomCounter : CustomMetric {
  static schema::Schema schema();
};
struct CustomGauge : CustomMetric {
  static schema::Schema schema();
};
struct CustomHistogram : CustomMetric {
  static schema::Schema schema();
};

void CustomMetric::validate(schema::Problems& problems) const {
  const auto wrong = [&](std::string_view field, std::string message) {
    problems.add(field, std::move(message), {}, text::DiagnosticCode::kBadValue);
  };
  if (!is_metric_name(full_name()))
    wrong("name", format("\"{}\" cannot name a metric", full_name()));
  if (max_idle_duration < std::chrono::seconds(1))
    wrong("max_idle_duration", "must be at least 1s");
  if (match_all && !value.empty()) problems.add("value", "match_all and value do not go together");
  if (count_entry_bytes && (!match_all || action != "add"))
    problems.add("count_entry_bytes", "needs match_all, and \"add\" as its action");
  const auto falls = [](double a, double b) { return !(a < b); };
  if (std::adjacent_find(buckets.begin(), buckets.end(), falls) != buckets.end())
    wrong("buckets", "must grow from one to the next");
}

using schema::attr;

/// The rows that every kind has, and its own.
template <class... Own>
consteval auto metric_table(const Own&... own) {
  return schema::table({
      attr<&CustomMetric::name>("name", "The metric's name, behind its prefix.").required(),
      attr<&CustomMetric::description>("description", "The metric's help text."),
      attr<&CustomMetric::source>(
          "source", "Extracted value to read; the one of the metric's name if empty."),
      attr<&CustomMetric::prefix>("prefix", "What the metric's name begins with."),
      attr<&CustomMetric::max_idle_duration>("max_idle_duration",
                                             "How long a series may be idle before it goes."),
      attr<&CustomMetric::value>("value", "What the extracted value must be to count."),
      own...,
  });
}

schema::Schema CustomCounter::schema() {
  static constexpr auto kTable =
      metric_table(attr<&CustomMetric::action>("action", "Whether one is added, or the value.")
                       .one_of("inc", "add")
                       .required(),
                   attr<&CustomMetric::match_all>("match_all", "Whether every entry counts."),
                   attr<&CustomMetric::count_entry_bytes>(
                       "count_entry_bytes", "Whether the bytes of lines are counted."));
  return kTable;
}

schema::Schema CustomGauge::schema() {
  static constexpr auto kTable =
      metric_table(attr<&CustomMetric::action>("action", "What the value does to the gauge.")
                       .one_of("set", "inc", "dec", "add", "sub")
                       .required());
  return kTable;
}

schema::Schema CustomHistogram::schema() {
  static constexpr auto kTable = metric_table(
      attr<&CustomMetric::buckets>("buckets", "Upper bounds of the buckets.").required());
  return kTable;
}

constexpr CustomKind kCounterKind = CustomKind::kCounter;
constexpr CustomKind kGaugeKind = CustomKind::kGauge;
constexpr CustomKind kHistogramKind = CustomKind::kHistogram;

std::span<const schema::Choice> metric_choices() {
  constexpr auto kStable = schema::Stability::kGenerallyAvailable;
  static const std::array kChoices = {
      schema::Choice{"counter", "Goes up.", kStable, &schema::detail::block_ops<CustomCounter>,
                     &kCounterKind},
      schema::Choice{"gauge", "Goes up and down.", kStable, &schema::detail::block_ops<CustomGauge>,
                     &kGaugeKind},
      schema::Choice{"histogram", "Counts values in buckets.", kStable,
                     &schema::detail::block_ops<CustomHistogram>, &kHistogramKind},
  };
  return kChoices;
}

/// The arguments behind a choice, whichever its kind.
CustomMetric custom_of(const schema::Chosen& chosen) {
  switch (*static_cast<const CustomKind*>(chosen.choice->definition)) {
    case CustomKind::kCounter: return *static_cast<const CustomCounter*>(chosen.args.get());
    case CustomKind::kGauge: return *static_cast<const CustomGauge*>(chosen.args.get());
    case CustomKind::kHistogram: break;
  }
  return *static_cast<const CustomHistogram*>(chosen.args.get());
}

/// A number, a truth, or the text of a number or of a duration, which counts in seconds.
std::optional<double> metric_number(const FoundValue& value) {
  if (value.kind() == FoundValue::Kind::kNumber) return value.as_number();
  if (value.kind() == FoundValue::Kind::kBool) return value.as_bool() ? 1 : 0;
  if (value.kind() != FoundValue::Kind::kText) return std::nullopt;
  std::string_view text = value.as_text();
  if (const auto duration = parse_duration(text); duration && text != "0")
    return std::chrono::duration<double>(*duration).count();
  if (text.starts_with('+')) text.remove_prefix(1);
  double out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

/// One metric with its series. Threads: one at a time.
class MetricOfEntries {
 public:
  MetricOfEntries(CustomKind kind, CustomMetric custom, MetricScope scope)
      : kind_(kind), custom_(std::move(custom)), scope_(std::move(scope)) {}

  [[nodiscard]] const CustomMetric& custom() const { return custom_; }
  [[nodiscard]] bool takes_any_number() const { return kind_ == CustomKind::kHistogram; }

  /// Why an entry did not count.
  enum class Miss { kNone, kAbsent, kNotText, kNotNumber, kTooMany };
  Miss record(StageBatch& batch, std::size_t i, Duration now) {
    if (custom_.match_all) {
      std::optional<double> bytes;
      if (custom_.count_entry_bytes) bytes = static_cast<double>(batch.entry(i).line.size());
      return update(batch.labels(i), bytes, now);
    }
    const FoundValue found = batch.found(i, custom_.read_from());
    if (!found.exists()) return Miss::kAbsent;
    if (!custom_.value.empty()) {
      if (!found.has_text()) return Miss::kNotText;
      if (batch.text(found) != custom_.value) return Miss::kNone;
    }
    return update(batch.labels(i), metric_number(found), now);
  }

  void forget_idle(Duration now) {
    std::erase_if(series_, [&](const auto& one) {
      return now - one.second.used >= custom_.max_idle_duration;
    });
  }

 private:
  struct Live {
    std::variant<Counter, Gauge, Histogram> metric;
    Duration used{};
  };

  /// `number`: nothing if there is none, which some actions do without.
  Miss update(const Labels& labels, std::optional<double> number, Duration now) {
    if (custom_.action == "inc") number = 1;
    if (custom_.action == "dec") number = -1;
    if (!number || (kind_ == CustomKind::kCounter && !(*number >= 0))) return Miss::kNotNumber;
    Live* live = series_of(labels);
    if (live == nullptr) return Miss::kTooMany;
    live->used = now;
    if (const auto* counter = std::get_if<Counter>(&live->metric)) counter->add(*number);
    if (const auto* histogram = std::get_if<Histogram>(&live->metric)) histogram->observe(*number);
    if (const auto* gauge = std::get_if<Gauge>(&live->metric)) {
      if (custom_.action == "set") {
        gauge->set(*number);
      } else {
        gauge->add(custom_.action == "sub" ? -*number : *number);
      }
    }
    return Miss::kNone;
  }

  Live* series_of(const Labels& labels) {
    if (const auto at = series_.find(labels); at != series_.end()) return &at->second;
    if (series_.size() >= kMaxSeries) return nullptr;
    return &series_.emplace(labels, Live{open(labels), {}}).first->second;
  }

  /// Labels that a metric may have; the component's own and a bucket's are not an entry's to give.
  [[nodiscard]] MetricLabels clean(const Labels& labels) const {
    MetricLabels out;
    for (const Label& label : labels) {
      const bool reserved = label.name.starts_with("__") || label.name == "component_id" ||
                            (label.name == "le" && kind_ == CustomKind::kHistogram);
      if (!reserved && is_label_name(label.name)) out.emplace_back(label.name, label.value);
    }
    return out;
  }
  [[nodiscard]] std::variant<Counter, Gauge, Histogram> open(const Labels& labels) const {
    const std::string name = custom_.full_name();
    const std::string& help = custom_.description;
    switch (kind_) {
      case CustomKind::kCounter: return scope_.counter(name, help, clean(labels));
      case CustomKind::kGauge: return scope_.gauge(name, help, clean(labels));
      case CustomKind::kHistogram: break;
    }
    return scope_.histogram(name, help, custom_.buckets, clean(labels));
  }

  const CustomKind kind_;
  const CustomMetric custom_;
  const MetricScope scope_;
  std::unordered_map<Labels, Live> series_;
};

class MetricsStage final : public BufferingStage {
 public:
  struct Args {
    std::vector<schema::Chosen> metrics;
    static schema::Schema schema();
  };

  MetricsStage(const StageContext& context, const Args& args)
      : log_(context.log), clock_(context.clock) {
    for (const schema::Chosen& chosen : args.metrics) {
      const CustomMetric custom = custom_of(chosen);
      // Of two with one name the later counts.
      std::erase_if(metrics_,
                    [&](const auto& metric) { return metric->custom().name == custom.name; });
      metrics_.push_back(std::make_unique<MetricOfEntries>(
          *static_cast<const CustomKind*>(chosen.choice->definition), custom,
          context.metrics.for_users()));
    }
  }

  void process(StageBatch& batch) override {
    const Duration now = clock_.steady();
    MutexLock lock(mutex_);
    for (const auto& metric : metrics_) {
      std::array<std::size_t, 5> misses{};
      for (std::size_t i = 0; i < batch.size(); ++i)
        ++misses[static_cast<std::size_t>(metric->record(batch, i, now))];
      report(*metric, misses);
    }
  }

  /// Nothing ever waits here; series that nobody used go.
  void flush(Flush, StageBatch&) override {
    const Duration now = clock_.steady();
    MutexLock lock(mutex_);
    for (const auto& metric : metrics_) metric->forget_idle(now);
  }
  [[nodiscard]] Duration patience() const override {
    Duration least{};
    for (const auto& metric : metrics_) {
      const Duration idle = metric->custom().max_idle_duration;
      if (least == Duration::zero() || idle < least) least = idle;
    }
    return least;
  }

 private:
  using Miss = MetricOfEntries::Miss;

  void report(const MetricOfEntries& metric, const std::array<std::size_t, 5>& misses) const {
    const auto tell = [&](Miss miss, std::string_view message) {
      const std::size_t count = misses[static_cast<std::size_t>(miss)];
      if (count != 0)
        log_.debug(message,
                   {{"stage", "metrics"}, {"metric", metric.custom().name}, {"entries", count}});
    };
    tell(Miss::kAbsent, "source does not exist");
    tell(Miss::kNotText,
         "failed to convert extracted value to string, can't perform value comparison");
    tell(Miss::kNotNumber, metric.takes_any_number()
                               ? "failed to convert extracted value to float"
                               : "failed to convert extracted value to positive float");
    tell(Miss::kTooMany, "more label sets than a metric keeps series of");
  }

  const Logger log_;
  Clock& clock_;
  Mutex mutex_;
  std::vector<std::unique_ptr<MetricOfEntries>> metrics_;
};

schema::Schema MetricsStage::Args::schema() {
  static constexpr auto kTable = schema::table({
      schema::choice<&Args::metrics>("metric", "A metric of the entries that pass.",
                                     &metric_choices),
  });
  return kTable;
}

}  // namespace

extern constexpr StageDef stage_metrics =
    define_stage<MetricsStage>("metrics", "Makes metrics of log lines.");

}  // namespace weir::loki

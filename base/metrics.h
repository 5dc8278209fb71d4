// SPDX-License-Identifier: Apache-2.0
// Metrics about Weir itself: counters, gauges, histograms, made in constructors, moved per batch.
//
// A handle owns its series: when the last handle of a series goes, the series leaves /metrics.
// Equal names with equal labels share one series. The library behind the door is prometheus-cpp
// (metrics.cc).

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

/// What may name a metric or a label; names that come from users are checked with these first.
bool is_metric_name(std::string_view name);
bool is_label_name(std::string_view name);

namespace detail {
struct Series;
}

/// Goes up. Threads: any. A default-constructed one counts for nobody.
class Counter {
 public:
  Counter() = default;
  void add(double amount = 1) const;
  [[nodiscard]] double value() const;

 private:
  friend class MetricScope;
  std::shared_ptr<detail::Series> series_;
};

/// Goes up and down. Threads: any.
class Gauge {
 public:
  Gauge() = default;
  void set(double value) const;
  void add(double amount) const;
  [[nodiscard]] double value() const;

 private:
  friend class MetricScope;
  std::shared_ptr<detail::Series> series_;
};

/// Counts observations in buckets. Threads: any.
class Histogram {
 public:
  Histogram() = default;
  void observe(double value) const;

 private:
  friend class MetricScope;
  std::shared_ptr<detail::Series> series_;
};

/// All series of a program, as /metrics shows them. Threads: any.
class MetricRegistry {
 public:
  MetricRegistry();
  ~MetricRegistry();
  MetricRegistry(const MetricRegistry&) = delete;
  MetricRegistry& operator=(const MetricRegistry&) = delete;

  /// Text exposition format 0.0.4, families and series sorted.
  [[nodiscard]] std::string text() const;
  /// A registry nobody reads.
  static MetricRegistry& null();

 private:
  friend class MetricScope;
  friend struct detail::Series;
  struct State;
  std::shared_ptr<State> state_;
};

/// Makes series that all carry some labels, such as component_id. Cheap to copy. Threads: any.
/// One name has one type and one help text in the whole program; the first to come says the help.
class MetricScope {
 public:
  explicit MetricScope(MetricRegistry& registry, MetricLabels labels = {});
  [[nodiscard]] MetricScope with(std::string key, std::string value) const;
  /// A scope for names that users give: one that has another type already counts for nobody, and
  /// so does ours where a user has taken its name.
  [[nodiscard]] MetricScope for_users() const;

  [[nodiscard]] Counter counter(std::string_view name, std::string_view help,
                                const MetricLabels& labels = {}) const;
  [[nodiscard]] Gauge gauge(std::string_view name, std::string_view help,
                            const MetricLabels& labels = {}) const;
  [[nodiscard]] Histogram histogram(std::string_view name, std::string_view help,
                                    const std::vector<double>& buckets,
                                    const MetricLabels& labels = {}) const;

 private:
  std::shared_ptr<MetricRegistry::State> state_;
  MetricLabels labels_;
  bool for_users_ = false;
};

}  // namespace weir

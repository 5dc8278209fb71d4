// SPDX-License-Identifier: Apache-2.0
// Families hold prometheus-cpp's metrics; a Series is the shared owner of one of them and takes it
// out of its family when the last handle goes.
#include "base/metrics.h"

#include "base/check.h"
#include "base/format.h"
#include "base/mutex.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <tuple>
#include <variant>

namespace weir {
namespace {

using SeriesLabels = prometheus::Labels;

/// All series of one name and one kind.
template <class Metric>
struct MetricFamily {
  struct Entry {
    Metric* metric;
    std::weak_ptr<detail::Series> series;
  };
  MetricFamily(std::string_view name, std::string_view help)
      : family(std::string(name), std::string(help), {}) {}
  prometheus::Family<Metric> family;
  std::map<SeriesLabels, Entry> entries;
  bool is_users = false;  ///< a user gave its name
};

using AnyFamily = std::variant<std::unique_ptr<MetricFamily<prometheus::Counter>>,
                               std::unique_ptr<MetricFamily<prometheus::Gauge>>,
                               std::unique_ptr<MetricFamily<prometheus::Histogram>>>;

bool is_prometheus_name(std::string_view name, bool colon_allowed) {
  const auto fits = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9') ||
           (c == ':' && colon_allowed);
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
         std::all_of(name.begin(), name.end(), fits);
}

}  // namespace

struct MetricRegistry::State {
  mutable Mutex mutex;
  std::map<std::string, AnyFamily, std::less<>> families WEIR_GUARDED_BY(mutex);

  template <class Metric, class... Args>
  static std::shared_ptr<detail::Series> open(const std::shared_ptr<State>& state,
                                              std::string_view name, std::string_view help,
                                              SeriesLabels labels, bool for_users,
                                              const Args&... args);
  void close(detail::Series& series) WEIR_EXCLUDES(mutex);
};

struct detail::Series {
  Series(std::shared_ptr<MetricRegistry::State> s, std::string_view n, SeriesLabels l)
      : state(std::move(s)), name(n), labels(std::move(l)) {}
  ~Series() { state->close(*this); }
  Series(const Series&) = delete;
  Series& operator=(const Series&) = delete;

  std::shared_ptr<MetricRegistry::State> state;
  std::string name;
  SeriesLabels labels;
  std::variant<prometheus::Counter*, prometheus::Gauge*, prometheus::Histogram*> metric;
};

template <class Metric, class... Args>
std::shared_ptr<detail::Series> MetricRegistry::State::open(const std::shared_ptr<State>& state,
                                                            std::string_view name,
                                                            std::string_view help,
                                                            SeriesLabels labels, bool for_users,
                                                            const Args&... args) {
  std::shared_ptr<detail::Series> made;  // outlives the lock: dropping it takes the lock again
  MutexLock lock(state->mutex);
  auto at = state->families.find(name);
  if (at == state->families.end()) {
    WEIR_CHECK(is_metric_name(name), "a metric's name is checked by who takes it from a user");
    auto family = std::make_unique<MetricFamily<Metric>>(name, help);
    family->is_users = for_users;
    at = state->families.emplace(name, std::move(family)).first;
  }
  auto* const held = std::get_if<std::unique_ptr<MetricFamily<Metric>>>(&at->second);
  if (held == nullptr) {
    const bool is_users = std::visit([](const auto& other) { return other->is_users; }, at->second);
    WEIR_CHECK(for_users || is_users, "a metric's name has one type");
    return nullptr;
  }
  MetricFamily<Metric>& family = **held;
  auto entry = family.entries.find(labels);
  if (entry != family.entries.end()) {
    if (auto series = entry->second.series.lock()) return series;
    // Its last handle is going right now on another thread: its close() will see that the series
    // was taken over.
  } else {
    for (const auto& label : labels)
      WEIR_CHECK(is_label_name(label.first),
                 "a label's name is checked by who takes it from a user");
    entry =
        family.entries
            .emplace(labels,
                     typename MetricFamily<Metric>::Entry{&family.family.Add(labels, args...), {}})
            .first;
  }
  made = std::make_shared<detail::Series>(state, name, std::move(labels));
  made->metric = entry->second.metric;
  entry->second.series = made;
  return made;
}

void MetricRegistry::State::close(detail::Series& series) {
  MutexLock lock(mutex);
  const auto at = families.find(series.name);
  if (at == families.end()) return;  // taken over, and the new owner was faster
  const bool empty = std::visit(
      [&](auto& family) {
        const auto entry = family->entries.find(series.labels);
        if (entry != family->entries.end() && entry->second.series.expired()) {
          family->family.Remove(entry->second.metric);
          family->entries.erase(entry);
        }
        return family->entries.empty();
      },
      at->second);
  if (empty) families.erase(at);
}

bool is_metric_name(std::string_view name) {
  return is_prometheus_name(name, true);
}
bool is_label_name(std::string_view name) {
  return is_prometheus_name(name, false) && !name.starts_with("__");
}

void Counter::add(double amount) const {
  if (series_) (*std::get_if<prometheus::Counter*>(&series_->metric))->Increment(amount);
}
double Counter::value() const {
  return series_ ? (*std::get_if<prometheus::Counter*>(&series_->metric))->Value() : 0;
}
void Gauge::set(double value) const {
  if (series_) (*std::get_if<prometheus::Gauge*>(&series_->metric))->Set(value);
}
void Gauge::add(double amount) const {
  if (series_) (*std::get_if<prometheus::Gauge*>(&series_->metric))->Increment(amount);
}
double Gauge::value() const {
  return series_ ? (*std::get_if<prometheus::Gauge*>(&series_->metric))->Value() : 0;
}
void Histogram::observe(double value) const {
  if (series_) (*std::get_if<prometheus::Histogram*>(&series_->metric))->Observe(value);
}

MetricRegistry::MetricRegistry() : state_(std::make_shared<State>()) {}
MetricRegistry::~MetricRegistry() = default;

std::string MetricRegistry::text() const {
  std::vector<prometheus::MetricFamily> collected;
  {
    MutexLock lock(state_->mutex);
    for (const auto& [name, any] : state_->families) {
      std::visit(
          [&](const auto& family) {
            for (auto& each : family->family.Collect()) collected.push_back(std::move(each));
          },
          any);
    }
  }
  for (prometheus::MetricFamily& family : collected) {
    const auto by_labels = [](const prometheus::ClientMetric& a,
                              const prometheus::ClientMetric& b) {
      const auto less = [](const auto& x, const auto& y) {
        return std::tie(x.name, x.value) < std::tie(y.name, y.value);
      };
      return std::lexicographical_compare(a.label.begin(), a.label.end(), b.label.begin(),
                                          b.label.end(), less);
    };
    std::sort(family.metric.begin(), family.metric.end(), by_labels);
  }
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, collected);
  return std::move(out).str();
}

MetricRegistry& MetricRegistry::null() {
  static auto* const registry = new MetricRegistry();
  return *registry;
}

MetricScope::MetricScope(MetricRegistry& registry, MetricLabels labels)
    : state_(registry.state_), labels_(std::move(labels)) {}

MetricScope MetricScope::for_users() const {
  MetricScope scope = *this;
  scope.for_users_ = true;
  return scope;
}

MetricScope MetricScope::with(std::string key, std::string value) const {
  MetricScope scope = *this;
  scope.labels_.emplace_back(std::move(key), std::move(value));
  return scope;
}

namespace {

SeriesLabels merged(const MetricLabels& scope, const MetricLabels& own) {
  SeriesLabels all(own.begin(), own.end());
  all.insert(scope.begin(), scope.end());  // a label given with the series wins
  return all;
}

}  // namespace

Counter MetricScope::counter(std::string_view name, std::string_view help,
                             const MetricLabels& labels) const {
  Counter counter;
  counter.series_ = MetricRegistry::State::open<prometheus::Counter>(
      state_, name, help, merged(labels_, labels), for_users_);
  return counter;
}

Gauge MetricScope::gauge(std::string_view name, std::string_view help,
                         const MetricLabels& labels) const {
  Gauge gauge;
  gauge.series_ = MetricRegistry::State::open<prometheus::Gauge>(
      state_, name, help, merged(labels_, labels), for_users_);
  return gauge;
}

Histogram MetricScope::histogram(std::string_view name, std::string_view help,
                                 const std::vector<double>& buckets,
                                 const MetricLabels& labels) const {
  Histogram histogram;
  histogram.series_ = MetricRegistry::State::open<prometheus::Histogram>(
      state_, name, help, merged(labels_, labels), for_users_, buckets);
  return histogram;
}

}  // namespace weir

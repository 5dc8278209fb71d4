// SPDX-License-Identifier: Apache-2.0
#include "base/metrics.h"

#include <gtest/gtest.h>

#include <thread>

namespace weir {
namespace {

TEST(Metrics, PrintsSortedText) {
  MetricRegistry registry;
  const MetricScope scope = MetricScope(registry).with("component_id", "a.b");
  const Counter lines = scope.counter("zoo_lines_total", "Lines.", {{"reason", "b\"\n"}});
  const Counter more = scope.counter("zoo_lines_total", "Lines.", {{"reason", "a"}});
  const Gauge files = scope.gauge("alpha_files", "Files open.");
  const Histogram took = scope.histogram("middle_seconds", "Time.", {0.1, 1});
  lines.add(3);
  more.add();
  files.set(2.5);
  files.add(-1);
  took.observe(0.05);
  took.observe(5);
  EXPECT_EQ(registry.text(), R"(# HELP alpha_files Files open.
# TYPE alpha_files gauge
alpha_files{component_id="a.b"} 1.5
# HELP middle_seconds Time.
# TYPE middle_seconds histogram
middle_seconds_count{component_id="a.b"} 2
middle_seconds_sum{component_id="a.b"} 5.05
middle_seconds_bucket{component_id="a.b",le="0.1"} 1
middle_seconds_bucket{component_id="a.b",le="1"} 1
middle_seconds_bucket{component_id="a.b",le="+Inf"} 2
# HELP zoo_lines_total Lines.
# TYPE zoo_lines_total counter
zoo_lines_total{component_id="a.b",reason="a"} 1
zoo_lines_total{component_id="a.b",reason="b\"\n"} 3
)");
}

TEST(Metrics, SharesASeriesAndRemovesItWithItsLastHandle) {
  MetricRegistry registry;
  const MetricScope scope(registry);
  Counter first = scope.counter("x_total", "X.");
  Counter second = scope.counter("x_total", "X.");
  first.add(1);
  second.add(2);
  EXPECT_EQ(first.value(), 3);
  first = Counter();
  EXPECT_NE(registry.text(), "");
  second = Counter();
  EXPECT_EQ(registry.text(), "");
  EXPECT_EQ(scope.counter("x_total", "X.").value(), 0) << "a series made anew starts at zero";
}

TEST(Metrics, HandlesOutliveTheRegistry) {
  Counter counter;
  counter.add(1);
  EXPECT_EQ(counter.value(), 0);
  {
    MetricRegistry registry;
    counter = MetricScope(registry).counter("x_total", "X.");
  }
  counter.add(1);
  EXPECT_EQ(counter.value(), 1);
}

TEST(Metrics, ALabelOfTheSeriesWinsOverTheScope) {
  MetricRegistry registry;
  const Gauge gauge = MetricScope(registry, {{"id", "scope"}}).gauge("g", "G.", {{"id", "own"}});
  EXPECT_NE(registry.text().find("g{id=\"own\"} 0"), std::string::npos);
}

TEST(Metrics, CountsFromManyThreadsWhileSeriesComeAndGo) {
  MetricRegistry registry;
  const MetricScope scope(registry);
  const Counter kept = scope.counter("kept_total", "K.");
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        kept.add();
        scope.counter("brief_total", "B.").add();
        if (i % 50 == 0) (void)registry.text();
      }
    });
  }
  threads.clear();
  EXPECT_EQ(kept.value(), 2000);
  EXPECT_EQ(registry.text().find("brief_total"), std::string::npos);
}

TEST(Metrics, KnowsNames) {
  EXPECT_TRUE(is_metric_name("a_b:c1"));
  EXPECT_TRUE(is_label_name("_a"));
  for (const std::string_view name : {"", "1a", "a-b", "\u00e9"}) {
    EXPECT_FALSE(is_metric_name(name));
    EXPECT_FALSE(is_label_name(name));
  }
  EXPECT_FALSE(is_label_name("__name__"));
  EXPECT_FALSE(is_label_name("a:b"));
}

TEST(Metrics, NamesOfUsersClashWithNobody) {
  MetricRegistry registry;
  const MetricScope ours(registry);
  const MetricScope users = ours.for_users();
  const Counter counter = ours.counter("ours_total", "Ours.");
  const Gauge clashing = users.gauge("ours_total", "A user's.");
  clashing.set(7);
  const Gauge taken = users.gauge("theirs", "A user's.");
  const Counter late = ours.counter("theirs", "Ours.");
  late.add();
  taken.set(3);
  counter.add();
  const std::string text = registry.text();
  EXPECT_NE(text.find("ours_total 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("theirs 3\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace weir

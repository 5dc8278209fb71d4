// SPDX-License-Identifier: Apache-2.0
// max_streams: the streams beyond it are dropped, and counted.

#include "tests/support/component_fixture.h"
#include "tests/support/fake_loki.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::loki {
namespace {

using test::FakeLoki;
using test::Outcomes;
using test::soon;
using testing::ElementsAre;

/// loki.write with two streams a push, and what it sends of `entries` as one batch.
struct TwoStreams {
  FakeLoki loki;
  std::unique_ptr<test::TestComponent> write;
  Outcomes outcomes;

  explicit TwoStreams(const std::string& batch_size)
      : write(test::make_component(component("loki.write"),
                                   format("endpoint {{\n url = \"{}\"\n batch_size = \"{}\"\n "
                                          "batch_wait = \"5ms\"\n}}\nmax_streams = 2",
                                          loki.url(), batch_size))) {}

  void send(const std::vector<std::pair<std::string, std::string>>& streams_and_lines) {
    std::vector<test::LogRecord> entries;
    for (const auto& [stream, line] : streams_and_lines)
      entries.push_back(
          {Time{static_cast<std::int64_t>(entries.size() + 1)}, {{"s", stream}}, line, {}});
    write->logs()->consume(test::log_batch(entries, outcomes.receipt()));
    ASSERT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 1; }));
  }
  [[nodiscard]] double dropped() const {
    return write->metric(format(
        "loki_write_dropped_entries_total{{component_id=\"loki.write.test\",host=\"127.0.0.1:{}\","
        "reason=\"stream_limited\",tenant=\"\"}}",
        loki.port()));
  }
};

TEST(MaxStreams, LimitsTheStreamsOfAPush) {
  TwoStreams world("1MiB");
  ASSERT_NE(world.write, nullptr);
  world.send({{"1", "a"}, {"2", "b"}, {"3", "c"}, {"1", "d"}});
  EXPECT_THAT(world.loki.lines(), ElementsAre("a", "d", "b"));
  EXPECT_EQ(world.dropped(), 1);
}

TEST(MaxStreams, AFullPushTakesNoStreamBeyondThemToTheNext) {
  TwoStreams world("10B");
  ASSERT_NE(world.write, nullptr);
  world.send({{"1", "line1"}, {"2", "line2"}, {"3", "line3"}, {"1", "line4"}});
  EXPECT_EQ(world.loki.count(), 2U);
  EXPECT_THAT(world.loki.lines(), ElementsAre("line1", "line2", "line4"));
  EXPECT_EQ(world.dropped(), 1);
}

}  // namespace
}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
#include "base/rare_log.h"

#include <gtest/gtest.h>

#include <vector>

namespace weir {
namespace {

struct RareLogTest : testing::Test {
  struct MovingClock final : Clock {
    Time now() const override { return {}; }
    Duration steady() const override { return at; }
    Duration at = std::chrono::hours(1);
  } clock;
  LogOutput output{clock};
  std::vector<std::string> lines;
  RareLog log{Logger(output), clock};

  RareLogTest() {
    output.redirect([this](std::string_view line, LogLevel) {
      lines.emplace_back(line.substr(line.find("level=")));
    });
    output.configure(LogLevel::kWarn, LogFormat::kLogfmt);
  }
};

TEST_F(RareLogTest, SaysAMessageNowAndThen) {
  for (int i = 0; i < 5; ++i) log.warn("refused", {{"i", i}});
  log.error("another");
  log.info("refused");  // below the level: neither said nor counted
  clock.at += std::chrono::milliseconds(9'999);
  log.warn("refused", {{"i", 5}});
  clock.at += std::chrono::milliseconds(1);
  log.warn("refused", {{"i", 6}});
  log.error("another");
  EXPECT_EQ(lines, (std::vector<std::string>{
                       "level=warn msg=refused i=0", "level=error msg=another",
                       "level=warn msg=refused held_back=5 i=6", "level=error msg=another"}));
}

TEST_F(RareLogTest, RemembersSoManyMessagesAndNoMore) {
  for (int i = 0; i < 1000; ++i) log.warn(format("message {}", i));
  EXPECT_EQ(lines.size(), 101U);
}

}  // namespace
}  // namespace weir

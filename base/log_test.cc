// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <gtest/gtest.h>

#include <limits>

namespace weir {
namespace {

class StillClock final : public Clock {
 public:
  Time now() const override { return {1'500'000'000}; }
  Duration steady() const override { return Duration::zero(); }
};

struct CapturedLog {
  StillClock clock;
  LogOutput output{clock};
  std::vector<std::string> lines;
  CapturedLog() {
    output.redirect([this](std::string_view line, LogLevel) { lines.emplace_back(line); });
  }
};

TEST(Log, PrintsLogfmt) {
  CapturedLog log;
  log.output.configure(LogLevel::kDebug, LogFormat::kLogfmt);
  const Logger logger =
      Logger(log.output).with("component_path", "/").with("component_id", "loki.write.a");
  logger.warn("push failed, will retry",
              {{"attempt", 3}, {"took", Duration(1'500'000'000)}, {"ok", false}, {"ratio", 0.5}});
  logger.info("", {{"empty", ""},
                   {"a b=\"c", "x"},
                   {"path", "/a/b"},
                   {"line", "two\nlines \"q\" \\"},
                   {"bad",
                    "\xff"
                    "z"},
                   {"", 1}});
  EXPECT_EQ(
      log.lines,
      (std::vector<std::string>{
          R"(ts=1970-01-01T00:00:01.5Z level=warn msg="push failed, will retry" component_path=/ component_id=loki.write.a attempt=3 took=1.5s ok=false ratio=0.5)",
          "ts=1970-01-01T00:00:01.5Z level=info component_path=/ component_id=loki.write.a "
          "empty=\"\" a_b__c=x path=/a/b "
          "line=\"two\\nlines \\\"q\\\" \\\\\" bad=\"\ufffdz\" _=1"}));
}

TEST(Log, PrintsJson) {
  CapturedLog log;
  log.output.configure(LogLevel::kDebug, LogFormat::kJson);
  Logger(log.output)
      .with("node_id", "logging")
      .error("no", {{"n", std::uint64_t{18446744073709551615U}},
                    {"nan", std::numeric_limits<double>::quiet_NaN()},
                    {"t", "a\x01\"\u00e9"}});
  EXPECT_EQ(
      log.lines,
      (std::vector<std::string>{
          R"({"ts":"1970-01-01T00:00:01.5Z","level":"error","msg":"no","node_id":"logging","n":18446744073709551615,"nan":"nan","t":"a\u0001\")"
          "\u00e9\"}"}));
}

TEST(Log, KeepsLinesUntilItKnowsHow) {
  CapturedLog log;
  const Logger logger(log.output);
  for (int i = 0; i < 1002; ++i) logger.info("early", {{"i", i}});
  logger.debug("early");
  EXPECT_TRUE(log.lines.empty());
  log.output.configure(LogLevel::kInfo, LogFormat::kJson);
  ASSERT_EQ(log.lines.size(), 1001U);
  EXPECT_EQ(log.lines[7], R"({"ts":"1970-01-01T00:00:01.5Z","level":"info","msg":"early","i":7})");
  EXPECT_NE(log.lines[1000].find("\"dropped\":3"), std::string::npos);
}

TEST(Log, HoldsBackWhatIsBelowItsLevel) {
  CapturedLog log;
  log.output.configure(LogLevel::kWarn, LogFormat::kLogfmt);
  const Logger logger(log.output);
  logger.debug("no");
  logger.info("no");
  logger.warn("yes");
  EXPECT_EQ(log.lines.size(), 1U);
  EXPECT_FALSE(logger.enabled(LogLevel::kInfo));
  EXPECT_FALSE(LogOutput::null().enabled(LogLevel::kError));
}

TEST(Log, WritesToStderr) {
  testing::internal::CaptureStderr();
  {
    StillClock clock;
    LogOutput output(clock);
    output.configure(LogLevel::kInfo, LogFormat::kLogfmt);
    Logger(output).info("here {} %v");
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "ts=1970-01-01T00:00:01.5Z level=info msg=\"here {} %v\"\n");
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
// What every stage keeps to, whatever comes: one line in stages.def brings it under these.
//
// A stage is built from the first example of it on the page of loki.process.

#include "base/format.h"
#include "interpreter/syntax/parse.h"
#include "tests/support/pages.h"
#include "tests/support/stage_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace weir {
namespace {

using test::LogRecord;

/// The text of the first `name` block in a body or deeper.
std::string block_text(const syntax::Body& body, const std::string& name, const std::string& text) {
  for (const syntax::Statement& statement : body.statements) {
    if (statement.block == nullptr) continue;
    if (statement.block->full_name() == name)
      return text.substr(statement.span.begin, statement.span.end - statement.span.begin);
    if (std::string inner = block_text(statement.block->body, name, text); !inner.empty())
      return inner;
  }
  return {};
}

std::string example_of(const std::string& stage) {
  for (const test::PageExample& example : test::examples_of(test::page_of("loki.process"))) {
    text::DiagnosticSink sink;
    const auto file = syntax::parse_file(text::Source::make(example.name, example.text), sink);
    if (std::string text = block_text(file->body, stage, example.text); !text.empty()) return text;
  }
  return {};
}

/// Lines of every kind, and what is none.
std::vector<LogRecord> hostile() {
  const std::string long_line(100'000, 'x');
  std::vector<LogRecord> records;
  for (
      const std::string& line : std::vector<std::string>{
          "",
          " ",
          "\n",
          std::string(3, '\0'),
          "\xff\xfe\xc3(",
          "{",
          "{}",
          "[1,2]",
          "null",
          "\"text\"",
          R"({"level":"info","msg":"hello","time":"2026-01-02T03:04:05Z","n":1e400,"a":{"b":[{}]}})",
          R"({"log":"x\n","stream":"stdout","time":"2026-01-02T03:04:05.1Z"})",
          "level=info msg=\"a b\" n=1 =",
          "2026-01-02T03:04:05.123456789Z stdout F a line",
          "2026-01-02T03:04:05.1Z stderr P half",
          "9999999-99-99T99:99:99Z stdout F ",
          "1.2.3.4 [02/Jan/2026:03:04:05 +0000] level=x",
          "password=hunter2",
          long_line,
          "{\"level\":\"" + long_line + "\"}",
          std::string(10'000, '[')})
    records.push_back({.time = {1},
                       .labels = {{"runtime", "docker"}, {"level", "debug"}, {"filename", "f"}},
                       .line = line});
  records.push_back({.time = {std::numeric_limits<std::int64_t>::max()}, .line = "late"});
  records.push_back({.time = {std::numeric_limits<std::int64_t>::min()}, .line = "early"});
  return records;
}

class Stages : public testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] static std::string config() { return example_of("stage." + GetParam()); }
};

TEST_P(Stages, HasAnExampleThatIsRight) {
  ASSERT_NE(config(), "") << "no example on the page of loki.process";
  const loki::StageWorld world(config());
  EXPECT_EQ(world.decoded.first_problem(), "");
}

TEST_P(Stages, TakesWhateverComesAndAnswersForIt) {
  test::Outcomes outcomes;
  std::size_t given = 0;
  {
    loki::StageWorld world(config());
    for (int round = 0; round < 3; ++round) {
      for (const LogRecord& record : hostile()) {
        world.run({record}, outcomes.receipt());
        ++given;
      }
      world.run(hostile(), outcomes.receipt());
      world.run({}, outcomes.receipt());
      given += 2;
      world.flush(loki::BufferingStage::Flush::kDue);
    }
    world.flush(loki::BufferingStage::Flush::kAll);
  }
  EXPECT_EQ(outcomes.all().size(), given);
  EXPECT_EQ(outcomes.count(Verdict::kRejected), 0U)
      << "a stage drops or passes on, it never refuses";
}

TEST_P(Stages, WorksOnManyThreads) {
  test::Outcomes outcomes;
  {
    loki::StageWorld world(config());
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 20; ++round) world.run(hostile(), outcomes.receipt());
      });
    }
    threads.clear();
    world.flush(loki::BufferingStage::Flush::kAll);
  }
  EXPECT_EQ(outcomes.all().size(), 80U);
}

TEST_P(Stages, LeavesNoMetricBehind) {
  MetricRegistry metrics;
  test::FakeClock clock;
  LogOutput output(clock);
  output.redirect([](std::string_view, LogLevel) {});
  output.configure(LogLevel::kDebug, LogFormat::kLogfmt);
  const loki::DecodedStages decoded(config());
  {
    loki::Pipeline pipeline({Logger(output), MetricScope(metrics), clock}, decoded.args.stages);
    LogBatch batch = test::log_batch(hostile());
    pipeline.run(batch);
  }
  EXPECT_EQ(metrics.text(), "");
}

std::vector<std::string> built_stages() {
  std::vector<std::string> names;
  for (const schema::Choice& stage : loki::stage_choices()) {
    if (stage.ops != nullptr) names.emplace_back(stage.name);
  }
  return names;
}
std::string stage_name(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}
INSTANTIATE_TEST_SUITE_P(Contract, Stages, testing::ValuesIn(built_stages()), stage_name);

TEST(StageNames, WhatIsNotBuiltSaysSo) {
  for (const schema::Choice& stage : loki::stage_choices()) {
    if (stage.ops != nullptr) continue;
    const loki::DecodedStages decoded(format("stage.{} {{ }}", stage.name));
    EXPECT_TRUE(decoded.has(text::DiagnosticCode::kNotBuiltYet)) << stage.name;
  }
}

}  // namespace
}  // namespace weir

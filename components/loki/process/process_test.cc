// SPDX-License-Identifier: Apache-2.0
// loki.process as a component: receipts of entries that wait, changes while it runs, its end, bad
// input.

#include "interpreter/catalog/lint.h"
#include "tests/support/corpus.h"
#include "tests/support/stage_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace weir::loki {
namespace {

using test::CaptureLogs;
using test::LogRecord;
using test::Outcomes;
using test::TestComponent;

const catalog::ComponentDef& process_definition() {
  return component("loki.process");
}

LogRecord line(std::string text, std::string file = "a") {
  return {{1000}, {{"filename", std::move(file)}}, std::move(text), {}};
}
std::vector<std::string> lines(const std::vector<LogRecord>& records) {
  std::vector<std::string> out;
  for (const LogRecord& record : records) out.push_back(record.line);
  return out;
}
using Lines = std::vector<std::string>;

constexpr const char* kMultiline = R"(
  stage.multiline {
    firstline     = "^A"
    max_wait_time = "3s"
  }
)";

TEST(ProcessReceipts, OfAWaitingBlockSettleWithTheBatchThatEndsIt) {
  StageWorld world(kMultiline);
  Outcomes first, second;
  EXPECT_EQ(lines(world.run({line("A1"), line("b"), line("A2")}, first.receipt())),
            (Lines{"A1\nb"}));
  EXPECT_EQ(first.all().size(), 0U) << "A2 waits";
  EXPECT_EQ(lines(world.run({line("c"), line("A3"), line("d")}, second.receipt())),
            (Lines{"A2\nc"}));
  EXPECT_EQ(first.count(Verdict::kDelivered), 1U);
  EXPECT_EQ(second.all().size(), 0U) << "A3 waits";
  world.clock.advance(std::chrono::seconds(3));
  EXPECT_EQ(lines(world.flush(BufferingStage::Flush::kDue)), (Lines{"A3\nd"}));
  EXPECT_EQ(second.count(Verdict::kDelivered), 1U);
}

TEST(ProcessReceipts, DoNotChainThroughAnEndlessStreamOfBlocks) {
  StageWorld world(std::string("stage.cri {}\n") + kMultiline);
  Outcomes outcomes;
  for (int i = 0; i < 100; ++i) {
    // Every batch ends the last one's half line and open block, and leaves one of each.
    world.run({line("2024-01-01T00:00:00Z stdout F half"), line("2024-01-01T00:00:00Z stdout F A"),
               line("2024-01-01T00:00:00Z stdout P A part ")},
              outcomes.receipt());
    EXPECT_GE(outcomes.all().size() + 2, static_cast<std::size_t>(i + 1));
  }
}

/// A receipt that divides, and what was settled of it.
struct Bytes100 {
  std::vector<std::pair<std::uint32_t, std::uint32_t>>* settled;
  std::uint32_t begin = 0, end = 100;
  void operator()(const Outcome&) const { settled->emplace_back(begin, end); }
  Bytes100 split(std::uint32_t mark) {
    Bytes100 tail{settled, begin + mark, end};
    end = tail.begin;
    return tail;
  }
};

TEST(ProcessReceipts, OfAHalfLineWaitForTheBlockItBecamePartOf) {
  // Both streams of a container are one here, so a line that began in an earlier batch can be inside a block.
  StageWorld world(std::string("stage.cri {}\nstage.label_drop { values = [\"stream\"] }\n") +
                   kMultiline);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> first, second;
  const auto batch = [&](std::vector<std::string> texts, auto& settled) {
    std::vector<LogRecord> records;
    for (std::string& text : texts)
      records.push_back(line("2024-01-01T00:00:00Z " + std::move(text)));
    LogBatch out = test::log_batch(records, Receipt::make(Bytes100{&settled}));
    for (std::size_t i = 0; i < out.size(); ++i)
      out.entries()[i].mark = static_cast<std::uint32_t>(i * 30);
    return out;
  };
  LogBatch one = batch({"stderr F before", "stdout P half "}, first);
  world.pipeline.run(one);
  one.receipt.deliver();
  EXPECT_THAT(first, testing::ElementsAre(std::pair(0U, 30U)));
  LogBatch two = batch({"stderr F more", "stderr F A", "stdout F rest"}, second);
  world.pipeline.run(two);
  two.receipt.deliver();
  EXPECT_EQ(first.size(), 1U) << "the half line is in a block that is held";
  LogBatch end = world.pipeline.flush(BufferingStage::Flush::kAll);
  ASSERT_EQ(test::records(end).back().line, "A\nhalf rest");
  end.receipt.deliver();
  EXPECT_EQ(first.size(), 2U);
}

TEST(ProcessReceipts, OfHalfLinesAreAbandonedAtTheEnd) {
  Outcomes outcomes;
  {
    StageWorld world("stage.cri {}");
    EXPECT_EQ(lines(world.run({line("2024-01-01T00:00:00Z stdout F whole"),
                               line("2024-01-01T00:00:00Z stdout P half")},
                              outcomes.receipt())),
              (Lines{"whole"}));
    EXPECT_EQ(outcomes.all().size(), 0U);
    EXPECT_TRUE(world.flush(BufferingStage::Flush::kAll).empty());
    EXPECT_EQ(outcomes.count(Verdict::kAbandoned), 1U);
  }
  EXPECT_EQ(outcomes.all().size(), 1U);
}

TEST(ProcessReceipts, OfDroppedEntriesAreDelivered) {
  CaptureLogs out;
  const auto process = test::make_component(
      process_definition(), "forward_to = [next]\nstage.drop { longer_than = \"1B\" }",
      {{"next", out.receiver()}});
  Outcomes outcomes;
  process->logs()->consume(test::log_batch({line("long")}, outcomes.receipt()));
  EXPECT_EQ(outcomes.count(Verdict::kDelivered), 1U);
  EXPECT_EQ(process->metric("loki_process_dropped_lines_total{component_id=\"loki.process.test\","
                            "reason=\"drop_stage\"}"),
            1)
      << process->metrics_text();
}

TEST(Process, EqualStagesKeepTheirState) {
  CaptureLogs a, b;
  TestComponent process(process_definition(), {{"a", a.receiver()}, {"b", b.receiver()}});
  ASSERT_EQ(process.update(std::string("forward_to = [a]") + kMultiline), "");
  ASSERT_TRUE(process.start());
  process.logs()->consume(test::log_batch({line("A1")}));
  ASSERT_EQ(process.update(std::string("forward_to = [b]") + kMultiline), "");
  process.logs()->consume(test::log_batch({line("more"), line("A2")}));
  EXPECT_EQ(a.lines(), Lines{});
  EXPECT_EQ(b.lines(), (Lines{"A1\nmore"}));
}

TEST(Process, OtherStagesSendWhatTheOldOnesHeld) {
  CaptureLogs out;
  TestComponent process(process_definition(), {{"next", out.receiver()}});
  ASSERT_EQ(process.update(std::string("forward_to = [next]") + kMultiline), "");
  ASSERT_TRUE(process.start());
  Outcomes outcomes;
  process.logs()->consume(test::log_batch({line("A1")}, outcomes.receipt()));
  ASSERT_EQ(process.update("forward_to = [next]"), "");
  EXPECT_EQ(out.lines(), (Lines{"A1"}));
  EXPECT_EQ(outcomes.count(Verdict::kDelivered), 1U);
  process.logs()->consume(test::log_batch({line("A2")}));
  EXPECT_EQ(out.lines(), (Lines{"A1", "A2"}));
}

TEST(Process, StopSendsWhatWaitsAndClosesTheDoor) {
  CaptureLogs out;
  TestComponent process(process_definition(), {{"next", out.receiver()}});
  ASSERT_EQ(process.update(std::string("forward_to = [next]") + kMultiline), "");
  ASSERT_TRUE(process.start());
  process.logs()->consume(test::log_batch({line("A1"), line("b")}));
  const auto port = process.logs();
  process.stop();
  EXPECT_EQ(out.lines(), (Lines{"A1\nb"}));
  Outcomes outcomes;
  port->consume(test::log_batch({line("late")}, outcomes.receipt()));
  EXPECT_EQ(outcomes.count(Verdict::kAbandoned), 1U);
}

TEST(Process, SaysWhatIsNotBuiltAndWhatIsUnknown) {
  const auto errors = [](const std::string& body) {
    return test::decode_args(process_definition(), "forward_to = []\n" + body).errors;
  };
  EXPECT_NE(errors("stage.geoip { }").find("stage.geoip is not built yet"), std::string::npos);
  for (const schema::Choice& stage : stage_choices()) {
    const std::string message = format("stage.{} is not built yet", stage.name);
    if (stage.definition == nullptr) {
      EXPECT_TRUE(test::may_be_unbuilt(message));
    }
  }
  EXPECT_NE(errors("stage.nonsense { }").find("unknown block \"stage.nonsense\""),
            std::string::npos);
  EXPECT_NE(errors("stage.match {\n selector = \"{a=~`(`}\"\n stage.cri { }\n}")
                .find("is not a selector: column 5"),
            std::string::npos);
  EXPECT_NE(
      errors("stage.timestamp {\n source = \"a\"\n format = \"Unix\"\n location = \"No/Where\"\n}")
          .find("5:"),
      std::string::npos);
}

/// What the lint warns of in a body, what it needs of those upstream behind it: "W1015 level".
std::vector<std::string> lint_says(const std::string& body) {
  const auto decoded = test::decode_args(process_definition(), "forward_to = []\n" + body);
  EXPECT_EQ(decoded.errors, "");
  std::vector<std::string> out;
  for (const auto& said : decoded.lint) {
    const std::string code(text::info(said.code).number);
    if (said.claim == catalog::Lint::Claim::kWarn) out.push_back(code);
    if (said.claim == catalog::Lint::Claim::kWants) out.push_back(code + " " + said.name);
    if (said.claim == catalog::Lint::Claim::kSettles) out.push_back(code + " settled");
  }
  return out;
}

TEST(Process, LintKnowsWhatIsExtracted) {
  using Said = std::vector<std::string>;
  const struct {
    const char* body;
    Said said;
  } cases[] = {
      {R"(stage.labels { values = { level = "" } })", {"W1005"}},
      {R"(stage.json { expressions = { level = "" } }
          stage.labels { values = { level = "" } })",
       {}},
      {R"(stage.labels { values = { level = "" } }
          stage.json { expressions = { level = "" } })",
       {"W1005"}},
      {R"(stage.json { regex = ".*" }
          stage.labels { values = { level = "" } })",
       {}},
      // It may rename a label that came in.
      {R"(stage.labels { values = { pod_name = "pod" } })", {"W1015 pod"}},
      {"stage.cri { }", {"W1004 settled"}},
      {R"(stage.match {
            selector = `{a="b"}`
            stage.cri { }
          })",
       {"W1004 settled"}},
      {R"(stage.output { source = "msg" })", {"W1015 msg"}},
      {R"(stage.drop { source = "a,b" })", {"W1015 a", "W1015 b"}},
      {R"(stage.logfmt { mapping = { a = "" } }
          stage.drop { source = "a" })",
       {}},
      {R"text(stage.match {
            selector = `{a="b"}`
            stage.regex { expression = "(?P<in>x)" }
            stage.output { source = "in" }
            stage.tenant { source = "out" }
          }
          stage.structured_metadata { values = { x = "in", y = "" } })text",
       {"W1015 out", "W1015 y"}},
      {R"(stage.static_labels { values = { team = "a" } }
          stage.match {
            selector = `{a="b"}`
            stage.tenant { source = "team" }
          })",
       {}},
      {R"(stage.template {
            source   = "new"
            template = "x"
          }
          stage.timestamp {
            source = "new"
            format = "RFC3339"
          })",
       {}},
  };
  for (const auto& c : cases) EXPECT_EQ(lint_says(c.body), c.said) << c.body;
}

TEST(Process, ALayoutOfTimesHasParts) {
  const auto codes = [](const std::string& layout) {
    return test::decode_args(
               process_definition(),
               format("forward_to = []\nstage.timestamp {{\n source = \"t\"\n format = \"{}\"\n}}",
                      layout))
        .warnings;
  };
  for (const char* layout : {"%Y-%m-%d %H:%M:%S", "yyyy-MM-dd", "dd/MMM/yyyy"})
    EXPECT_NE(codes(layout).find("W1017"), std::string::npos) << layout;
  for (const char* layout : {"RFC3339", "UnixMs", "2006-01-02", "Jan _2", "15h"})
    EXPECT_EQ(codes(layout), "") << layout;
}

/// A pipeline with every kind of parsing in it.
constexpr const char* kEverything = R"alloy(
  stage.cri {}
  stage.docker {}
  stage.json { expressions = { a = "", b = "x.y[0]", c = "z[*].k" } }
  stage.json { regex = ".*" }
  stage.logfmt { mapping = { a = "" }
    regex = ".*" }
  stage.regex { expression = "(?P<word>\\w+)"
    labels_from_groups = true }
  stage.replace { expression = "(e)"
    replace = "{{ .Value | ToUpper }}" }
  stage.timestamp { source = "word"
    format = "2006"
    fallback_formats = ["UnixNs", "Jan 02"] }
  stage.labels { values = { a = "", word = "" } }
  stage.structured_metadata { regex = ".*" }
  stage.match { selector = "{a=~\".+\"} |= \"x\""
    stage.multiline { firstline = "^x" } }
  stage.tenant { source = "b" }
  stage.output { source = "a" }
)alloy";

TEST(ProcessBadInput, PassesThrough) {
  StageWorld world(kEverything);
  std::vector<std::string> texts = {
      std::string(),
      std::string(1, '\0'),
      "\xff\xfe\xfd",
      std::string("a\0b", 3),
      "{",
      "{\"a\":",
      "{\"a\":\"\xff\"}",
      "[]",
      "null",
      "{\"a\":1e999}",
      "{\"a\":123456789012345678901234567890}",
      "{\"x\":{\"y\":[]}}",
      "2024-01-01T00:00:00Z stdout P",
      "2024-01-01T00:00:00Z stdout P half",
      "9999-99-99T99:99:99Z stderr F x",
      " stdout F ",
      "a=\"",
      "a==",
      "= =",
      "99999999999999999999",
      std::string(1u << 20, 'e'),
      std::string(1u << 20, '{'),
      std::string(1u << 20, '"'),
      std::string(1u << 20, '\\'),
  };
  std::string members = "{";
  for (int i = 0; i < 5000; ++i) members += format("\"k{}\":{},", i, i);
  texts.push_back(members + "\"last\":1}");
  std::size_t out = 0;
  for (const std::string& text : texts) out += world.run({line(text, "f")}).size();
  world.clock.advance(std::chrono::hours(1));
  out += world.flush(BufferingStage::Flush::kDue).size();
  EXPECT_EQ(out, texts.size() - 2) << "two half lines and their end are one line";
}

TEST(ProcessBadInput, AHugeLineIsPassedOnWhole) {
  StageWorld world(
      "stage.cri {}\nstage.json { expressions = { a = \"\" } }\nstage.static_labels { values = { b "
      "= \"c\" } }");
  const std::string huge(100u << 20, 'x');
  const auto out = world.run({line("2024-01-01T00:00:00Z stdout F " + huge)});
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].line.size(), huge.size());
}

TEST(ProcessBadInput, HalfLinesAreBounded) {
  StageWorld world("stage.cri {}");
  const std::string part = "2024-01-01T00:00:00Z stdout P " + std::string(1u << 20, 'x');
  std::size_t out = 0;
  Outcomes outcomes;
  for (int i = 0; i < 20; ++i) out += world.run({line(part)}, outcomes.receipt()).size();
  EXPECT_EQ(out, 5U) << "four MiB each";
  EXPECT_EQ(outcomes.count(Verdict::kDelivered), 20U);
  EXPECT_NE(world.metrics.text().find("loki_process_cri_partial_lines_flushed_total 5"),
            std::string::npos);
}

TEST(ProcessBadInput, OpenBlocksAreBounded) {
  StageWorld world("stage.multiline { firstline = \"^A\" }");
  std::size_t out = 0;
  for (int i = 0; i < 25'000; ++i) out += world.run({line("A", std::to_string(i))}).size();
  EXPECT_EQ(out, 20'000U);
}

TEST(Drop, OldAndLongCountTogether) {
  StageWorld world(
      "stage.drop {\n older_than = \"1h\"\n longer_than = \"3B\"\n drop_counter_reason = "
      "\"why\"\n}");
  const Time now = world.clock.now();
  const Time old = now - std::chrono::hours(2);
  EXPECT_EQ(lines(world.run({{old, {}, "abcd", {}}, {old, {}, "abc", {}}, {now, {}, "abcd", {}}})),
            (Lines{"abc", "abcd"}));
  EXPECT_NE(world.metrics.text().find("loki_process_dropped_lines_total{reason=\"why\"} 1"),
            std::string::npos);
}

TEST(Limit, PassesItsRateHoweverSeldomItLooks) {
  StageWorld world("stage.limit {\n rate = 10000\n burst = 1\n}");
  std::size_t passed = world.run(std::vector<LogRecord>(1000, line("x"))).size();
  EXPECT_EQ(passed, 1U);
  for (std::size_t tens = 1; tens <= 10; ++tens) {
    world.clock.advance(std::chrono::milliseconds(10));
    passed += world.flush(BufferingStage::Flush::kDue).size();
    EXPECT_EQ(passed, std::min<std::size_t>(1 + 100 * tens, 1000));
  }
  world.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(world.run(std::vector<LogRecord>(3, line("x"))).size(), 1U) << "it saves up a burst";
}

TEST(Limit, LetsEarlierEntriesPassFirst) {
  StageWorld world("stage.limit {\n rate = 1\n burst = 1\n}");
  EXPECT_EQ(lines(world.run({line("a"), line("b")})), Lines{"a"});
  world.clock.advance(std::chrono::seconds(2));
  EXPECT_EQ(lines(world.run({line("c"), line("d")})), (Lines{"b", "c"}));
}

TEST(Limit, DropsWhatHasNoToken) {
  StageWorld world("stage.limit {\n rate = 3\n burst = 5\n drop = true\n}");
  EXPECT_EQ(world.run(std::vector<LogRecord>(7, line("x"))).size(), 5U);
  world.clock.advance(std::chrono::nanoseconds(333'333'333));
  EXPECT_EQ(world.run(std::vector<LogRecord>(2, line("x"))).size(), 1U)
      << "less than 1 ns is missing";
}

TEST(Match, KeepsTheOrderOfWhatItDoesNotTouch) {
  StageWorld world(R"(stage.match {
    selector = "{filename=\"a\"} |= \"x\""
    stage.drop { expression = "gone" }
    stage.static_labels { values = { hit = "yes" } }
  })");
  const auto out = world.run(
      {line("1"), line("x2"), line("3", "b"), line("x gone"), line("x4", "b"), line("x5")});
  EXPECT_EQ(lines(out), (Lines{"1", "x2", "3", "x4", "x5"}));
  for (const LogRecord& record : out)
    EXPECT_EQ(record.labels.contains("hit"), record.line == "x2" || record.line == "x5")
        << record.line;
}

TEST(Match, LetsItsOwnStagesWait) {
  StageWorld world(
      "stage.match {\n selector = \"{filename=\\\"a\\\"}\"\n stage.multiline { firstline = \"^A\" "
      "}\n}\nstage.static_labels { values = { s = \"1\" } }");
  EXPECT_EQ(lines(world.run({line("A"), line("other", "b"), line("more")})), (Lines{"other"}));
  world.clock.advance(std::chrono::seconds(3));
  const auto out = world.flush(BufferingStage::Flush::kDue);
  ASSERT_EQ(lines(out), (Lines{"A\nmore"}));
  EXPECT_EQ(out[0].labels.at("s"), "1") << "the stages behind see it too";
}

TEST(Labels, ManySetsInOneBatch) {
  StageWorld world(
      "stage.regex { expression = \"(?P<n>\\\\d+)\" }\nstage.labels { values = { n = \"\" } }");
  std::vector<LogRecord> in;
  for (int i = 0; i < 2000; ++i) in.push_back(line("line " + std::to_string(i % 1000)));
  const auto out = world.run(in);
  ASSERT_EQ(out.size(), 2000U);
  for (int i = 0; i < 2000; ++i)
    EXPECT_EQ(out[static_cast<std::size_t>(i)].labels.at("n"), std::to_string(i % 1000));
}

TEST(Found, NumbersPrintAsTheReferencePrintsThem) {
  const std::vector<std::pair<double, std::string>> rows = {
      {0, "0"},
      {1, "1"},
      {-17, "-17"},
      {0.1, "0.1"},
      {1e15, "1000000000000000"},
      {1e21, "1000000000000000000000"},
      {1e23, "100000000000000000000000"},
      {1.5e-7, "0.00000015"},
      {-2.5, "-2.5"},
      {123456789.125, "123456789.125"},
      {9007199254740993, "9007199254740992"},
      {12345678901234567890.0, "12345678901234567000"}};
  for (const auto& [number, text] : rows) {
    char room[kNumberRoom];
    EXPECT_EQ(print_number(number, room), text);
  }
  char room[kNumberRoom];
  EXPECT_EQ(print_number(1.7976931348623157e308, room).size(), 309U);
  EXPECT_EQ(print_number(-5e-324, room).size(), 327U);
}

}  // namespace
}  // namespace weir::loki

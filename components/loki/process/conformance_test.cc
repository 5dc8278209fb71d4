// SPDX-License-Identifier: Apache-2.0
// The conformance cases of stages, each run three ways: entry by entry, as one batch, and through
// the schema for those that are about configurations alone.

#include "base/codec/base64.h"
#include "base/codec/json.h"
#include "components/loki/process/go_time.h"
#include "tests/support/corpus.h"
#include "tests/support/stage_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

namespace weir::loki {
namespace {

using codec::JsonValue;

const JsonValue* member(const JsonValue& object, std::string_view name) {
  const JsonValue* found = object.find(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}
/// A string of the corpus: text, or base64 of what is none.
std::string text_of(const JsonValue* value, std::string otherwise = {}) {
  if (value == nullptr) return otherwise;
  if (value->as_string() != nullptr) return *value->as_string();
  if (const JsonValue* b64 = value->find("b64"))
    return codec::base64_decode(*b64->as_string()).value_or("");
  return otherwise;
}
std::map<std::string, std::string> map_of(const JsonValue* value) {
  std::map<std::string, std::string> out;
  if (value == nullptr) return out;
  for (const auto& [key, one] : *value->as_object()) out.emplace(key, text_of(&one));
  return out;
}
std::vector<std::pair<std::string, std::string>> pairs_of(const JsonValue* value) {
  std::vector<std::pair<std::string, std::string>> out;
  if (value == nullptr) return out;
  for (const JsonValue& pair : *value->as_array())
    out.emplace_back(text_of(&pair.as_array()->at(0)), text_of(&pair.as_array()->at(1)));
  return out;
}

/// One case of stages/cases.jsonl.
class StageCase {
 public:
  explicit StageCase(JsonValue described) : case_(std::move(described)) {}

  void check() {
    const std::string mode = text_of(case_.find("mode"));
    if (mode == "function") return function();
    const JsonValue* config = member(case_, "config");
    if (config == nullptr || mode == "script") GTEST_SKIP() << "no configuration says this";
    config_ = text_of(config);
    const DecodedStages decoded(config_);
    if (decoded.has(text::DiagnosticCode::kNotBuiltYet)) {
      if (test::may_be_unbuilt(decoded.not_built())) GTEST_SKIP() << decoded.not_built();
      return;
    }
    if (mode == "validate") return validate(decoded);
    ASSERT_FALSE(decoded.problems.has_errors()) << decoded.first_problem();
    const bool waits = config_.find("delay") != std::string::npos || delays();
    run(false);
    if (!waits) run(true);
  }

 private:
  /// What one run gives.
  struct Got {
    test::LogRecord record;
    std::map<std::string, std::optional<std::string>> extracted;
  };

  bool delays() const {
    for (const JsonValue& input : *case_.find("inputs")->as_array()) {
      if (input.find("delay_before_ms") != nullptr) return true;
    }
    return case_.find("stop_after_ms") != nullptr;
  }

  // --- configurations

  void validate(const DecodedStages& decoded) {
    const JsonValue* error = case_.find("expected_error");
    const bool must_load = error == nullptr || error->is_null();
    EXPECT_EQ(!decoded.problems.has_errors(), must_load) << decoded.first_problem();
    if (!must_load || decoded.problems.has_errors()) return;
    const schema::Chosen& stage = decoded.args.stages.front();
    const value::Value args = schema::encode(stage.choice->ops().schema(), stage.args.get());
    const auto count = [&](std::string_view fact, std::string_view field) {
      const JsonValue* wanted = case_.find(fact);
      if (wanted == nullptr || wanted->number() == 0) return;
      EXPECT_EQ(args.as_object().find(field)->as_object().members.size(),
                static_cast<std::size_t>(wanted->number()));
    };
    count("expression_count", "expressions");
    count("mapping_count", "mapping");
  }

  void luhn() {
    StageWorld world("stage.luhn {\n min_length = 1\n}");
    char room[kNumberRoom];
    const std::string number(print_number(case_.find("arg")->number(), room));
    const auto out = world.run({{{}, {}, number, {}}});
    EXPECT_EQ(out.at(0).line != number, *case_.find("result")->as_bool());
  }

  void function() {
    const std::string function = text_of(case_.find("function"));
    if (function == "luhn_valid") return luhn();
    if (function != "parse_timestamp_without_year" && function != "convert_date_layout")
      GTEST_SKIP() << function;
    const TimeZone zone = TimeZone::load(text_of(member(case_, "location"))).value();
    const std::string layout = text_of(case_.find("layout"));
    const std::string value = text_of(case_.find("value"));
    const JsonValue* error = member(case_, "expected_error");
    if (function == "convert_date_layout") {
      const auto time = TimeFormat(layout, zone).parse(value, {});
      ASSERT_EQ(time.has_value(), error == nullptr);
      if (time) {
        EXPECT_EQ(print_rfc3339(*time), text_of(case_.find("result")));
      }
      return;
    }
    const Time now = parse_rfc3339(text_of(case_.find("now"))).value();
    const auto time = GoLayout(layout, zone).parse_without_year(value, now);
    ASSERT_EQ(time.has_value(), error == nullptr);
    if (time) {
      EXPECT_EQ(print_rfc3339(*time), text_of(case_.find("result")));
    }
    if (!time) {
      EXPECT_NE(time.error().message.find(text_of(error)), std::string::npos)
          << time.error().message;
    }
  }

  // --- entries

  /// "now-2h0m0s", or RFC 3339.
  Time time_of(const JsonValue* text, Time now) const {
    const std::string written = text_of(text, "now");
    if (!written.starts_with("now")) return parse_rfc3339(written).value();
    const std::string offset = written.substr(3);
    return offset.empty() ? now : now + parse_duration(offset).value();
  }

  test::LogRecord record_of(const JsonValue& input, Time now) const {
    return {time_of(member(input, "timestamp"), now), map_of(member(input, "labels")),
            text_of(input.find("line")), pairs_of(member(input, "structured_metadata"))};
  }

  static void find_values(StageBatch& batch, std::size_t i, const JsonValue* extracted) {
    if (extracted == nullptr) return;
    for (const auto& [name, value] : *extracted->as_object()) {
      FoundValue found = FoundValue::null();  // what has no text is as good as null
      if (value.is_number()) found = FoundValue::number(value.number());
      if (value.as_bool() != nullptr) found = FoundValue::boolean(*value.as_bool());
      if (value.as_string() != nullptr) found = FoundValue(batch.logs().text(*value.as_string()));
      batch.set_found(i, batch.logs().text(name), found);
    }
  }

  void run(bool as_one_batch) {
    SCOPED_TRACE(as_one_batch ? "as one batch" : "entry by entry");
    StageWorld world(config_);
    world.clock.set(parse_rfc3339("2030-01-01T00:00:00Z").value());  // later than any case's time
    got_.clear();
    const JsonValue::Array& inputs = *case_.find("inputs")->as_array();
    const auto repeat =
        case_.find("repeat") == nullptr ? 1 : static_cast<int>(case_.find("repeat")->number());
    for (int r = 0; r < repeat; ++r) {
      for (std::size_t i = 0; i < inputs.size(); i += as_one_batch ? inputs.size() : 1) {
        if (const JsonValue* delay = inputs[i].find("delay_before_ms")) {
          world.clock.advance(
              std::chrono::milliseconds(static_cast<std::int64_t>(delay->number())));
          flush(world, BufferingStage::Flush::kDue);
        }
        send(world,
             {inputs.begin() + static_cast<std::ptrdiff_t>(i),
              as_one_batch ? inputs.end() : inputs.begin() + static_cast<std::ptrdiff_t>(i) + 1});
      }
    }
    // The reference's tests wait for what a limit holds back.
    for (int s = 0; s < 5 && config_.find("stage.limit") != std::string::npos; ++s) {
      world.clock.advance(std::chrono::seconds(1));
      flush(world, BufferingStage::Flush::kDue);
    }
    if (const JsonValue* stop = case_.find("stop_after_ms")) {
      world.clock.advance(std::chrono::milliseconds(static_cast<std::int64_t>(stop->number())));
      flush(world, BufferingStage::Flush::kDue);
    }
    flush(world, BufferingStage::Flush::kAll);
    compare(world);
  }

  void send(StageWorld& world, const std::vector<JsonValue>& inputs) {
    std::vector<test::LogRecord> in;
    for (const JsonValue& input : inputs) in.push_back(record_of(input, world.clock.now()));
    LogBatch logs = test::log_batch(in);
    StageBatch::Room room;
    StageBatch batch(logs, true, room);
    for (std::size_t i = 0; i < in.size(); ++i)
      find_values(batch, i, member(inputs[i], "extracted"));
    if (text_of(case_.find("mode")) == "pipeline") {
      world.pipeline.process(batch);
    } else {
      world.pipeline.edit(batch);
    }
    take(batch);
  }

  void flush(StageWorld& world, BufferingStage::Flush which) {
    LogBatch logs;
    StageBatch::Room room;
    StageBatch batch(logs, true, room);
    world.pipeline.flush(which, batch);
    take(batch);
  }

  void take(StageBatch& batch) {
    std::vector<test::LogRecord> records = test::records(batch.logs());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      Got& got = got_.emplace_back();
      got.record = std::move(records[i]);
      batch.each_found(i, [&](std::string_view name, const FoundValue& value) {
        got.extracted[std::string(name)] =
            value.has_text() ? std::optional(std::string(batch.text(value))) : std::nullopt;
      });
    }
  }

  void compare(StageWorld& world) {
    if (const JsonValue* range = member(case_, "expected_count_range")) {
      EXPECT_GE(static_cast<double>(got_.size()), range->as_array()->at(0).number());
      EXPECT_LE(static_cast<double>(got_.size()), range->as_array()->at(1).number());
      return;
    }
    if (case_.find("expected") != nullptr) compare_entries(world);
    if (const JsonValue* metrics = member(case_, "metrics")) {
      EXPECT_EQ(world.metrics.text(), text_of(metrics));
    }
    std::istringstream subset(text_of(member(case_, "metrics_subset")));
    for (std::string line; std::getline(subset, line);) {
      EXPECT_NE(world.metrics.text().find(line + "\n"), std::string::npos)
          << line << " is not among\n"
          << world.metrics.text();
    }
    if (const JsonValue* log = member(case_, "debug_log")) {
      EXPECT_NE(world.log.find(text_of(log)), std::string::npos) << world.log;
    }
  }

  void compare_entries(const StageWorld& world) {
    const JsonValue::Array& expected = *case_.find("expected")->as_array();
    ASSERT_EQ(got_.size(), expected.size());
    if (text_of(case_.find("order")) == "by_timestamp") {
      std::stable_sort(got_.begin(), got_.end(),
                       [](const Got& a, const Got& b) { return a.record.time < b.record.time; });
    }
    const JsonValue* ordered = case_.find("ordered");
    if (ordered != nullptr && !*ordered->as_bool()) sort_like(expected);
    const JsonValue::Array& inputs = *case_.find("inputs")->as_array();
    for (std::size_t i = 0; i < expected.size(); ++i) {
      SCOPED_TRACE(format("entry {}", i));
      const Time unchanged =
          time_of(member(inputs[std::min(i, inputs.size() - 1)], "timestamp"), world.clock.now());
      compare_one(got_[i], expected[i], unchanged);
    }
  }

  /// Puts what came in the order of what is expected, by line.
  void sort_like(const JsonValue::Array& expected) {
    std::vector<Got> sorted;
    for (const JsonValue& one : expected) {
      const auto at = std::find_if(got_.begin(), got_.end(), [&](const Got& got) {
        return got.record.line == text_of(one.find("line"));
      });
      if (at == got_.end()) return;
      sorted.push_back(std::move(*at));
      got_.erase(at);
    }
    got_ = std::move(sorted);
  }

  static void compare_one(const Got& got, const JsonValue& want, Time unchanged) {
    if (const JsonValue* line = want.find("line")) {
      EXPECT_EQ(got.record.line, text_of(line));
    }
    if (const JsonValue* json = want.find("line_json")) {
      const codec::JsonStyle sorted{.sort_keys = true};
      EXPECT_EQ(codec::write_json(codec::parse_json(got.record.line).value(), sorted),
                codec::write_json(*json, sorted));
    }
    if (const JsonValue* labels = want.find("labels")) {
      EXPECT_EQ(got.record.labels, map_of(labels));
    }
    if (const JsonValue* after = member(want, "timestamp_after")) {
      EXPECT_GT(got.record.time.ns, parse_rfc3339(text_of(after)).value().ns);
    }
    if (const JsonValue* time = member(want, "timestamp")) {
      // "now": the entry keeps the time it came with.
      const std::string written = text_of(time);
      EXPECT_EQ(print_rfc3339(got.record.time),
                written == "now" ? print_rfc3339(unchanged) : written);
    }
    if (const JsonValue* metadata = want.find("structured_metadata")) {
      auto have = got.record.metadata;
      auto wanted = pairs_of(metadata);
      std::sort(have.begin(), have.end());
      std::sort(wanted.begin(), wanted.end());
      EXPECT_EQ(have, wanted);
    }
    const JsonValue* extracted = want.find("extracted");
    if (extracted == nullptr) return;
    for (const auto& [name, value] : got.extracted) {
      EXPECT_NE(extracted->find(name), nullptr)
          << "found too: " << name << " = " << value.value_or("null");
    }
    for (const auto& [name, value] : *extracted->as_object()) {
      const auto at = got.extracted.find(name);
      ASSERT_NE(at, got.extracted.end()) << name;
      char room[kNumberRoom];
      std::optional<std::string> text;
      if (value.as_string() != nullptr) text = *value.as_string();
      if (value.is_number()) text = print_number(value.number(), room);
      if (value.as_bool() != nullptr) text = *value.as_bool() ? "true" : "false";
      EXPECT_EQ(at->second, text) << name;
    }
  }

  JsonValue case_;
  std::string config_;
  std::vector<Got> got_;
};

/// One case of stages/component.jsonl: a whole component, sent to entry by entry, with two
/// receivers.
class ProcessCase {
 public:
  explicit ProcessCase(JsonValue described) : case_(std::move(described)) {}

  void check() {
    const std::string config = text_of(case_.find("config"));
    const DecodedStages decoded(config);
    if (decoded.has(text::DiagnosticCode::kNotBuiltYet)) {
      if (test::may_be_unbuilt(decoded.not_built())) GTEST_SKIP() << decoded.not_built();
      return;
    }
    test::CaptureLogs first, second;
    test::TestComponent process(test_component(),
                                {{"first", first.receiver()}, {"second", second.receiver()}});
    ASSERT_EQ(process.update(config + "\nforward_to = [first, second]"), "");
    ASSERT_TRUE(process.start());
    test::Outcomes outcomes;
    const JsonValue::Array& inputs = *case_.find("inputs")->as_array();
    for (const JsonValue& input : inputs) {
      process.logs()->consume(
          test::log_batch({{parse_rfc3339(text_of(input.find("timestamp"))).value(),
                            map_of(member(input, "labels")),
                            text_of(input.find("line")),
                            {}}},
                          outcomes.receipt()));
    }
    const JsonValue::Array& expected = *case_.find("expected")->as_array();
    EXPECT_TRUE(test::soon([&] { return outcomes.all().size() == inputs.size(); }))
        << "timers let go of everything";
    EXPECT_EQ(outcomes.count(Verdict::kDelivered), inputs.size());
    for (const test::CaptureLogs* out : {&first, &second}) compare(out->records(), expected);
  }

 private:
  static const catalog::ComponentDef& test_component() { return component("loki.process"); }

  void compare(std::vector<test::LogRecord> got, const JsonValue::Array& expected) {
    ASSERT_EQ(got.size(), expected.size());
    const JsonValue* unordered = case_.find("unordered_from");
    const std::size_t from =
        unordered == nullptr ? expected.size() : static_cast<std::size_t>(unordered->number());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      auto at = got.begin() + static_cast<std::ptrdiff_t>(i);
      if (i >= from) {
        at = std::find_if(at, got.end(), [&](const auto& record) {
          return record.line == text_of(expected[i].find("line"));
        });
        ASSERT_NE(at, got.end()) << text_of(expected[i].find("line"));
        std::swap(got[i], *at);
      }
      EXPECT_EQ(got[i].line, text_of(expected[i].find("line")));
      EXPECT_EQ(got[i].labels, map_of(expected[i].find("labels")));
      if (const JsonValue* time = member(expected[i], "timestamp")) {
        EXPECT_EQ(print_rfc3339(got[i].time), text_of(time));
      }
      auto metadata = pairs_of(member(expected[i], "structured_metadata"));
      std::sort(metadata.begin(), metadata.end());
      std::sort(got[i].metadata.begin(), got[i].metadata.end());
      EXPECT_EQ(got[i].metadata, metadata);
    }
  }

  JsonValue case_;
};

/// One configuration of config/cases.jsonl.
class ConfigCase {
 public:
  explicit ConfigCase(JsonValue described) : case_(std::move(described)) {}
  void check() {
    const auto decoded =
        test::decode_args(component("loki.process"), text_of(case_.find("config")));
    if (decoded.errors.find("is not built yet") != std::string::npos) {
      if (test::may_be_unbuilt(decoded.errors)) GTEST_SKIP() << decoded.errors;
      return;
    }
    EXPECT_EQ(decoded.errors.empty(), member(case_, "error") == nullptr) << decoded.errors;
  }

 private:
  JsonValue case_;
};

template <class Case>
void check_case(const JsonValue& described) {
  Case(described).check();
}

const bool kStageCases =
    test::register_corpus("StagesCorpus", "components/stages/cases.jsonl", check_case<StageCase>);
const bool kProcessCases = test::register_corpus(
    "ProcessCorpus", "components/stages/component.jsonl", check_case<ProcessCase>);
const bool kConfigCases = test::register_corpus(
    "ProcessConfigCorpus", "components/config/cases.jsonl", check_case<ConfigCase>,
    [](const JsonValue& c) { return text_of(c.find("component")) == "loki.process"; });

}  // namespace
}  // namespace weir::loki

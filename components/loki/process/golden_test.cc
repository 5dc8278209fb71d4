// SPDX-License-Identifier: Apache-2.0
// tests/golden/components/process/: one configuration of loki.process a file, what it is given and
// what must come of it.
//
//   config: |                     a loki.process "test" and the writer that it forwards to
//   inputs:
//     loki:
//       - components: [loki.process.test.receiver]
//         entries: [{labels: {app: a}, line: short, timestamp: ..., structured_metadata: {k: v}}]
//   assert:
//     loki:
//       - {type: count, count: 1}
//       - {type: contains, match: {line: short, labels: {mode: exact, values: {app: a}}}}
//     metrics:
//       - loki_process_dropped_lines_total{component_id="loki.process.test",reason="drop_stage"} 1

#include "base/codec/yaml.h"
#include "components/loki/process/stage.h"
#include "interpreter/syntax/parse.h"
#include "tests/support/component_fixture.h"
#include "tests/support/corpus.h"
#include "tests/support/paths.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace weir::loki {
namespace {

using codec::JsonValue;
using test::text_of;

/// A member that is an array; empty and a failed check if it is none.
const JsonValue::Array& list_in(const JsonValue& object, std::string_view key) {
  static const JsonValue::Array kNone;
  const JsonValue* member = object.find(key);
  if (member != nullptr && member->as_array() != nullptr) return *member->as_array();
  ADD_FAILURE() << "there is no list \"" << key << "\"";
  return kNone;
}

std::map<std::string, std::string> texts_in(const JsonValue* object) {
  std::map<std::string, std::string> out;
  if (object == nullptr || object->as_object() == nullptr) return out;
  for (const auto& [key, value] : *object->as_object()) out.emplace(key, text_of(*object, key));
  return out;
}

/// What a golden file may say of an entry, read or wanted.
struct GoldenEntry {
  std::optional<std::string> line;
  std::optional<std::map<std::string, std::string>> labels;
  std::optional<Time> time;
  std::optional<std::map<std::string, std::string>> metadata;

  static GoldenEntry of(const JsonValue& written) {
    GoldenEntry out;
    for (const auto& [key, value] : *written.as_object()) {
      if (key == "line") {
        out.line = text_of(written, "line");
      } else if (key == "labels") {
        const JsonValue* values = value.find("values");
        out.labels = texts_in(values == nullptr ? &value : values);
      } else if (key == "timestamp") {
        out.time = parse_rfc3339(text_of(written, "timestamp")).value();
      } else if (key == "structured_metadata") {
        out.metadata = texts_in(&value);
      } else {
        ADD_FAILURE() << "an entry has no \"" << key << "\"";
      }
    }
    return out;
  }

  [[nodiscard]] test::LogRecord record() const {
    test::LogRecord out{time.value_or(Time{}),
                        labels.value_or(std::map<std::string, std::string>()),
                        line.value_or(""),
                        {}};
    if (metadata) out.metadata.assign(metadata->begin(), metadata->end());
    return out;
  }
  [[nodiscard]] bool is_like(const test::LogRecord& record) const {
    const std::map<std::string, std::string> has(record.metadata.begin(), record.metadata.end());
    return (!line || *line == record.line) && (!labels || *labels == record.labels) &&
           (!time || time->ns == record.time.ns) && (!metadata || *metadata == has);
  }
};

/// One golden file.
class GoldenProcess {
 public:
  explicit GoldenProcess(JsonValue file) : file_(std::move(file)) {}

  void run() {
    read_config();
    if (body_.empty() || testing::Test::HasFailure()) return;
    test::TestComponent process(component("loki.process"), {{"loki", writers_}});
    ASSERT_EQ(process.update(body_), "");
    ASSERT_TRUE(process.start());
    for (const JsonValue& input : list_in(*file_.find("inputs"), "loki")) {
      std::vector<test::LogRecord> entries;
      for (const JsonValue& entry : list_in(input, "entries"))
        entries.push_back(GoldenEntry::of(entry).record());
      process.logs()->consume(test::log_batch(entries));
    }
    process.stop();
    const JsonValue& asserts = *file_.find("assert");
    for (const JsonValue& one : list_in(asserts, "loki")) check_logs(one);
    if (asserts.find("metrics") == nullptr) return;
    const std::string metrics = process.metrics_text();
    for (const JsonValue& line : list_in(asserts, "metrics"))
      EXPECT_NE(metrics.find(*line.as_string() + "\n"), std::string::npos)
          << *line.as_string() << " is not among\n"
          << metrics;
  }

 private:
  /// The body of loki.process, and a name for each writer's receiver.
  void read_config() {
    text::DiagnosticSink problems;
    const auto parsed =
        syntax::parse_file(text::Source::make("config", text_of(file_, "config")), problems);
    ASSERT_FALSE(problems.has_errors()) << problems.all().front().message;
    value::Object writers;
    for (const syntax::Statement& statement : parsed->body.statements) {
      ASSERT_NE(statement.block, nullptr) << "only blocks stand here";
      const syntax::Block& block = *statement.block;
      if (block.full_name() == "loki.process") {
        ASSERT_EQ(block.label, "test");
        body_ = std::string(
            parsed->source->text().substr(block.open.end, block.close.begin - block.open.end));
      } else {
        value::Object exports;
        exports.members.emplace_back("receiver", out_.receiver());
        writers.members.emplace_back(block.label, value::Value(std::move(exports)));
      }
    }
    value::Object loki;
    loki.members.emplace_back("write", value::Value(std::move(writers)));
    writers_ = value::Value(std::move(loki));
  }

  void check_logs(const JsonValue& wanted) const {
    const std::vector<test::LogRecord> records = out_.records();
    const std::string type = text_of(wanted, "type");
    if (type == "count") {
      EXPECT_EQ(records.size(), static_cast<std::size_t>(wanted.find("count")->number()));
      return;
    }
    ASSERT_EQ(type, "contains");
    const GoldenEntry match = GoldenEntry::of(*wanted.find("match"));
    const bool found = std::any_of(records.begin(), records.end(),
                                   [&](const test::LogRecord& r) { return match.is_like(r); });
    EXPECT_TRUE(found) << "no entry is like " << codec::write_json(wanted) << ", there are "
                       << testing::PrintToString(records);
  }

  const JsonValue file_;
  std::string body_;
  test::CaptureLogs out_;
  value::Value writers_;
};

const std::filesystem::path& golden_folder() {
  static const std::filesystem::path kFolder =
      std::filesystem::path(WEIR_SOURCE_DIR) / "tests/golden/components/process";
  return kFolder;
}

bool register_process_goldens() {
  for (const auto& entry : std::filesystem::directory_iterator(golden_folder())) {
    test::register_case("ProcessGolden", entry.path().stem().string(), [path = entry.path()] {
      std::ifstream in(path);
      const std::string text((std::istreambuf_iterator<char>(in)), {});
      auto file = codec::parse_yaml(text);
      ASSERT_TRUE(file) << file.error().message;
      GoldenProcess(std::move(*file)).run();
    });
  }
  return true;
}

const bool kProcessGoldens = register_process_goldens();

TEST(ProcessGolden, EveryStageHasOne) {
  ASSERT_TRUE(kProcessGoldens);
  for (const schema::Choice& stage : stage_choices()) {
    if (stage.definition == nullptr) continue;
    const auto path = golden_folder() / (std::string(stage.name) + ".yaml");
    EXPECT_TRUE(std::filesystem::exists(path)) << path;
  }
}

}  // namespace
}  // namespace weir::loki

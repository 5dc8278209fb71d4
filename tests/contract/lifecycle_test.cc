// SPDX-License-Identifier: Apache-2.0
// What every component keeps to, whatever it does: one line in catalog.def brings it under these.
//
// A component is built from the example on its own page, beside stand-ins for the others of the example: receivers
// that keep what comes, and the first exports of the rest.

#include "base/format.h"
#include "cli/program.h"
#include "interpreter/syntax/parse.h"
#include "tests/support/component_fixture.h"
#include "tests/support/pages.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <set>
#include <sstream>
#include <thread>

namespace weir {
namespace {

using namespace std::chrono_literals;
using catalog::ComponentDef;
using test::CaptureLogs;
using test::TestComponent;
using testing::HasSubstr;

constexpr std::string_view kLogReceiver = "a receiver of logs";

/// The exports of a stand-in.
value::Value stand_in(const ComponentDef& def, const CaptureLogs& logs) {
  value::Object exports;
  if (def.exports == nullptr) return value::Value(std::move(exports));
  const value::Value first = def.initial_exports();
  for (const schema::Field& field : def.exports().fields()) {
    const bool takes_logs = field.type().type().text() == kLogReceiver;
    const value::Value* initial = first.as_object().find(field.name);
    exports.members.emplace_back(field.name, takes_logs ? logs.receiver() : *initial);
  }
  return value::Value(std::move(exports));
}

/// `value` as the member at `path` of `root`.
value::Value with_member(const value::Value& root, std::span<const std::string> path,
                         value::Value value) {
  if (path.empty()) return value;
  value::Object object = root.kind() == value::Kind::kObject ? root.as_object() : value::Object();
  const value::Value* old = object.find(path[0]);
  value::Value inner =
      with_member(old == nullptr ? value::Value() : *old, path.subspan(1), std::move(value));
  std::erase_if(object.members, [&](const auto& member) { return member.first == path[0]; });
  object.members.emplace_back(path[0], std::move(inner));
  return value::Value(std::move(object));
}

/// A component's block of its example, and the names it refers to.
struct Part {
  std::string body;
  test::Names names;
};

Part part_of(const ComponentDef& def, const CaptureLogs& logs) {
  static const catalog::FunctionTable functions = cli::program_functions();
  Part part;
  const catalog::Catalog catalog = cli::program_catalog();
  for (const test::PageExample& example : test::examples_of(test::page_of(std::string(def.name)))) {
    text::DiagnosticSink sink;
    const auto file = syntax::parse_file(text::Source::make(example.name, example.text), sink);
    bool found = false;
    part.names.clear();
    for (const auto& [name, library] : functions.root().as_object().members)
      part.names[name] = library;
    for (const syntax::Statement& statement : file->body.statements) {
      const syntax::Block& block = *statement.block;
      const ComponentDef* other = catalog.find(block.full_name());
      if (!found && other == &def) {
        found = true;
        part.body = example.text.substr(block.open.end, block.close.begin - block.open.end);
      } else if (other != nullptr && !block.label.empty()) {
        std::vector<std::string> path(block.name.begin() + 1, block.name.end());
        path.push_back(block.label);
        value::Value& root = part.names[block.name[0]];
        root = with_member(root, path, stand_in(*other, logs));
      }
    }
    if (found && example.runs) return part;
  }
  ADD_FAILURE() << "no example of " << def.name << " on its page runs";
  return part;
}

class Components : public testing::TestWithParam<const ComponentDef*> {
 protected:
  [[nodiscard]] static const ComponentDef& def() { return *GetParam(); }
  [[nodiscard]] std::unique_ptr<TestComponent> make() const {
    return std::make_unique<TestComponent>(def(), part_.names);
  }
  CaptureLogs out_;
  Part part_ = part_of(def(), out_);
};

std::size_t entries_in(const char* folder) {
  std::size_t count = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error);
       !error && at != std::filesystem::directory_iterator(); at.increment(error))
    ++count;
  return count;
}

std::string errors_logged(const TestComponent& component) {
  std::string errors;
  for (const std::string& line : component.log_lines()) {
    if (line.find("level=error") != std::string::npos) errors += line + "\n";
  }
  return errors;
}

/// The names and labels of all series, without their values.
std::vector<std::string> series_of(const TestComponent& component) {
  std::vector<std::string> series;
  std::istringstream lines(component.metrics_text());
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("#")) series.push_back(line.substr(0, line.rfind(' ')));
  }
  return series;
}

TEST_P(Components, LeavesNothingBehind) {
  const auto live = [this](int steps) {
    const auto component = make();
    if (steps == 0) return;
    EXPECT_EQ(component->update(part_.body), "");
    if (steps == 1) return;
    EXPECT_TRUE(component->start());
    if (steps == 3) component->stop(1s);
  };
  live(3);  // what libraries keep for good is there now
  const std::size_t files = entries_in("/proc/self/fd");
  const std::size_t threads = entries_in("/proc/self/task");
  for (const int steps : {0, 1, 2, 3}) live(steps);
  EXPECT_TRUE(test::soon([&] { return entries_in("/proc/self/fd") <= files; }))
      << entries_in("/proc/self/fd") << " files are open, they were " << files;
  EXPECT_TRUE(test::soon([&] { return entries_in("/proc/self/task") <= threads; }))
      << entries_in("/proc/self/task") << " threads run, they were " << threads;
}

TEST_P(Components, UpdatedTwiceIsUpdatedOnce) {
  const auto component = make();
  ASSERT_EQ(component->update(part_.body), "");
  EXPECT_EQ(component->update(part_.body), "");
  ASSERT_TRUE(component->start());
  const value::Value exports = component->exports();
  const std::vector<std::string> series = series_of(*component);
  EXPECT_EQ(component->update(part_.body), "");
  EXPECT_TRUE(value::same(exports, component->exports()));
  EXPECT_EQ(series_of(*component), series);
  EXPECT_FALSE(component->has_exited());
  EXPECT_EQ(errors_logged(*component), "");
}

TEST_P(Components, ARefusedUpdateChangesNothing) {
  const auto component = make();
  EXPECT_NE(component->update("no_such_argument = 1"), "");
  ASSERT_EQ(component->update(part_.body), "");
  ASSERT_TRUE(component->start());
  const value::Value exports = component->exports();
  EXPECT_NE(component->update(part_.body + "\nno_such_argument = 1"), "");
  EXPECT_TRUE(value::same(exports, component->exports()));
  EXPECT_FALSE(component->has_exited());
}

TEST_P(Components, ExportsAreOfTheirTypes) {
  const auto component = make();
  ASSERT_EQ(component->update(part_.body), "");
  ASSERT_TRUE(component->start());
  if (def().exports == nullptr) {
    EXPECT_TRUE(component->exports().is_null());
    return;
  }
  for (const value::Value& exports : {def().initial_exports(), component->exports()}) {
    if (exports.is_null()) continue;  // nothing is published before there is something to say
    ASSERT_EQ(exports.kind(), value::Kind::kObject);
    EXPECT_EQ(exports.as_object().members.size(), def().exports().fields().size());
    for (const schema::Field& field : def().exports().fields()) {
      const value::Value* given = exports.as_object().find(field.name);
      ASSERT_NE(given, nullptr) << field.name;
      EXPECT_NE(value::fits(value::Type::of(*given), field.type().type()), value::Fit::kNo)
          << field.name;
    }
  }
}

/// Counters whose names dashboards of the field know.
const std::set<std::string> kNamesOfTheField = {
    "loki_relabel_cache_hits",         "loki_relabel_cache_misses",
    "loki_relabel_entries_processed",  "loki_relabel_entries_written",
    "loki_source_api_entries_written",
};

/// The names of all series that count.
std::set<std::string> counters_of(const TestComponent& component) {
  std::set<std::string> out;
  std::istringstream lines(component.metrics_text());
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string mark, what, name, kind;
    words >> mark >> what >> name >> kind;
    if (mark == "#" && what == "TYPE" && kind == "counter") out.insert(name);
  }
  return out;
}

bool takes_logs(const ComponentDef& def) {
  if (def.exports == nullptr) return false;
  const auto fields = def.exports().fields();
  return std::any_of(fields.begin(), fields.end(), [](const schema::Field& field) {
    return field.type().type().text() == kLogReceiver;
  });
}
bool sends_logs(const ComponentDef& def) {
  const auto fields = def.args().schema().fields();
  return std::any_of(fields.begin(), fields.end(),
                     [](const schema::Field& field) { return field.name == "forward_to"; });
}

/// Where the field has a name of its own for one of the four, or it cannot happen: "".
const std::map<std::pair<std::string, std::string>, std::string> kOtherwiseNamed = {
    {{"loki.echo", "dropped_entries_total"}, ""},
    {{"loki.echo", "errors_total"}, ""},
    {{"loki.source.api", "sent_entries_total"}, "loki_source_api_entries_written"},
    {{"loki.source.file", "dropped_entries_total"}, "loki_source_file_dropped_bytes_total"},
    {{"loki.source.file", "received_entries_total"}, ""},  // read_lines_total, of each file
};

TEST_P(Components, EverySourceAndSinkCountsWhatBecomesOfEntries) {
  if (takes_logs(def()) == sends_logs(def())) return;  // it is neither, or between the two
  const auto component = make();
  ASSERT_EQ(component->update(part_.body), "");
  ASSERT_TRUE(component->start());
  const std::set<std::string> counters = counters_of(*component);
  std::string family(def().name);
  std::replace(family.begin(), family.end(), '.', '_');
  for (const std::string what :
       {"received_entries_total", "sent_entries_total", "dropped_entries_total", "errors_total"}) {
    const auto other = kOtherwiseNamed.find({std::string(def().name), what});
    const std::string name =
        other == kOtherwiseNamed.end() ? format("{}_{}", family, what) : other->second;
    EXPECT_TRUE(name.empty() || counters.contains(name))
        << def().name << " does not count " << name;
  }
}

TEST_P(Components, MetricsAreItsOwnAndGoWithIt) {
  const auto component = make();
  ASSERT_EQ(component->update(part_.body), "");
  ASSERT_TRUE(component->start());
  std::istringstream lines(component->metrics_text());
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string mark, what, name, rest;
    words >> mark >> what >> name;
    std::getline(words, rest);
    if (mark == "#" && what == "HELP") {
      EXPECT_GT(rest.size(), 5U) << line;
      EXPECT_EQ(name.substr(0, name.find('_')), def().name.substr(0, def().name.find('.'))) << line;
    } else if (mark == "#" && what == "TYPE") {
      EXPECT_TRUE(rest != " counter" || name.ends_with("_total") || kNamesOfTheField.contains(name))
          << line;
    } else {
      EXPECT_THAT(line, HasSubstr(format("component_id=\"{}.test\"", def().name)));
    }
  }
  component->stop(1s);
  component->destroy();
  EXPECT_TRUE(test::soon([&] { return component->metrics_text().empty(); }))
      << component->metrics_text();
}

/// Pushes entries at a component from a thread of its own until it is told to end.
class Feeder {
 public:
  Feeder(std::shared_ptr<LogPort> port, test::Outcomes& outcomes)
      : thread_([this, port = std::move(port), &outcomes](const std::stop_token& stop) {
          while (!stop.stop_requested() && given_ < 10'000) {
            port->consume(
                test::log_batch({{.time = {1}, .labels = {{"app", "a"}}, .line = "level=info n=1"},
                                 {.time = {2}, .line = "{\"a\":1}"}},
                                outcomes.receipt()));
            ++given_;
          }
        }) {}
  std::size_t end() {
    thread_.request_stop();
    thread_.join();
    return given_;
  }
  [[nodiscard]] std::size_t given() const { return given_; }

 private:
  std::atomic<std::size_t> given_ = 0;
  std::jthread thread_;
};

TEST_P(Components, StopsInTimeAndAnswersForAllItTook) {
  for (const bool destination_holds : {false, true}) {
    test::Outcomes outcomes;
    out_.answer(destination_holds ? std::nullopt : std::optional(Outcome{}));
    const auto component = make();
    ASSERT_EQ(component->update(part_.body), "");
    ASSERT_TRUE(component->start());
    std::optional<Feeder> feeder;
    const std::shared_ptr<LogPort> port = component->logs();
    if (port != nullptr) {
      feeder.emplace(port, outcomes);
      ASSERT_TRUE(test::soon([&] { return feeder->given() > 20; }));
    }
    EXPECT_EQ(component->update(part_.body), "") << "while entries come";
    const auto begun = std::chrono::steady_clock::now();
    component->stop(300ms);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
    component->stop(300ms);  // again: nothing happens
    if (port == nullptr) continue;
    std::size_t given = feeder->end();
    const std::size_t abandoned = outcomes.count(Verdict::kAbandoned);
    port->consume(test::log_batch({{.line = "late"}}, outcomes.receipt()));
    ++given;
    EXPECT_GT(outcomes.count(Verdict::kAbandoned), abandoned)
        << "what comes after the end is abandoned";
    out_.settle_held({Verdict::kAbandoned, 0});
    component->destroy();
    EXPECT_TRUE(test::soon([&] { return outcomes.all().size() == given; }))
        << outcomes.all().size() << " of " << given << " batches were answered for";
  }
}

TEST_P(Components, OutlivesItsDestination) {
  test::Outcomes outcomes;
  auto gone = std::make_unique<CaptureLogs>();
  const Part part = part_of(def(), *gone);
  TestComponent component(def(), part.names);
  ASSERT_EQ(component.update(part.body), "");
  ASSERT_TRUE(component.start());
  gone.reset();
  const std::shared_ptr<LogPort> port = component.logs();
  if (port == nullptr) return;
  for (int i = 0; i < 100; ++i) port->consume(test::log_batch({{.line = "x"}}, outcomes.receipt()));
  component.stop(300ms);
  component.destroy();
  EXPECT_TRUE(test::soon([&] { return outcomes.all().size() == 100; }));
}

TEST_P(Components, AnswersAtAnyTime) {
  const auto component = make();
  std::jthread asking([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      static_cast<void>(component->component().debug_info());
      for (const char* path : {"/", "/../../etc/passwd", "/x?y"}) {
        const auto answer = component->component().handle({"GET", path, "", ""});
        EXPECT_TRUE(answer.status >= 200 && answer.status < 600);
      }
    }
  });
  EXPECT_EQ(component->update(part_.body), "");
  EXPECT_TRUE(component->start());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(component->update(part_.body), "");
  component->stop(300ms);
}

std::vector<const ComponentDef*> everything() {
  const catalog::Catalog catalog = cli::program_catalog();
  return catalog.all();
}

std::string component_name(const testing::TestParamInfo<const ComponentDef*>& info) {
  std::string name(info.param->name);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Contract, Components, testing::ValuesIn(everything()), component_name);

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
// The runtime cases of the conformance corpus: configurations loaded, reloaded and looked at
// through the controller.
//
// The wording of errors is ours, so of an expected error the code is compared.

#include "base/codec/json.h"
#include "base/exec/subprocess.h"
#include "base/mutex.h"
#include "interpreter/graph/controller.h"
#include "interpreter/text/diagnostic.h"
#include "tests/support/corpus.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"
#include "tests/support/reference_errors.h"
#include "tests/support/testcomponents.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace weir::graph {
namespace {

namespace fs = std::filesystem;
using codec::JsonValue;
using text::DiagnosticCode;
using Strings = std::multiset<std::string>;

std::string read_whole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

const std::string& text_of(const JsonValue& object, std::string_view key) {
  static const std::string kNone;
  const JsonValue* member = object.find(key);
  return member == nullptr || member->as_string() == nullptr ? kNone : *member->as_string();
}

Strings strings_of(const JsonValue* list) {
  Strings out;
  if (list != nullptr) {
    for (const JsonValue& item : *list->as_array()) out.insert(*item.as_string());
  }
  return out;
}

value::Value to_value(const JsonValue& json) {
  switch (json.kind()) {
    case JsonValue::Kind::kNull: return {};
    case JsonValue::Kind::kBool: return value::Value(*json.as_bool());
    case JsonValue::Kind::kInteger: return value::Value::integer(*json.as_integer());
    case JsonValue::Kind::kUnsigned: return value::Value::natural(*json.as_unsigned());
    case JsonValue::Kind::kDouble: return value::Value::real(json.number());
    case JsonValue::Kind::kString: return value::Value(*json.as_string());
    case JsonValue::Kind::kArray: {
      value::Array out;
      for (const JsonValue& item : *json.as_array()) out.push_back(to_value(item));
      return value::Value(std::move(out));
    }
    case JsonValue::Kind::kObject: {
      value::Object out;
      for (const auto& [name, member] : *json.as_object())
        out.members.emplace_back(name, to_value(member));
      return value::Value(std::move(out));
    }
  }
  return {};
}

/// Lines of an exposition that belong to the families, sorted, without empty help.
Strings metric_lines(const std::string& text, const Strings& families) {
  Strings out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    while (!line.empty() && line.back() == ' ') line.pop_back();
    std::istringstream words(line);
    std::string name;
    std::string kind;
    words >> name;
    if (name == "#") {
      words >> kind >> name >> std::ws;
      if (kind == "HELP" && words.eof()) continue;
    }
    if (families.count(name.substr(0, name.find('{'))) != 0) out.insert(line);
  }
  return out;
}

class RuntimeCase : public testing::Test {
 public:
  explicit RuntimeCase(fs::path path) : path_(std::move(path)) {}

  void SetUp() override {
    auto parsed = codec::parse_json(read_whole(path_));
    ASSERT_TRUE(parsed);
    case_ = *std::move(parsed);
    std::string pattern = (fs::temp_directory_path() / "weir-runtime-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    before_ = fs::current_path();
    fs::current_path(folder_);
    write_files(case_.find("files"), "");
    if (const JsonValue* repositories = case_.find("git_repos")) {
      for (const auto& [path, files] : *repositories->as_object()) {
        git_init(path, "main");
        git_commit(path, files);
      }
    }
  }

  void TearDown() override {
    if (controller_ != nullptr) controller_->stop(std::chrono::seconds(2));
    picture_.reset();
    earlier_.reset();
    controller_.reset();
    fs::current_path(before_);
    fs::remove_all(folder_);
  }

  void TestBody() override {
    for (const JsonValue& step : *case_.find("steps")->as_array()) {
      take(step);
      if (HasFatalFailure()) return;
    }
  }

 private:
  static void write(const fs::path& path, const std::string& text) {
    if (path.has_parent_path()) fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }

  static void write_files(const JsonValue* files, const fs::path& below) {
    if (files == nullptr) return;
    for (const auto& [name, text] : *files->as_object()) write(below / name, *text.as_string());
  }

  static std::string git(const fs::path& repository, std::vector<std::string> arguments) {
    exec::Command command{.argv = {"git", "-C", repository.string(), "-c", "user.name=corpus", "-c",
                                   "user.email=corpus@localhost"},
                          .env = exec::environment_without("GIT_")};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    const auto finished = exec::run(command);
    EXPECT_TRUE(finished && finished->exit_code == 0) << arguments.front();
    return finished ? finished->out : "";
  }
  static void git_init(const fs::path& path, const std::string& branch) {
    fs::create_directories(path);
    git(path, {"init", "--quiet", "--initial-branch=" + branch});
  }
  static void git_commit(const fs::path& path, const JsonValue& files) {
    write_files(&files, path);
    git(path, {"add", "--all"});
    git(path, {"commit", "--quiet", "--message=files"});
  }

  /// A repository that the case's files name as {{VAR}}, and its commit as {{FIRST_COMMIT}}.
  void init_repository(const JsonValue& step) {
    repository_ = folder_ / "repository";
    git_init(repository_, text_of(step, "branch"));
    git_commit(repository_, *step.find("commit"));
    if (!text_of(step, "tag").empty()) git(repository_, {"tag", text_of(step, "tag")});
    std::string commit = git(repository_, {"rev-parse", "HEAD"});
    commit.pop_back();
    for (const auto& [name, text] : *case_.find("files")->as_object()) {
      std::string filled = *text.as_string();
      fill_in(filled, "{{" + text_of(step, "var") + "}}", repository_.string());
      fill_in(filled, "{{FIRST_COMMIT}}", commit);
      write(name, filled);
    }
  }
  static void fill_in(std::string& text, const std::string& name, const std::string& value) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at))
      text.replace(at, name.size(), value);
  }

  void take(const JsonValue& step) {
    const std::string& what = text_of(step, "do");
    if (what == "load" || what == "load_module" || what == "load_files") return first_load(step);
    const bool on_disk = what.starts_with("git_") || what.ends_with("_file");
    ASSERT_TRUE(on_disk || controller_ != nullptr) << "nothing is loaded before " << what;
    if (what.starts_with("expect")) return look(step, what);
    if (controller_ != nullptr) earlier_ = controller_->picture();
    if (what == "reload") {
      reload(step);
    } else if (what == "write_file") {
      write(text_of(step, "path"), text_of(step, "content"));
    } else if (what == "remove_file") {
      fs::remove(text_of(step, "path"));
    } else if (what == "git_init") {
      init_repository(step);
    } else if (what == "git_commit") {
      git_commit(repository_, *step.find("commit"));
    } else if (what == "stop") {
      controller_->stop(std::chrono::seconds(2));
    } else {
      FAIL() << "no such step: " << what;
    }
  }

  /// The steps that look at what runs.
  void look(const JsonValue& step, const std::string& what) {
    if (what == "expect") {
      expect_field(step);
    } else if (what == "expect_metrics") {
      expect_metrics(step);
    } else if (what == "expect_series_count") {
      expect_series(step);
    } else if (what == "expect_graph") {
      expect_graph(step);
    } else if (what == "expect_data_flow") {
      const NodeView* node = find(text_of(step, "component"));
      ASSERT_NE(node, nullptr);
      EXPECT_EQ(Strings(node->data_flows_to.begin(), node->data_flows_to.end()),
                strings_of(step.find("to")));
    } else if (what == "expect_all_health") {
      expect_health(step, *controller_->picture(), nullptr);
    } else if (what == "expect_removed_health") {
      expect_health(step, *earlier_, controller_->picture().get());
    } else if (what == "expect_same_instance") {
      expect_same_instance(text_of(step, "component"));
    } else if (what == "expect_absent") {
      EXPECT_TRUE(test::eventually([&] { return find(text_of(step, "component")) == nullptr; },
                                   time_of(step)));
    } else if (what == "expect_component_count") {
      EXPECT_EQ(controller_->picture()->components("").size(), step.find("value")->number());
    } else {
      FAIL() << "no such step: " << what;
    }
  }

  /// What a case's `expect` says is about the first load; a later one may bring its own.
  void reload(const JsonValue& step) {
    const auto result =
        controller_->load({text::Source::make("reload", text_of(step, "content"))}, module_path_);
    const JsonValue* expect = step.find("expect");
    if (expect == nullptr || text_of(*expect, "load") == "ok") {
      EXPECT_TRUE(result.ok) << errors_of(result);
    } else {
      expect_refused(result, *expect);
    }
  }

  /// The folder of the path that a configuration is said to have.
  static std::string folder_of(const fs::path& path) {
    if (path.empty() || fs::is_directory(path)) return path.string();
    return path.has_parent_path() ? path.parent_path().string() : ".";
  }

  void first_load(const JsonValue& step) {
    make_environment(step);
    module_path_ = folder_of(text_of(step, "config_path"));
    ControllerOptions options;
    if (const JsonValue* run = step.find("run")) options.start = *run->as_bool();
    options.module_id = text_of(step, "id");
    options.on_exports = [this](const value::Value& exports) {
      const MutexLock lock(mutex_);
      exports_ = plain(exports);
    };
    Controller::Files files;
    std::vector<std::string> names = {text_of(step, "file")};
    if (names.front().empty()) names = {text_of(step, "content_of")};
    if (step.find("files") != nullptr) {
      const Strings all = strings_of(step.find("files"));
      names.assign(all.begin(), all.end());
    }
    for (const std::string& name : names)
      files.push_back(text::Source::make(name, read_whole(name)));
    Controller::Arguments arguments;
    if (const JsonValue* given = step.find("arguments")) {
      for (const auto& [name, argument] : *given->as_object()) arguments[name] = to_value(argument);
    }
    controller_ = std::make_unique<Controller>(*environment_, std::move(options));
    judge(controller_->load(files, module_path_, std::move(arguments)));
    earlier_ = controller_->picture();
  }

  void make_environment(const JsonValue& step) {
    const JsonValue* workers = step.find("worker_pool");
    pool_.emplace(workers == nullptr ? 2 : unsigned(workers->find("workers")->number()));
    events_ = exec::FileEvents::open(*pool_).value();
    const bool service = read_whole(path_).find("testservice {") != std::string::npos;
    environment_.emplace(Environment{
        .catalog = service ? test::test_catalog_with_service() : test::test_catalog(),
        .functions = test::test_functions(),
        .pool = *pool_,
        .metrics = metrics_,
        .services = &services_,
        .file_events = events_.get(),
        .minimum_stability = schema::parse_stability(text_of(case_, "stability_level")).value(),
        .community = *case_.find("community_components")->as_bool()});
    services_.provide(*environment_);
    if (const JsonValue* scope = step.find("scope")) {
      for (const auto& [name, variable] : *scope->as_object())
        environment_->variables.emplace_back(name, to_value(variable));
    }
  }

  static std::string errors_of(const LoadResult& result) {
    std::string out;
    for (const auto& diagnostic : result.diagnostics.all())
      out += text::one_line(diagnostic) + "\n";
    return out;
  }

  void judge(const LoadResult& result) {
    const JsonValue& expect = *case_.find("expect");
    if (text_of(expect, "load") == "ok") {
      ASSERT_TRUE(result.ok) << errors_of(result);
      expect_exports(expect);
      expect_children(expect);
      return;
    }
    EXPECT_TRUE(controller_->picture()->nodes.empty());
    expect_refused(result, expect);
  }

  void expect_refused(const LoadResult& result, const JsonValue& expect) {
    EXPECT_FALSE(result.ok);
    ASSERT_TRUE(result.diagnostics.has_errors());
    const std::string wording = text_of(expect, "error_contains") + text_of(expect, "error_regex");
    if (!wording.empty()) {
      const auto codes = test::codes_for(wording);
      ASSERT_FALSE(codes.empty()) << "which code is: " << wording;
      EXPECT_EQ(codes.count(result.diagnostics.all().front().code), 1U) << errors_of(result);
    }
    if (const JsonValue* count = expect.find("diagnostic_count")) {
      EXPECT_EQ(result.diagnostics.error_count(), count->number()) << errors_of(result);
    }
    if (expect.find("diagnostic_files") != nullptr) {
      Strings files;
      for (const auto& diagnostic : result.diagnostics.all())
        files.insert(diagnostic.source->name());
      EXPECT_EQ(files, strings_of(expect.find("diagnostic_files")));
    }
  }

  void expect_exports(const JsonValue& expect) {
    const Strings want = strings_of(expect.find("exports"));
    const MutexLock lock(mutex_);
    for (const std::string& name : want)
      EXPECT_NE(exports_.find(name), nullptr) << name << " is not exported";
  }

  void expect_children(const JsonValue& expect) {
    const JsonValue* all = expect.find("foreach_children");
    if (all == nullptr) return;
    for (const auto& [id, children] : *all->as_object()) {
      const NodeView* node = find(id);
      ASSERT_NE(node, nullptr);
      Strings got;
      for (const std::string& module : node->module_ids) got.insert(module.substr(id.size() + 1));
      EXPECT_EQ(got, strings_of(&children));
    }
  }

  const NodeView* find(const std::string& id) {
    picture_ = controller_->picture();
    return picture_->find(id);
  }

  /// A value of `exports.x.y`, `arguments.x` or `debug_info`, null if it is not there.
  static JsonValue field_of(const NodeView& node, const std::string& field) {
    std::istringstream path(field);
    std::string name;
    std::getline(path, name, '.');
    JsonValue value;
    if (name == "exports") {
      value = plain(node.instance->exports());
    } else if (name == "arguments") {
      const auto arguments = codec::parse_json(node.arguments_json());
      for (const JsonValue& argument : *arguments->as_array())
        value.add(text_of(argument, "name"), plain(*argument.find("value")));
    } else if (name == "debug_info") {
      const auto component = node.instance->component();
      if (component != nullptr) value = plain(component->debug_info());
    } else {
      ADD_FAILURE() << "no such field: " << field;
    }
    while (std::getline(path, name, '.')) {
      const JsonValue* member = value.find(name);
      value = member == nullptr ? JsonValue() : JsonValue(*member);
    }
    return value;
  }
  /// The web API's {"type": ..., "value": ...} as the value alone.
  static JsonValue plain(const JsonValue& shown) {
    const std::string& type = text_of(shown, "type");
    const JsonValue& value = *shown.find("value");
    if (type == "array") {
      JsonValue::Array out;
      for (const JsonValue& element : *value.as_array()) out.push_back(plain(element));
      return out;
    }
    if (type != "object") return value;
    JsonValue::Object out;
    for (const JsonValue& member : *value.as_array())
      out.emplace_back(text_of(member, "key"), plain(*member.find("value")));
    return out;
  }
  static JsonValue plain(const value::Value& value) {
    return codec::parse_json(value::to_json(value)).value();
  }

  static bool holds(const JsonValue& got, const std::string& op, const JsonValue& want) {
    const bool numbers = got.is_number() && want.is_number();
    if (op == ">=") return numbers && got.number() >= want.number();
    if (op == "<=") return numbers && got.number() <= want.number();
    if (op == ">") return numbers && got.number() > want.number();
    if (op == "<") return numbers && got.number() < want.number();
    if (op == "!=") return !holds(got, "==", want);
    if (op != "==") return false;
    if (got.is_number() && want.is_number()) return got.number() == want.number();
    return codec::write_json(got) == codec::write_json(want);
  }

  void expect_field(const JsonValue& step) {
    static const std::set<std::string> kOperations = {"==", "!=", "<", "<=", ">", ">="};
    ASSERT_EQ(kOperations.count(text_of(step, "op")), 1U) << "no such op: " << text_of(step, "op");
    JsonValue got;
    EXPECT_TRUE(test::eventually(
        [&] {
          const NodeView* node = find(text_of(step, "component"));
          if (node == nullptr) return false;
          got = field_of(*node, text_of(step, "field"));
          return holds(got, text_of(step, "op"), *step.find("value"));
        },
        time_of(step)))
        << text_of(step, "component") << " " << text_of(step, "field") << " is "
        << codec::write_json(got);
  }

  static std::chrono::milliseconds time_of(const JsonValue& step) {
    const JsonValue* within = step.find("within_ms");
    return std::chrono::milliseconds(within == nullptr ? 0 : int(within->number()));
  }

  /// That what `seen` shows and `still` does not, or what is named of it, is in the wanted state.
  void expect_health(const JsonValue& step, const Picture& seen, const Picture* still) {
    std::string want = text_of(step, "value");
    for (const char* key : {"health", "state"}) want += text_of(step, key);
    ASSERT_FALSE(want.empty()) << "in which state?";
    const std::string& only = text_of(step, "component");
    std::size_t looked_at = 0;
    for (const NodeView& node : seen.nodes) {
      if (!node.is_component() || (!only.empty() && node.id() != only)) continue;
      if (still != nullptr && still->find(node.id()) != nullptr) continue;
      ++looked_at;
      EXPECT_TRUE(
          test::eventually([&] { return to_string(node.health().state) == want; }, time_of(step)))
          << node.id() << " is " << to_string(node.health().state) << ": " << node.health().message;
    }
    EXPECT_NE(looked_at, 0U);
  }

  void expect_same_instance(const std::string& id) {
    const NodeView* now = find(id);
    const NodeView* then = earlier_ == nullptr ? nullptr : earlier_->find(id);
    ASSERT_NE(now, nullptr);
    ASSERT_NE(then, nullptr);
    EXPECT_EQ(now->instance, then->instance);
  }

  void expect_metrics(const JsonValue& step) {
    const Strings families = strings_of(step.find("only"));
    const Strings want = metric_lines(text_of(step, "text"), families);
    Strings got;
    test::eventually(
        [&] {
          got = metric_lines(metrics_.text(), families);
          return got == want;
        },
        std::chrono::seconds(3));
    EXPECT_EQ(got, want);
  }

  void expect_series(const JsonValue& step) {
    std::size_t count = 0;
    const Strings families = strings_of(step.find("metrics"));
    std::istringstream in(metrics_.text());
    for (std::string line; std::getline(in, line);) {
      const std::string name = line.substr(0, line.find_first_of("{ "));
      const bool histogram =
          name.ends_with("_count") && families.count(name.substr(0, name.size() - 6)) != 0;
      if (histogram || families.count(name) != 0) ++count;
    }
    EXPECT_EQ(count, step.find("value")->number());
  }

  void expect_graph(const JsonValue& step) {
    Strings nodes;
    Strings edges;
    const auto picture = controller_->picture();
    for (const NodeView& node : picture->nodes) {
      nodes.insert(node.local_id);
      for (const std::string& to : node.references_to) edges.insert(node.local_id + " " + to);
    }
    Strings want;
    for (const JsonValue& edge : *step.find("edges")->as_array())
      want.insert(*edge.as_array()->at(0).as_string() + " " + *edge.as_array()->at(1).as_string());
    EXPECT_EQ(nodes, strings_of(step.find("nodes")));
    EXPECT_EQ(edges, want);
  }

  const fs::path path_;
  fs::path folder_;
  fs::path before_;
  fs::path repository_;  // of a step git_init
  JsonValue case_;
  std::optional<exec::Pool> pool_;
  std::unique_ptr<exec::FileEvents> events_;
  MetricRegistry metrics_;
  Services services_;
  std::optional<Environment> environment_;
  std::unique_ptr<Controller> controller_;
  std::shared_ptr<const Picture> picture_;
  std::shared_ptr<const Picture> earlier_;  // before the last step that changed anything
  std::string module_path_;
  Mutex mutex_;
  JsonValue exports_ WEIR_GUARDED_BY(mutex_);  // of a loaded module
};

[[maybe_unused]] const bool kRuntimeRegistered = [] {
  const std::string corpus = test::corpus_folder();
  if (corpus.empty()) return true;
  for (const auto& entry : fs::directory_iterator(corpus + "/language/runtime")) {
    if (entry.path().extension() != ".json") continue;
    if (test::exception_reason("language/runtime", entry.path().stem().string()) != nullptr)
      continue;
    testing::RegisterTest("RuntimeCorpus", entry.path().stem().c_str(), nullptr, nullptr, __FILE__,
                          __LINE__, [path = entry.path()]() -> testing::Test* {
                            return std::make_unique<RuntimeCase>(path).release();
                          });
  }
  return true;
}();

}  // namespace
}  // namespace weir::graph

// SPDX-License-Identifier: Apache-2.0
#include "tests/support/small_catalog.h"

#include "interpreter/catalog/lint.h"
#include "interpreter/schema/codecs.h"

#include <map>
#include <string>
#include <vector>

namespace weir::test {
namespace {

using Code = text::DiagnosticCode;
using Targets = std::vector<std::map<std::string, std::string>>;

/// A receiver with nobody behind it.
template <int Signal>
struct DeadEnd {
  static constexpr value::CapsuleType kType = {
      Signal == 0 ? "test.LogsReceiver" : "test.MetricsReceiver",
      Signal == 0 ? "a receiver of logs" : "a receiver of metrics", nullptr, nullptr, true};
};
using Logs = DeadEnd<0>;
using Metrics = DeadEnd<1>;

}  // namespace
}  // namespace weir::test

template <int Signal>
struct weir::schema::Codec<weir::test::DeadEnd<Signal>> {
  using End = test::DeadEnd<Signal>;
  static value::Type type() { return value::Type::capsule(End::kType); }
  static bool decode(const value::Value& in, End&, Decoder& decoder) {
    if (in.kind() == value::Kind::kCapsule && in.as_capsule().type == &End::kType) return true;
    return decoder.mismatch(type(), in);
  }
  static value::Value encode(const End&) {
    return value::Value(value::Capsule{&End::kType, nullptr});
  }
};

namespace weir::test {
namespace {

struct NoArgs {
  static schema::Schema schema() { return {}; }
};

struct TargetsExport {
  Targets targets;
  static schema::Schema schema() {
    static constexpr auto kTable =
        schema::table({schema::attr<&TargetsExport::targets>("targets", "What was found.")});
    return kTable;
  }
};

struct SecretExport {
  value::Secret value;
  static schema::Schema schema() {
    static constexpr auto kTable =
        schema::table({schema::attr<&SecretExport::value>("value", "Not to be shown.").secret()});
    return kTable;
  }
};

template <class Receiver>
struct ReceiverExport {
  Receiver receiver;
  static schema::Schema schema() {
    static constexpr auto kTable =
        schema::table({schema::attr<&ReceiverExport::receiver>("receiver", "Takes data.")});
    return kTable;
  }
};

struct SourceArgs {
  Targets targets;
  std::vector<Logs> forward_to;
  Duration interval{};
  static schema::Schema schema() {
    static constexpr auto kTable = schema::table({
        schema::attr<&SourceArgs::targets>("targets", "What to read.").required(),
        schema::attr<&SourceArgs::forward_to>("forward_to", "Where lines go.").required(),
        schema::attr<&SourceArgs::interval>("interval", "How often."),
    });
    return kTable;
  }
  void lint(catalog::Lint& lint) const {
    if (lint.value_of("targets") == nullptr) {
      lint.wants("targets", Code::kNoPath, "no target here has a __path__");
    }
    for (const auto& target : targets) {
      const auto path = target.find("__path__");
      if (path == target.end()) lint.warn("targets", Code::kNoPath, "a target without __path__");
      if (path != target.end() && path->second.starts_with("/var/log/pods")) {
        lint.owes("targets", Code::kContainerFormat,
                  "container log files are read, and nothing unwraps their lines");
      }
    }
  }
};

struct Unwrap {
  static schema::Schema schema() { return {}; }
};
struct Json {
  std::map<std::string, std::string> expressions;
  static schema::Schema schema() {
    static constexpr auto kTable = schema::table(
        {schema::attr<&Json::expressions>("expressions", "What to extract.").required()});
    return kTable;
  }
};
std::span<const schema::Choice> stages() {
  static constexpr schema::Choice kStages[] = {
      {"geoip", "Adds places.", schema::Stability::kGenerallyAvailable, nullptr, nullptr},
      {"json", "Extracts from JSON.", schema::Stability::kGenerallyAvailable,
       &schema::detail::block_ops<Json>, nullptr},
      {"unwrap", "Unwraps lines.", schema::Stability::kGenerallyAvailable,
       &schema::detail::block_ops<Unwrap>, nullptr},
      {"fresh", "A young stage.", schema::Stability::kExperimental,
       &schema::detail::block_ops<Unwrap>, nullptr},
  };
  return kStages;
}

struct Rule {
  std::string action = "replace";
  std::string target_label;
  static schema::Schema schema() {
    static constexpr auto kTable = schema::table({
        schema::attr<&Rule::action>("action", "What to do.").one_of("replace", "drop", "keep"),
        schema::attr<&Rule::target_label>("target_label", "Label to write."),
    });
    return kTable;
  }
  void validate(schema::Problems& problems) const {
    if (action == "replace" && target_label.empty())
      problems.add("action", "replace needs a target_label");
  }
};

struct ProcessArgs {
  std::vector<Rule> rules;
  std::vector<schema::Chosen> stages;
  std::vector<Logs> forward_to;
  std::map<std::string, value::Value> extra;
  std::string former;
  std::string later;
  static schema::Schema schema() {
    static constexpr auto kTable = schema::table({
        schema::attr<&ProcessArgs::forward_to>("forward_to", "Where lines go.").required(),
        schema::block<&ProcessArgs::rules>("rule", "A rule."),
        schema::choice<&ProcessArgs::stages>("stage", "A stage.", &test::stages),
        schema::map_block<&ProcessArgs::extra>("extra", "Anything."),
        schema::attr<&ProcessArgs::former>("former", "Use `rule`.").deprecated(),
        schema::attr<&ProcessArgs::later>("later", "Not here.").not_built("it will come"),
    });
    return kTable;
  }
  void lint(catalog::Lint& lint) const {
    for (const auto& stage : stages) {
      if (stage.choice->name == "unwrap") lint.settles(Code::kContainerFormat);
    }
  }
};

struct Auth {
  std::string username;
  value::Secret password;
  static schema::Schema schema() {
    static constexpr auto kTable = schema::table({
        schema::attr<&Auth::username>("username", "Who.").required(),
        schema::attr<&Auth::password>("password", "Proof.").secret(),
    });
    return kTable;
  }
};
struct Endpoint {
  std::string url;
  std::int8_t retries = 3;
  Bytes batch_size{};
  std::optional<Auth> auth;
  static schema::Schema schema() {
    static constexpr auto kTable = schema::table({
        schema::attr<&Endpoint::url>("url", "Where to.").required(),
        schema::attr<&Endpoint::retries>("retries", "How often."),
        schema::attr<&Endpoint::batch_size>("batch_size", "How much at once."),
        schema::block<&Endpoint::auth>("auth", "Who pushes."),
    });
    return kTable;
  }
  void validate(schema::Problems& problems) const {
    if (!url.starts_with("http")) problems.add("url", "is not an address", {}, Code::kBadValue);
  }
};
struct WriteArgs {
  std::vector<Endpoint> endpoints;
  static schema::Schema schema() {
    static constexpr auto kTable = schema::table(
        {schema::block<&WriteArgs::endpoints>("endpoint", "Where to write.").required()});
    return kTable;
  }
};

struct SettingsArgs {
  std::string level = "info";
  std::vector<Logs> write_to;
  static schema::Schema schema() {
    static constexpr auto kTable = schema::table({
        schema::attr<&SettingsArgs::level>("level", "How much is said.").one_of("info", "debug"),
        schema::attr<&SettingsArgs::write_to>("write_to", "Where it is said."),
    });
    return kTable;
  }
};

template <class Args>
constexpr catalog::ComponentDef row(std::string_view name, schema::Schema (*exports)() = nullptr) {
  catalog::ComponentDef def{};
  def.name = name;
  def.doc = "For tests.";
  def.args = &schema::detail::block_ops<Args>;
  def.exports = exports;
  if constexpr (requires(const Args& args, catalog::Lint& lint) { args.lint(lint); }) {
    def.lint = [](const void* args, catalog::Lint& lint) {
      static_cast<const Args*>(args)->lint(lint);
    };
  }
  return def;
}

}  // namespace

catalog::Catalog small_catalog() {
  static constexpr auto kDiscover = row<NoArgs>("test.discover", &TargetsExport::schema);
  static constexpr auto kSource = row<SourceArgs>("test.source");
  static constexpr auto kProcess = row<ProcessArgs>("test.process", &ReceiverExport<Logs>::schema);
  static constexpr auto kWrite = row<WriteArgs>("test.write", &ReceiverExport<Logs>::schema);
  static constexpr auto kMetrics = row<NoArgs>("test.metrics", &ReceiverExport<Metrics>::schema);
  static constexpr auto kVault = row<NoArgs>("test.vault", &SecretExport::schema);
  static constexpr auto kSettings = [] {
    auto def = row<SettingsArgs>("settings");
    def.singleton = true;
    return def;
  }();
  static constexpr auto kYoung = [] {
    auto def = row<NoArgs>("test.young");
    def.stability = schema::Stability::kExperimental;
    return def;
  }();
  static constexpr auto kGuest = [] {
    auto def = row<NoArgs>("test.guest");
    def.community = true;
    return def;
  }();
  return catalog::Catalog(
      {&kDiscover, &kSource, &kProcess, &kWrite, &kMetrics, &kVault, &kSettings, &kYoung, &kGuest});
}

namespace {

Result<std::string> env(const std::string&) {
  return std::string("from the world");
}
Result<std::string> twice(const std::string& text) {
  if (text.empty()) return invalid("needs a text");
  return text + text;
}

}  // namespace

catalog::FunctionTable small_library() {
  using catalog::Example;
  using catalog::Param;
  static constexpr Param kName[] = {{"name", "Which."}};
  static constexpr Example kExamples[] = {{"true", "true"}};
  static constexpr auto kEnv =
      catalog::function<&env>("sys.env", "Reads the world.", kName, kExamples).impure();
  static constexpr auto kTwice =
      catalog::function<&twice>("text.twice", "The text, two times.", kName, kExamples);
  static constexpr auto kYoung =
      catalog::function<&twice>("text.young", "The same.", kName, kExamples)
          .since(schema::Stability::kExperimental);
  static constexpr const catalog::FunctionDef* kRows[] = {&kEnv, &kTwice, &kYoung};
  return catalog::FunctionTable(kRows);
}

}  // namespace weir::test

// SPDX-License-Identifier: Apache-2.0
// stage.json: extracts values from JSON text.
//
// Plain names, which most configurations have, are looked for in one pass over the members; paths
// are followed from there; only other expressions cost a copy of the document.

#include "base/codec/json_reader.h"
#include "components/loki/process/jmespath.h"
#include "components/loki/process/stages/input.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::loki {
namespace {

using codec::JsonValue;
using codec::JsonView;

/// A larger text is passed on unread, and of one text `regex` takes so many members: the next stage
/// looks through all of them.
constexpr std::size_t kMaxDocument = 16u << 20;
constexpr std::size_t kMaxMembers = 1000;

class JsonStage final : public Stage {
 public:
  struct Args {
    std::map<std::string, std::string> expressions;
    Regex regex;
    std::optional<std::string> source;
    bool drop_malformed = false;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void names(FoundNames& names) const;
  };

  JsonStage(const StageContext& context, const Args& args)
      : args_(args),
        log_(context.log),
        input_("json", args.source.value_or("")),
        dropped_(args.drop_malformed ? context.dropped("malformed_json") : Counter()) {
    for (const auto& [name, text] : args_.expressions) {
      auto path = JmesPath::compile(text.empty() ? name : text);
      if (!path) continue;  // validate() refuses it
      const bool begins_with_name =
          !path->path().empty() && std::holds_alternative<std::string>(path->path().front());
      if (begins_with_name) {
        by_path_.push_back({name, std::get<std::string>(path->path().front()), path->path()});
      } else {
        by_search_.emplace_back(name, std::move(*path));
      }
    }
  }

  void process(StageBatch& batch) override {
    // A worker reads one document at a time, and a reader keeps its memory from one to the next.
    static thread_local codec::JsonReader reader;
    StageInput::Misses misses;
    std::vector<std::optional<JsonView>> slots(by_path_.size());
    std::size_t malformed = 0, failed = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto text = input_.read(batch, i, misses);
      if (!text || extract(batch, i, *text, reader, slots, failed)) continue;
      ++malformed;
      if (args_.drop_malformed) batch.drop(i);
    }
    input_.report(misses, log_);
    if (failed != 0)
      log_.debug("failed to search JMES expression", {{"stage", "json"}, {"searches", failed}});
    if (malformed == 0) return;
    log_.debug("failed to unmarshal log line", {{"stage", "json"}, {"entries", malformed}});
    if (const std::size_t dropped = batch.apply(); dropped != 0)
      dropped_.add(static_cast<double>(dropped));
  }
  [[nodiscard]] bool reads_found() const override { return !input_.is_line(); }

 private:
  struct ByPath {
    std::string name;   ///< of the value
    std::string first;  ///< the member of the document it begins with
    std::vector<JmesPath::Step> path;
  };

  bool extract(StageBatch& batch, std::size_t i, std::string_view text, codec::JsonReader& reader,
               std::vector<std::optional<JsonView>>& slots, std::size_t& failed) const {
    if (text.size() > kMaxDocument) return false;
    const auto document = reader.read(text);
    if (!document) return false;
    if (document->kind() != JsonValue::Kind::kObject && document->kind() != JsonValue::Kind::kNull)
      return false;
    slots.assign(slots.size(), std::nullopt);
    std::vector<std::pair<std::string_view, JsonView>> by_regex;
    document->for_each_member([&](std::string_view key, JsonView member) {
      for (std::size_t slot = 0; slot < by_path_.size(); ++slot) {
        if (by_path_[slot].first == key) slots[slot] = member;  // of equal keys the last counts
      }
      if (args_.regex.text().empty() || by_regex.size() >= kMaxMembers || !args_.regex.matches(key))
        return;
      by_regex.emplace_back(batch.logs().text(key), member);
    });
    for (std::size_t slot = 0; slot < by_path_.size(); ++slot) {
      const std::optional<JsonView> end =
          slots[slot] ? follow(*slots[slot], by_path_[slot].path) : std::nullopt;
      batch.set_found(i, by_path_[slot].name, end ? found_value(batch, *end) : FoundValue::null());
    }
    if (!by_search_.empty()) failed += search(batch, i, *document);
    // A name that both find is the member's.
    for (const auto& [key, member] : by_regex) batch.set_found(i, key, found_value(batch, member));
    return true;
  }

  /// The rest of a path, its first step being done.
  static std::optional<JsonView> follow(JsonView from, const std::vector<JmesPath::Step>& path) {
    std::optional<JsonView> at = from;
    for (std::size_t step = 1; step < path.size() && at; ++step) {
      if (const std::string* name = std::get_if<std::string>(&path[step])) {
        at = at->find(*name);
        continue;
      }
      std::vector<JsonView> items;
      at->for_each_item([&](JsonView item) { items.push_back(item); });
      const auto size = static_cast<std::int64_t>(items.size());
      const std::int64_t given = std::get<std::int64_t>(path[step]);
      const std::int64_t index = given < 0 ? given + size : given;
      at = index >= 0 && index < size ? std::optional(items[static_cast<std::size_t>(index)])
                                      : std::nullopt;
    }
    return at;
  }

  /// Returns how many searches failed.
  std::size_t search(StageBatch& batch, std::size_t i, JsonView document) const {
    const JsonValue copy = document.value();
    std::size_t failed = 0;
    for (const auto& [name, path] : by_search_) {
      const std::optional<JsonValue> value = path.search(copy);
      failed += !value;
      if (value) batch.set_found(i, name, found_value(batch, *value));
    }
    return failed;
  }

  // Arrays and objects are found as their text.
  static FoundValue found_value(StageBatch& batch, JsonView view) {
    switch (view.kind()) {
      case JsonValue::Kind::kNull: return FoundValue::null();
      case JsonValue::Kind::kBool: return FoundValue::boolean(view.boolean());
      case JsonValue::Kind::kString: return FoundValue(batch.logs().text(view.text()));
      case JsonValue::Kind::kArray:
      case JsonValue::Kind::kObject: return found_value(batch, view.value());
      default: return FoundValue::number(view.number());
    }
  }
  static FoundValue found_value(StageBatch& batch, const JsonValue& value) {
    if (value.is_null()) return FoundValue::null();
    if (value.is_number()) return FoundValue::number(value.number());
    if (const bool* truth = value.as_bool()) return FoundValue::boolean(*truth);
    if (const std::string* text = value.as_string()) return FoundValue(batch.logs().text(*text));
    return FoundValue(batch.logs().text(codec::write_json(value, {.escape_html = true})));
  }

  const Args args_;
  const Logger log_;
  const StageInput input_;
  Counter dropped_;
  std::vector<ByPath> by_path_;
  std::vector<std::pair<std::string, JmesPath>> by_search_;
};

schema::Schema JsonStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::expressions>("expressions",
                               "Names of values, and the JMESPath of each; its own name if empty."),
      attr<&Args::regex>(
          "regex",
          "Members of the document whose name matches are extracted under their own name."),
      attr<&Args::source>("source", "Extracted value to read; the line if not given."),
      attr<&Args::drop_malformed>("drop_malformed",
                                  "Whether an entry is dropped whose text is not a JSON object."),
  });
  return kTable;
}

void JsonStage::Args::names(FoundNames& names) const {
  names.reads.emplace_back("source", source.value_or(""));
  for (const auto& [name, text] : expressions) names.gives.push_back(name);
  names.gives_any = names.gives_any || !regex.text().empty();
}

void JsonStage::Args::validate(schema::Problems& problems) const {
  if (expressions.empty() && regex.text().empty())
    problems.add({}, "stage.json needs expressions or regex");
  if (source && source->empty())
    problems.add("source", "must not be empty", {}, text::DiagnosticCode::kBadValue);
  for (const auto& [name, text] : expressions) {
    const auto path = JmesPath::compile(text.empty() ? name : text);
    if (path) continue;
    problems.add("expressions",
                 format("\"{}\" is not a JMESPath expression: {}", text.empty() ? name : text,
                        path.error().message),
                 text.empty() ? "an empty expression takes the name as one; quote it: \"\\\"" +
                                    name + "\\\"\""
                              : "",
                 text::DiagnosticCode::kBadValue);
  }
}

}  // namespace

extern constexpr StageDef stage_json =
    define_stage<JsonStage>("json", "Extracts values from JSON text.");

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// array: lists put together, joined like tables, grouped.

#include "interpreter/catalog/function_def.h"
#include "interpreter/value/decimal.h"
#include "stdlib/limits.h"
#include "stdlib/lists.h"

#include <algorithm>
#include <unordered_map>

namespace weir::stdlib {
namespace {

using catalog::Call;
using catalog::Example;
using catalog::FunctionDef;
using catalog::Param;
using catalog::Rest;
using value::Array;
using value::Object;
using value::Type;
using value::Value;

Result<Array> concat(const Rest<List>& lists) {
  Array out;
  std::uint64_t bytes = 0;
  for (const List& list : lists.values) {
    bytes += list.value.extent().bytes;
    if (bytes > kMaxListBytes) return too_large(kMaxListBytes);
    out.insert(out.end(), list.elements().begin(), list.elements().end());
  }
  return out;
}

Type type_of_concat(std::span<const Type> args) {
  Type all = Type::of(Type::Tag::kNull);
  for (const Type& arg : args) {
    all = common(all, arg.tag() == Type::Tag::kList ? arg.element() : Type::any());
  }
  return Type::list(std::move(all));
}

constexpr Param kConcatParams[] = {{"lists", "The lists to put one behind the other."}};
constexpr Example kConcatExamples[] = {
    {"array.concat([1, 2], [], [3])", "[1, 2, 3]"},
    {"array.concat()", "[]"},
};

/// A text that equal values share; others may, too.
std::string join_key(const Object& row, const std::vector<std::string>& keys) {
  std::string out;
  for (const std::string& key : keys) {
    const Value& v = *row.find(key);
    if (v.kind() == value::Kind::kNumber) {
      out += value::plain_text(v.as_number().as_double());
    } else if (v.kind() == value::Kind::kString) {
      out += v.as_string();
    }
    out += '\0';
  }
  return out;
}

bool has_keys(const Object& row, const std::vector<std::string>& keys) {
  return std::all_of(keys.begin(), keys.end(),
                     [&](const auto& key) { return row.find(key) != nullptr; });
}

bool agree(const Object& left, const Object& right, const std::vector<std::string>& keys) {
  return std::all_of(keys.begin(), keys.end(),
                     [&](const auto& key) { return *left.find(key) == *right.find(key); });
}

Value merged(const Object& left, const Object& right) {
  Object out{left.members, false};
  out.members.insert(out.members.end(), right.members.begin(), right.members.end());
  return Value(std::move(out));
}

// A hash join: rows of the right side by their key, so that large target lists take no square time.
Result<Array> combine_maps(Call& call, const Objects& left, const Objects& right,
                           const Exactly<std::vector<std::string>>& match_by,
                           const std::optional<Exactly<bool>>& passthrough) {
  const std::vector<std::string>& keys = match_by.value;
  if (keys.empty()) {
    return call.blame({2,
                       text::DiagnosticCode::kBadCall,
                       {},
                       "names no key to match by",
                       "name at least one key that both sides have"});
  }
  std::unordered_map<std::string, std::vector<const Object*>> by_key;
  for (const Value& row : right.elements()) {
    const Object& object = row.as_object();
    if (has_keys(object, keys)) by_key[join_key(object, keys)].push_back(&object);
  }
  Array out;
  std::uint64_t bytes = 0;
  for (const Value& row : left.elements()) {
    const Object& object = row.as_object();
    const std::size_t before = out.size();
    const auto matches =
        has_keys(object, keys) ? by_key.find(join_key(object, keys)) : by_key.end();
    if (matches != by_key.end()) {
      for (const Object* match : matches->second) {
        if (!agree(object, *match, keys)) continue;
        out.push_back(merged(object, *match));
        bytes += out.back().extent().bytes;
        if (bytes > kMaxListBytes) return too_large(kMaxListBytes);
      }
    }
    if (out.size() == before && passthrough && passthrough->value) out.push_back(row);
  }
  return out;
}

Type type_of_objects(std::span<const Type>) {
  return Type::list(Type::map(Type::any()));
}

constexpr Param kCombineParams[] = {
    {"left", "A list of objects."},
    {"right", "The list of objects to look up in."},
    {"keys", "The keys whose values must be equal on both sides."},
    {"passthrough",
     "Whether objects of the left side without a match are kept; false if left out."},
};
constexpr Example kCombineExamples[] = {
    {R"(array.combine_maps([{pod = "a", port = 1}], [{pod = "a", team = "x"}, {pod = "b"}], ["pod"]))",
     R"([{pod = "a", port = 1, team = "x"}])"},
    {R"(array.combine_maps([{pod = "a"}], [{pod = "b"}], ["pod"], true))", R"([{pod = "a"}])"},
};

Result<Array> group_by(Call& call, const Objects& items, const Exactly<std::string>& by,
                       const Exactly<bool>& drop_missing) {
  const std::string& key = by.value;
  std::vector<std::pair<std::string, Array>> groups;  // in the order they are first seen
  std::unordered_map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < items.elements().size(); ++i) {
    const Value* group = items.elements()[i].as_object().find(key);
    if (group == nullptr && drop_missing.value) continue;
    if (group != nullptr && group->kind() != value::Kind::kString) {
      return call.blame({0,
                         text::DiagnosticCode::kTypeMismatch,
                         {i, key},
                         format("should be string, got {}", to_string(group->kind())),
                         {}});
    }
    const std::string name = group == nullptr ? "" : group->as_string();
    const auto [at, added] = index.emplace(name, groups.size());
    if (added) groups.emplace_back(name, Array{});
    groups[at->second].second.push_back(items.elements()[i]);
  }
  Array out;
  for (auto& [name, members] : groups) {
    out.push_back(Value(Object{{{key, Value(name)}, {"items", Value(std::move(members))}}, false}));
  }
  return out;
}

constexpr Param kGroupParams[] = {
    {"items", "A list of objects."},
    {"key", "The key to group by; its values are strings."},
    {"drop_missing", "Whether objects without the key are dropped; else they form the group \"\"."},
};
constexpr Example kGroupExamples[] = {
    {R"(array.group_by([{team = "a", n = 1}, {team = "b"}, {team = "a", n = 2}], "team", false))",
     R"([{team = "a", items = [{team = "a", n = 1}, {team = "a", n = 2}]}, {team = "b", items = [{team = "b"}]}])"},
    {R"(array.group_by([{team = "a"}, {}], "team", true))",
     R"([{team = "a", items = [{team = "a"}]}])"},
};

}  // namespace

extern constexpr FunctionDef array_concat =
    catalog::function<&concat>("array.concat", "Puts lists one behind the other.", kConcatParams,
                               kConcatExamples)
        .typed(&type_of_concat);
extern constexpr FunctionDef old_concat = array_concat.alias("concat");

extern constexpr FunctionDef array_combine_maps =
    catalog::function<&combine_maps>(
        "array.combine_maps",
        "Merges objects of two lists that agree on some keys; values of the right side win.",
        kCombineParams, kCombineExamples)
        .since(schema::Stability::kExperimental)
        .typed(&type_of_objects);

extern constexpr FunctionDef array_group_by =
    catalog::function<&group_by>(
        "array.group_by",
        "Groups objects by the value of a key, in the order the values are first seen.",
        kGroupParams, kGroupExamples)
        .since(schema::Stability::kExperimental)
        .typed(&type_of_objects);

}  // namespace weir::stdlib

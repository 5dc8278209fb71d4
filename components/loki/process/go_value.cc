// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/go_value.h"

#include "base/format.h"
#include "components/loki/process/go_text.h"
#include "components/loki/process/go_time.h"
#include "interpreter/value/sprintf.h"

#include <algorithm>
#include <array>

namespace weir::loki {
namespace {

auto place_of(const std::vector<GoDict::Member>& members, std::string_view name) {
  return std::lower_bound(
      members.begin(), members.end(), name,
      [](const GoDict::Member& member, std::string_view wanted) { return member.name < wanted; });
}

/// Adds what `v` weighs; false where it lies too deep. Stops counting above `most`.
bool add_weight(const GoValue& v, int depth, std::size_t most, std::size_t& sum) {
  if (depth > kMaxGoDepth) return false;
  sum += sizeof(GoValue);
  if (sum > most) return true;
  if (const auto* text = std::get_if<std::string>(&v.data)) sum += text->size();
  if (const auto* list = std::get_if<GoValue::List>(&v.data)) {
    for (const GoValue& item : *list) {
      if (sum > most) return true;
      if (!add_weight(item, depth + 1, most, sum)) return false;
    }
  }
  if (const auto* dict = std::get_if<GoValue::Dict>(&v.data)) {
    for (const GoDict::Member& member : (*dict)->members) {
      if (sum > most) return true;
      sum += member.name.size();
      if (!add_weight(member.value, depth + 1, most, sum)) return false;
    }
  }
  return true;
}

/// Whether `dict` is reached from `v`, or that cannot be told within bounds.
bool reaches(const GoValue& v, const GoDict* dict, int depth, std::size_t& steps) {
  if (depth >= kMaxGoDepth || ++steps > 1'000'000) return true;
  if (const auto* list = std::get_if<GoValue::List>(&v.data)) {
    return std::any_of(list->begin(), list->end(),
                       [&](const GoValue& item) { return reaches(item, dict, depth + 1, steps); });
  }
  const auto* inner = std::get_if<GoValue::Dict>(&v.data);
  if (inner == nullptr) return false;
  return inner->get() == dict || std::any_of((*inner)->members.begin(), (*inner)->members.end(),
                                             [&](const GoDict::Member& member) {
                                               return reaches(member.value, dict, depth + 1, steps);
                                             });
}

}  // namespace

bool GoValue::is_true() const {
  switch (data.index()) {
    case 1: return std::get<bool>(data);
    case 2: return std::get<std::int64_t>(data) != 0;
    case 3: return std::get<double>(data) != 0;
    case 4: return !std::get<std::string>(data).empty();
    case 5: return !std::get<List>(data).empty();
    case 7: return !std::get<Dict>(data)->members.empty();
    case 6:
    case 8: return true;
    default: return false;
  }
}

std::string GoValue::text() const {
  if (const auto* text = std::get_if<std::string>(&data)) return *text;
  if (const auto* whole = std::get_if<std::int64_t>(&data)) return format("{}", *whole);
  const std::array<value::Value, 1> one = {to_value(*this)};
  auto made = value::sprintf("%v", one, kMaxMadeText);
  return made ? std::move(made->text) : std::string();
}

std::string GoValue::print() const {
  return is_nothing() ? "<no value>" : text();
}

GoDict::~GoDict() {
  static thread_local std::vector<std::vector<Member>>* going = nullptr;
  if (going != nullptr) {
    going->push_back(std::move(members));
    return;
  }
  std::vector<std::vector<Member>> all;
  all.push_back(std::move(members));
  going = &all;
  while (!all.empty()) {
    const std::vector<Member> next = std::move(all.back());
    all.pop_back();
  }
  going = nullptr;
}

const GoValue* GoDict::find(std::string_view name) const {
  const auto at = place_of(members, name);
  return at != members.end() && at->name == name ? &at->value : nullptr;
}

std::optional<std::size_t> weight_of(const GoValue& v, std::size_t most) {
  std::size_t sum = 0;
  return add_weight(v, 0, most, sum) ? std::optional(sum) : std::nullopt;
}

bool put(const GoValue::Dict& dict, std::string_view name, GoValue value) {
  std::size_t steps = 0;
  if (reaches(value, dict.get(), 0, steps)) return false;
  const auto at = place_of(dict->members, name);
  const auto index = at - dict->members.begin();
  if (at != dict->members.end() && at->name == name) {
    dict->members[static_cast<std::size_t>(index)].value = std::move(value);
  } else {
    dict->members.insert(at, {std::string(name), std::move(value)});
  }
  return true;
}

void take_out(const GoValue::Dict& dict, std::string_view name) {
  const auto at = place_of(dict->members, name);
  if (at != dict->members.end() && at->name == name) dict->members.erase(at);
}

GoValue::Dict make_dict(std::vector<GoDict::Member> members) {
  std::sort(members.begin(), members.end(),
            [](const GoDict::Member& a, const GoDict::Member& b) { return a.name < b.name; });
  auto out = std::make_shared<GoDict>();
  out->members = std::move(members);
  return out;
}

bool deep_equal(const GoValue& a, const GoValue& b) {
  if (a.data.index() != b.data.index()) return false;
  if (const auto* list = std::get_if<GoValue::List>(&a.data)) {
    const auto& other = std::get<GoValue::List>(b.data);
    return std::equal(list->begin(), list->end(), other.begin(), other.end(), deep_equal);
  }
  if (const auto* dict = std::get_if<GoValue::Dict>(&a.data)) {
    const auto& x = (*dict)->members;
    const auto& y = std::get<GoValue::Dict>(b.data)->members;
    return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                      [](const GoDict::Member& one, const GoDict::Member& other) {
                        return one.name == other.name && deep_equal(one.value, other.value);
                      });
  }
  switch (a.data.index()) {
    case 1: return std::get<bool>(a.data) == std::get<bool>(b.data);
    case 2: return std::get<std::int64_t>(a.data) == std::get<std::int64_t>(b.data);
    case 3: return std::get<double>(a.data) == std::get<double>(b.data);
    case 4: return std::get<std::string>(a.data) == std::get<std::string>(b.data);
    case 8: return std::get<GoMoment>(a.data) == std::get<GoMoment>(b.data);
    default: return true;
  }
}

std::string_view type_of(const GoValue& v) {
  static constexpr std::string_view kMap = "map[string]interface {}";
  static constexpr std::string_view kTypes[] = {
      "<nil>", "bool", "int", "float64", "string", "[]interface {}", kMap, kMap, "time.Time"};
  return kTypes[v.data.index()];
}

value::Value to_value(const GoValue& v) {
  switch (v.data.index()) {
    case 1: return value::Value(std::get<bool>(v.data));
    case 2: return value::Value::integer(std::get<std::int64_t>(v.data));
    case 3: return value::Value::real(std::get<double>(v.data));
    case 4: return value::Value(std::get<std::string>(v.data));
    case 5: {
      value::Array out;
      for (const GoValue& item : std::get<GoValue::List>(v.data)) out.push_back(to_value(item));
      return value::Value(std::move(out));
    }
    case 7: {
      value::Object out;
      for (const GoDict::Member& member : std::get<GoValue::Dict>(v.data)->members)
        out.members.emplace_back(member.name, to_value(member.value));
      return value::Value(std::move(out));
    }
    case 8: return value::Value(print_moment(std::get<GoMoment>(v.data)));
    default: return {};
  }
}

std::string print_moment(GoMoment moment) {
  static const GoLayout kAsPrinted("2006-01-02 15:04:05.999999999 -0700 MST");
  return kAsPrinted.print(moment.seconds, moment.ns);
}

}  // namespace weir::loki

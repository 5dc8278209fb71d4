// SPDX-License-Identifier: Apache-2.0
// The functions of JMESPath. Those that take a reference to an expression are listed, not built.

#include "base/utf8.h"
#include "components/loki/process/jmespath.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace weir::loki::jmespath {
namespace {

using codec::JsonValue;
using JmesAnswer = std::optional<JsonValue>;

/// A number as an integer where it is one, so that it prints as one.
JsonValue number_of(double v) {
  if (std::abs(v) < 9e15 && v == std::trunc(v)) return static_cast<std::int64_t>(v);
  return v;
}

JmesAnswer rounded(const Arguments& a, double (*round)(double)) {
  if (!a[0].is_number()) return std::nullopt;
  return number_of(round(a[0].number()));
}
JmesAnswer jmes_abs(const Arguments& a) {
  return rounded(a, [](double v) { return std::abs(v); });
}
JmesAnswer jmes_ceil(const Arguments& a) {
  return rounded(a, [](double v) { return std::ceil(v); });
}
JmesAnswer jmes_floor(const Arguments& a) {
  return rounded(a, [](double v) { return std::floor(v); });
}

JmesAnswer jmes_sum(const Arguments& a) {
  const JsonValue::Array* items = a[0].as_array();
  if (items == nullptr) return std::nullopt;
  double sum = 0;
  for (const JsonValue& item : *items) {
    if (!item.is_number()) return std::nullopt;
    sum += item.number();
  }
  return number_of(sum);
}
JmesAnswer jmes_avg(const Arguments& a) {
  const JmesAnswer sum = jmes_sum(a);
  if (!sum) return std::nullopt;
  if (a[0].as_array()->empty()) return JsonValue();
  return number_of(sum->number() / static_cast<double>(a[0].as_array()->size()));
}

JmesAnswer jmes_contains(const Arguments& a) {
  if (const std::string* text = a[0].as_string()) {
    const std::string* part = a[1].as_string();
    return JsonValue(part != nullptr && text->find(*part) != std::string::npos);
  }
  const JsonValue::Array* items = a[0].as_array();
  if (items == nullptr) return std::nullopt;
  return JsonValue(std::any_of(items->begin(), items->end(), [&](const JsonValue& item) {
    return item == a[1] || (item.is_number() && a[1].is_number() && item.number() == a[1].number());
  }));
}
JmesAnswer jmes_starts_with(const Arguments& a) {
  if (a[0].as_string() == nullptr || a[1].as_string() == nullptr) return std::nullopt;
  return JsonValue(a[0].as_string()->starts_with(*a[1].as_string()));
}
JmesAnswer jmes_ends_with(const Arguments& a) {
  if (a[0].as_string() == nullptr || a[1].as_string() == nullptr) return std::nullopt;
  return JsonValue(a[0].as_string()->ends_with(*a[1].as_string()));
}
JmesAnswer jmes_join(const Arguments& a) {
  if (a[0].as_string() == nullptr || a[1].as_array() == nullptr) return std::nullopt;
  std::string out;
  bool first = true;
  for (const JsonValue& item : *a[1].as_array()) {
    if (item.as_string() == nullptr) return std::nullopt;
    if (!first) out += *a[0].as_string();
    first = false;
    out += *item.as_string();
  }
  return JsonValue(std::move(out));
}
JmesAnswer jmes_keys(const Arguments& a) {
  if (a[0].as_object() == nullptr) return std::nullopt;
  JsonValue::Array out;
  for (const auto& [key, value] : *a[0].as_object()) out.emplace_back(key);
  return JsonValue(std::move(out));
}
JmesAnswer jmes_values(const Arguments& a) {
  if (a[0].as_object() == nullptr) return std::nullopt;
  JsonValue::Array out;
  for (const auto& [key, value] : *a[0].as_object()) out.push_back(value);
  return JsonValue(std::move(out));
}
JmesAnswer jmes_length(const Arguments& a) {
  if (const auto* text = a[0].as_string())
    return JsonValue(static_cast<std::int64_t>(count_runes(*text)));
  if (const auto* items = a[0].as_array())
    return JsonValue(static_cast<std::int64_t>(items->size()));
  if (const auto* members = a[0].as_object())
    return JsonValue(static_cast<std::int64_t>(members->size()));
  return std::nullopt;
}

/// Whether all are numbers, or all strings: what has an order.
bool have_order(const JsonValue::Array& items) {
  const auto all = [&](auto is) { return std::all_of(items.begin(), items.end(), is); };
  return all([](const JsonValue& v) { return v.is_number(); }) ||
         all([](const JsonValue& v) { return v.as_string() != nullptr; });
}
bool is_before(const JsonValue& a, const JsonValue& b) {
  return a.is_number() ? a.number() < b.number() : *a.as_string() < *b.as_string();
}
JmesAnswer extreme(const Arguments& a, bool largest) {
  const JsonValue::Array* items = a[0].as_array();
  if (items == nullptr || !have_order(*items)) return std::nullopt;
  if (items->empty()) return JsonValue();
  return largest ? *std::max_element(items->begin(), items->end(), is_before)
                 : *std::min_element(items->begin(), items->end(), is_before);
}
JmesAnswer jmes_max(const Arguments& a) {
  return extreme(a, true);
}
JmesAnswer jmes_min(const Arguments& a) {
  return extreme(a, false);
}
JmesAnswer jmes_sort(const Arguments& a) {
  if (a[0].as_array() == nullptr || !have_order(*a[0].as_array())) return std::nullopt;
  JsonValue::Array out = *a[0].as_array();
  std::stable_sort(out.begin(), out.end(), is_before);
  return JsonValue(std::move(out));
}
JmesAnswer jmes_reverse(const Arguments& a) {
  if (const JsonValue::Array* items = a[0].as_array())
    return JsonValue(JsonValue::Array(items->rbegin(), items->rend()));
  if (a[0].as_string() == nullptr) return std::nullopt;
  std::string out;
  std::string_view rest = *a[0].as_string();
  while (!rest.empty()) {
    const std::size_t size = decode_rune(rest).size;
    out.insert(0, rest.substr(0, size));
    rest.remove_prefix(size);
  }
  return JsonValue(std::move(out));
}

JmesAnswer jmes_merge(const Arguments& a) {
  JsonValue::Object out;
  for (const JsonValue& object : a) {
    if (object.as_object() == nullptr) return std::nullopt;
    for (const auto& [key, value] : *object.as_object()) {
      const auto at = std::find_if(out.begin(), out.end(),
                                   [&](const auto& member) { return member.first == key; });
      if (at == out.end()) {
        out.emplace_back(key, value);
      } else {
        at->second = value;
      }
    }
  }
  return JsonValue(std::move(out));
}
JmesAnswer jmes_not_null(const Arguments& a) {
  const auto at = std::find_if(a.begin(), a.end(), [](const JsonValue& v) { return !v.is_null(); });
  return at == a.end() ? JsonValue() : *at;
}
JmesAnswer jmes_to_array(const Arguments& a) {
  return a[0].as_array() != nullptr ? a[0] : JsonValue(JsonValue::Array{a[0]});
}
JmesAnswer jmes_to_string(const Arguments& a) {
  return a[0].as_string() != nullptr ? a[0]
                                     : JsonValue(codec::write_json(a[0], {.escape_html = true}));
}
JmesAnswer jmes_to_number(const Arguments& a) {
  if (a[0].is_number()) return a[0];
  const std::string* text = a[0].as_string();
  if (text == nullptr) return JsonValue();
  double out = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), out);
  if (error != std::errc() || end != text->data() + text->size()) return JsonValue();
  return number_of(out);
}
JmesAnswer jmes_type(const Arguments& a) {
  switch (a[0].kind()) {
    case JsonValue::Kind::kNull: return JsonValue("null");
    case JsonValue::Kind::kBool: return JsonValue("boolean");
    case JsonValue::Kind::kString: return JsonValue("string");
    case JsonValue::Kind::kArray: return JsonValue("array");
    case JsonValue::Kind::kObject: return JsonValue("object");
    default: return JsonValue("number");
  }
}

constexpr std::size_t kAny = 100;
constexpr FunctionRow kFunctions[] = {
    {"abs", 1, 1, jmes_abs},
    {"avg", 1, 1, jmes_avg},
    {"ceil", 1, 1, jmes_ceil},
    {"contains", 2, 2, jmes_contains},
    {"ends_with", 2, 2, jmes_ends_with},
    {"floor", 1, 1, jmes_floor},
    {"join", 2, 2, jmes_join},
    {"keys", 1, 1, jmes_keys},
    {"length", 1, 1, jmes_length},
    {"map", 2, 2, nullptr},
    {"max", 1, 1, jmes_max},
    {"max_by", 2, 2, nullptr},
    {"merge", 0, kAny, jmes_merge},
    {"min", 1, 1, jmes_min},
    {"min_by", 2, 2, nullptr},
    {"not_null", 1, kAny, jmes_not_null},
    {"reverse", 1, 1, jmes_reverse},
    {"sort", 1, 1, jmes_sort},
    {"sort_by", 2, 2, nullptr},
    {"starts_with", 2, 2, jmes_starts_with},
    {"sum", 1, 1, jmes_sum},
    {"to_array", 1, 1, jmes_to_array},
    {"to_number", 1, 1, jmes_to_number},
    {"to_string", 1, 1, jmes_to_string},
    {"type", 1, 1, jmes_type},
    {"values", 1, 1, jmes_values},
    {"find_first", 2, 4, nullptr},
    {"find_last", 2, 4, nullptr},
    {"from_items", 1, 1, nullptr},
    {"group_by", 2, 2, nullptr},
    {"items", 1, 1, nullptr},
    {"lower", 1, 1, nullptr},
    {"pad_left", 2, 3, nullptr},
    {"pad_right", 2, 3, nullptr},
    {"replace", 3, 4, nullptr},
    {"split", 2, 3, nullptr},
    {"trim", 1, 2, nullptr},
    {"trim_left", 1, 2, nullptr},
    {"trim_right", 1, 2, nullptr},
    {"upper", 1, 1, nullptr},
    {"zip", 1, kAny, nullptr},
};

}  // namespace

const FunctionRow* find_function(std::string_view name) {
  for (const FunctionRow& row : kFunctions) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace weir::loki::jmespath

// SPDX-License-Identifier: Apache-2.0
// The functions of JMESPath: their table, and those of numbers, arrays and objects. Those of texts
// are Go's (go_text.h).

#include "base/case.h"
#include "base/utf8.h"
#include "components/loki/process/go_text.h"
#include "components/loki/process/jmespath_node.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>

namespace weir::loki::jmespath {

JsonValue Language::answer(double v) {
  if (std::abs(v) < 9e15 && v == std::trunc(v)) return static_cast<std::int64_t>(v);
  return v;
}

std::optional<std::string_view> Language::read(const Value& v, As<std::string_view>) {
  const std::string* text = v.json.as_string();
  return text == nullptr ? std::nullopt : std::optional<std::string_view>(*text);
}

std::optional<double> Language::read(const Value& v, As<double>) {
  return v.json.is_number() ? std::optional(v.json.number()) : std::nullopt;
}

std::optional<std::int64_t> Language::read(const Value& v, As<std::int64_t>) {
  const double number = v.json.number();
  if (!v.json.is_number() || number != std::floor(number) || std::abs(number) > 9e15)
    return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<std::vector<double>> Language::read(const Value& v, As<std::vector<double>>) {
  if (v.json.as_array() == nullptr) return std::nullopt;
  std::vector<double> out;
  for (const JsonValue& item : *v.json.as_array()) {
    if (!item.is_number()) return std::nullopt;
    out.push_back(item.number());
  }
  return out;
}

std::optional<std::vector<std::string_view>> Language::read(const Value& v,
                                                            As<std::vector<std::string_view>>) {
  if (v.json.as_array() == nullptr) return std::nullopt;
  std::vector<std::string_view> out;
  for (const JsonValue& item : *v.json.as_array()) {
    if (item.as_string() == nullptr) return std::nullopt;
    out.push_back(*item.as_string());
  }
  return out;
}

namespace {

using Array = JsonValue::Array;
using Object = JsonValue::Object;
using Rest = std::span<const Language::Value>;
using Words = std::vector<std::string_view>;

/// An array of this many elements is more than a function makes.
constexpr std::size_t kMaxPieces = 1u << 20;

/// An object under construction: of equal keys the last counts.
class JmesObject {
 public:
  JsonValue& at(const std::string& key) {
    const auto [place, fresh] = places_.try_emplace(key, members_.size());
    if (fresh) members_.emplace_back(key, JsonValue());
    return members_[place->second].second;
  }
  JsonValue take() { return std::move(members_); }

 private:
  Object members_;
  std::unordered_map<std::string, std::size_t> places_;
};

// --- numbers

double jmes_abs(double v) {
  return std::abs(v);
}
double jmes_ceil(double v) {
  return std::ceil(v);
}
double jmes_floor(double v) {
  return std::floor(v);
}
double jmes_sum(const std::vector<double>& numbers) {
  double sum = 0;
  for (const double number : numbers) sum += number;
  return sum;
}
JsonValue jmes_avg(const std::vector<double>& numbers) {
  if (numbers.empty()) return {};
  return Language::answer(jmes_sum(numbers) / static_cast<double>(numbers.size()));
}
JsonValue jmes_to_number(const JsonValue& v) {
  if (v.is_number()) return v;
  if (v.as_string() == nullptr) return {};
  std::string_view text = *v.as_string();
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return Language::answer(out);
}

// --- order

/// Whether all are numbers, or all texts: what has an order.
bool have_order(const Array& items) {
  const auto all = [&](auto is) { return std::all_of(items.begin(), items.end(), is); };
  return all([](const JsonValue& v) { return v.is_number(); }) ||
         all([](const JsonValue& v) { return v.as_string() != nullptr; });
}
bool is_before(const JsonValue& a, const JsonValue& b) {
  return a.is_number() ? a.number() < b.number() : *a.as_string() < *b.as_string();
}
/// What the reference makes of each element; nothing if they have no order among each other.
std::optional<Array> keys_of(const Array& items, const Reference& by) {
  Array keys;
  for (const JsonValue& item : items) {
    Answer key = by.of(item);
    if (!key) return std::nullopt;
    keys.push_back(std::move(*key));
  }
  if (!have_order(keys)) return std::nullopt;
  return keys;
}
/// The first element whose key no other's is before, in an order.
Answer first_by(const Array& items, const Reference& by,
                bool (*before)(const JsonValue&, const JsonValue&)) {
  if (items.size() < 2) return items.empty() ? JsonValue() : items.front();
  const std::optional<Array> keys = keys_of(items, by);
  if (!keys) return std::nullopt;
  const auto first = std::min_element(keys->begin(), keys->end(), before);
  return items[static_cast<std::size_t>(first - keys->begin())];
}
bool is_behind(const JsonValue& a, const JsonValue& b) {
  return is_before(b, a);
}

Answer jmes_max(const Array& items) {
  if (!have_order(items)) return std::nullopt;
  return items.empty() ? JsonValue() : *std::max_element(items.begin(), items.end(), is_before);
}
Answer jmes_min(const Array& items) {
  if (!have_order(items)) return std::nullopt;
  return items.empty() ? JsonValue() : *std::min_element(items.begin(), items.end(), is_before);
}
Answer jmes_max_by(const Array& items, const Reference& by) {
  return first_by(items, by, is_behind);
}
Answer jmes_min_by(const Array& items, const Reference& by) {
  return first_by(items, by, is_before);
}
Answer jmes_sort(const Array& items) {
  if (!have_order(items)) return std::nullopt;
  Array out = items;
  std::stable_sort(out.begin(), out.end(), is_before);
  return JsonValue(std::move(out));
}
Answer jmes_sort_by(const Array& items, const Reference& by) {
  if (items.size() < 2) return JsonValue(items);
  const std::optional<Array> keys = keys_of(items, by);
  if (!keys) return std::nullopt;
  std::vector<std::size_t> order(items.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return is_before((*keys)[a], (*keys)[b]); });
  Array out;
  for (const std::size_t i : order) out.push_back(items[i]);
  return JsonValue(std::move(out));
}

// --- arrays

Answer jmes_map(const Reference& by, const Array& items) {
  Array out;
  for (const JsonValue& item : items) {
    Answer one = by.of(item);
    if (!one) return std::nullopt;
    out.push_back(std::move(*one));
  }
  return JsonValue(std::move(out));
}
Answer jmes_group_by(const Array& items, const Reference& by) {
  if (items.empty()) return JsonValue();
  JmesObject groups;
  for (const JsonValue& item : items) {
    const Answer key = by.of(item);
    if (!key || key->as_string() == nullptr) return std::nullopt;
    JsonValue& group = groups.at(*key->as_string());
    if (group.is_null()) group = Array();
    group.as_array()->push_back(item);
  }
  return groups.take();
}
JsonValue jmes_to_array(const JsonValue& v) {
  return v.as_array() != nullptr ? v : JsonValue(Array{v});
}
Answer jmes_zip(const Array& first, Rest rest) {
  std::size_t size = first.size();
  for (const Language::Value& other : rest) {
    if (other.json.as_array() == nullptr) return std::nullopt;
    size = std::min(size, other.json.as_array()->size());
  }
  Array out;
  for (std::size_t i = 0; i < size; ++i) {
    Array row = {first[i]};
    for (const Language::Value& other : rest) row.push_back((*other.json.as_array())[i]);
    out.emplace_back(std::move(row));
  }
  return JsonValue(std::move(out));
}
JsonValue jmes_not_null(const JsonValue& first, Rest rest) {
  if (!first.is_null()) return first;
  for (const Language::Value& other : rest) {
    if (!other.json.is_null()) return other.json;
  }
  return {};
}

// --- objects

JsonValue jmes_keys(const Object& object) {
  Array out;
  for (const auto& [key, value] : object) out.emplace_back(key);
  return out;
}
JsonValue jmes_values(const Object& object) {
  Array out;
  for (const auto& [key, value] : object) out.push_back(value);
  return out;
}
JsonValue jmes_items(const Object& object) {
  Array out;
  for (const auto& [key, value] : object) out.emplace_back(Array{JsonValue(key), value});
  return out;
}
Answer jmes_from_items(const Array& items) {
  JmesObject out;
  for (const JsonValue& item : items) {
    const Array* pair = item.as_array();
    if (pair == nullptr || pair->size() != 2 || pair->front().as_string() == nullptr)
      return std::nullopt;
    out.at(*pair->front().as_string()) = pair->back();
  }
  return out.take();
}
Answer jmes_merge(const Object& first, Rest rest) {
  JmesObject out;
  for (const auto& [key, value] : first) out.at(key) = value;
  for (const Language::Value& other : rest) {
    if (other.json.as_object() == nullptr) return std::nullopt;
    for (const auto& [key, value] : *other.json.as_object()) out.at(key) = value;
  }
  return out.take();
}

// --- of several kinds

Answer jmes_contains(const JsonValue& subject, const JsonValue& part) {
  if (const std::string* text = subject.as_string()) {
    return JsonValue(part.as_string() != nullptr &&
                     text->find(*part.as_string()) != std::string::npos);
  }
  const Array* items = subject.as_array();
  if (items == nullptr) return std::nullopt;
  return JsonValue(std::any_of(items->begin(), items->end(),
                               [&](const JsonValue& item) { return equal(item, part); }));
}
Answer jmes_length(const JsonValue& v) {
  const auto size = [](std::size_t n) { return JsonValue(static_cast<std::int64_t>(n)); };
  if (const auto* text = v.as_string()) return size(count_runes(*text));
  if (const auto* items = v.as_array()) return size(items->size());
  if (const auto* members = v.as_object()) return size(members->size());
  return std::nullopt;
}
Answer jmes_reverse(const JsonValue& v) {
  if (const Array* items = v.as_array()) return JsonValue(Array(items->rbegin(), items->rend()));
  if (v.as_string() == nullptr) return std::nullopt;
  const Words runes = split_text(*v.as_string(), "");
  std::string out;
  for (auto rune = runes.rbegin(); rune != runes.rend(); ++rune) out += *rune;
  return JsonValue(std::move(out));
}
JsonValue jmes_to_string(const JsonValue& v) {
  return v.as_string() != nullptr ? v : JsonValue(codec::write_json(v, {.escape_html = true}));
}
std::string_view jmes_type(const JsonValue& v) {
  switch (v.kind()) {
    case JsonValue::Kind::kNull: return "null";
    case JsonValue::Kind::kBool: return "boolean";
    case JsonValue::Kind::kString: return "string";
    case JsonValue::Kind::kArray: return "array";
    case JsonValue::Kind::kObject: return "object";
    default: return "number";
  }
}

// --- texts

bool jmes_starts_with(std::string_view text, std::string_view part) {
  return text.starts_with(part);
}
bool jmes_ends_with(std::string_view text, std::string_view part) {
  return text.ends_with(part);
}
/// Where the part is, in bytes; null if nowhere between the two places.
JsonValue find_text(std::string_view text, std::string_view part, std::optional<std::int64_t> start,
                    std::optional<std::int64_t> end, bool last) {
  const auto size = static_cast<std::int64_t>(text.size());
  const std::int64_t from = std::max<std::int64_t>(0, start.value_or(0));
  const std::int64_t to = std::min(size, end.value_or(size));
  if (text.empty() || part.empty() || from > to) return {};
  const std::string_view inside =
      text.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
  const std::size_t at = last ? inside.rfind(part) : inside.find(part);
  if (at == std::string_view::npos) return {};
  return from + static_cast<std::int64_t>(at);
}
JsonValue jmes_find_first(std::string_view text, std::string_view part,
                          std::optional<std::int64_t> start, std::optional<std::int64_t> end) {
  return find_text(text, part, start, end, false);
}
JsonValue jmes_find_last(std::string_view text, std::string_view part,
                         std::optional<std::int64_t> start, std::optional<std::int64_t> end) {
  return find_text(text, part, start, end, true);
}
Answer jmes_join(std::string_view glue, const Words& texts) {
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i != 0) out += glue;
    out += texts[i];
    if (out.size() > kMaxMadeText) return std::nullopt;
  }
  return JsonValue(std::move(out));
}
std::string jmes_lower(std::string_view text) {
  return to_lower(text);
}
std::string jmes_upper(std::string_view text) {
  return to_upper(text);
}
/// What fills the text up to `width` bytes.
std::optional<std::string> padding(std::string_view text, std::int64_t width,
                                   std::optional<std::string_view> with) {
  const std::string_view fill = with.value_or(" ");
  if (width < 0 || static_cast<std::uint64_t>(width) > kMaxMadeText || fill.size() > 1)
    return std::nullopt;
  const auto wanted = static_cast<std::size_t>(width);
  if (fill.empty() || text.size() >= wanted) return std::string();
  return std::string(wanted - text.size(), fill.front());
}
Answer jmes_pad_left(std::string_view text, std::int64_t width,
                     std::optional<std::string_view> with) {
  const auto fill = padding(text, width, with);
  return fill ? Answer(*fill + std::string(text)) : std::nullopt;
}
Answer jmes_pad_right(std::string_view text, std::int64_t width,
                      std::optional<std::string_view> with) {
  const auto fill = padding(text, width, with);
  return fill ? Answer(std::string(text) + *fill) : std::nullopt;
}
Answer jmes_replace(std::string_view text, std::string_view from, std::string_view to,
                    std::optional<std::int64_t> most) {
  if (most && *most < 0) return std::nullopt;
  std::string out = replace_text(text, from, to, most.value_or(-1));
  return out.size() > kMaxMadeText ? std::nullopt : Answer(std::move(out));
}
Answer jmes_split(std::string_view text, std::string_view separator,
                  std::optional<std::int64_t> cuts) {
  if (cuts && *cuts < 0) return std::nullopt;
  Array out;
  if (text.empty()) return JsonValue(std::move(out));
  for (const std::string_view part : split_text(text, separator, cuts ? *cuts + 1 : -1))
    out.emplace_back(part);
  return out.size() > kMaxPieces ? std::nullopt : Answer(std::move(out));
}
std::string_view trim_side(std::string_view text, std::optional<std::string_view> set,
                           TrimSide side) {
  return set.value_or("").empty() ? trim_space(text, side) : trim_text(text, *set, side);
}
std::string_view jmes_trim(std::string_view text, std::optional<std::string_view> set) {
  return trim_side(text, set, TrimSide::kBoth);
}
std::string_view jmes_trim_left(std::string_view text, std::optional<std::string_view> set) {
  return trim_side(text, set, TrimSide::kLeft);
}
std::string_view jmes_trim_right(std::string_view text, std::optional<std::string_view> set) {
  return trim_side(text, set, TrimSide::kRight);
}

}  // namespace

const CallRow<Language>* find_function(std::string_view name) {
  static constexpr CallRow<Language> kRows[] = {
      row<Language, &jmes_abs>("abs"),
      row<Language, &jmes_avg>("avg"),
      row<Language, &jmes_ceil>("ceil"),
      row<Language, &jmes_contains>("contains"),
      row<Language, &jmes_ends_with>("ends_with"),
      row<Language, &jmes_find_first>("find_first"),
      row<Language, &jmes_find_last>("find_last"),
      row<Language, &jmes_floor>("floor"),
      row<Language, &jmes_from_items>("from_items"),
      row<Language, &jmes_group_by>("group_by"),
      row<Language, &jmes_items>("items"),
      row<Language, &jmes_join>("join"),
      row<Language, &jmes_keys>("keys"),
      row<Language, &jmes_length>("length"),
      row<Language, &jmes_lower>("lower"),
      row<Language, &jmes_map>("map"),
      row<Language, &jmes_max>("max"),
      row<Language, &jmes_max_by>("max_by"),
      row<Language, &jmes_merge>("merge"),
      row<Language, &jmes_min>("min"),
      row<Language, &jmes_min_by>("min_by"),
      row<Language, &jmes_not_null>("not_null"),
      row<Language, &jmes_pad_left>("pad_left"),
      row<Language, &jmes_pad_right>("pad_right"),
      row<Language, &jmes_replace>("replace"),
      row<Language, &jmes_reverse>("reverse"),
      row<Language, &jmes_sort>("sort"),
      row<Language, &jmes_sort_by>("sort_by"),
      row<Language, &jmes_split>("split"),
      row<Language, &jmes_starts_with>("starts_with"),
      row<Language, &jmes_sum>("sum"),
      row<Language, &jmes_to_array>("to_array"),
      row<Language, &jmes_to_number>("to_number"),
      row<Language, &jmes_to_string>("to_string"),
      row<Language, &jmes_trim>("trim"),
      row<Language, &jmes_trim_left>("trim_left"),
      row<Language, &jmes_trim_right>("trim_right"),
      row<Language, &jmes_type>("type"),
      row<Language, &jmes_upper>("upper"),
      row<Language, &jmes_values>("values"),
      row<Language, &jmes_zip>("zip"),
  };
  return find_row(kRows, name);
}

}  // namespace weir::loki::jmespath

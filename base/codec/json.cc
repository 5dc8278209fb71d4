// SPDX-License-Identifier: Apache-2.0
// Parsing is nlohmann's, event by event, so that depth is bounded and no value of theirs is made.
#include "base/codec/json.h"

#include "base/utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <unordered_map>

namespace weir::codec {
namespace {

/// Of members with equal keys, keeps the last where the first stood.
void drop_repeated_keys(JsonValue::Object& members) {
  std::unordered_map<std::string_view, std::size_t> seen;
  std::size_t kept = 0;
  std::vector<std::size_t> place(members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto [at, fresh] = seen.try_emplace(members[i].first, kept);
    place[i] = at->second;
    if (fresh) ++kept;
  }
  if (kept == members.size()) return;
  JsonValue::Object unique(kept);
  for (std::size_t i = 0; i < members.size(); ++i) unique[place[i]] = std::move(members[i]);
  members = std::move(unique);
}

/// Builds values from the parser's events. Returning false ends the parse.
class JsonBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return put(JsonValue()); }
  bool boolean(bool v) override { return put(v); }
  bool number_integer(std::int64_t v) override { return put(v); }
  bool number_unsigned(std::uint64_t v) override {
    constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return v <= kLargest ? put(static_cast<std::int64_t>(v)) : put(v);
  }
  bool number_float(double v, const std::string&) override { return put(v); }
  bool string(std::string& v) override { return put(std::move(v)); }
  bool binary(nlohmann::json::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(JsonValue::Object()); }
  bool start_array(std::size_t) override { return open(JsonValue::Array()); }
  bool key(std::string& v) override {
    open_.back().second = std::move(v);
    return true;
  }
  bool end_object() override {
    drop_repeated_keys(*open_.back().first.as_object());
    return end_array();
  }
  bool end_array() override {
    JsonValue done = std::move(open_.back().first);
    open_.pop_back();
    return put(std::move(done));
  }
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::json::exception& error) override {
    constexpr std::size_t kShown = 200;
    std::string_view what =
        error.what();  // "[json.exception.parse_error.101] parse error at line 1, column 2: ..."
    const std::size_t at = what.find("line ");
    if (at != std::string_view::npos) what.remove_prefix(at);
    error_ = what.substr(0, kShown);
    return false;
  }

  [[nodiscard]] const std::string& error() const { return error_; }
  JsonValue take() { return std::move(root_); }

 private:
  bool open(JsonValue container) {
    if (open_.size() >= kMaxJsonDepth) {
      error_ = format("more than {} levels", kMaxJsonDepth);
      return false;
    }
    open_.emplace_back(std::move(container), std::string());
    return true;
  }
  bool put(JsonValue value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return true;
    }
    auto& [container, key] = open_.back();
    if (auto* array = container.as_array())
      array->push_back(std::move(value));
    else
      container.add(std::move(key), std::move(value));
    return true;
  }

  JsonValue root_;
  std::vector<std::pair<JsonValue, std::string>>
      open_;  ///< containers not closed yet, each with its latest key
  std::string error_;
};

std::string with_valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (; !text.empty(); text.remove_prefix(decode_rune(text).size))
    append_utf8(out, decode_rune(text).code);
  return out;
}

/// The number of the escape \uNNNN that `text` begins with; 0 if it begins with none.
unsigned escaped_unit(std::string_view text) {
  unsigned unit = 0;
  if (!text.starts_with("\\u") || text.size() < 6) return 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
  return error == std::errc() && end == text.data() + 6 ? unit : 0;
}

/// Halves of surrogate pairs that stand alone, which are no characters, as \ufffd.
std::string with_whole_pairs(std::string_view text) {
  const auto is_high = [](unsigned unit) { return unit >= 0xD800 && unit < 0xDC00; };
  const auto is_low = [](unsigned unit) { return unit >= 0xDC00 && unit < 0xE000; };
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::size_t size = text.starts_with('\\') ? std::min<std::size_t>(2, text.size())
                                              : std::min(text.find('\\'), text.size());
    const unsigned unit = escaped_unit(text);
    if (unit != 0) size = 6;
    if (is_high(unit) && is_low(escaped_unit(text.substr(6)))) size = 12;
    out += size == 6 && (is_high(unit) || is_low(unit)) ? "\\ufffd" : text.substr(0, size);
    text.remove_prefix(size);
  }
  return out;
}

bool has_surrogates(std::string_view text) {
  return text.find("\\ud") != std::string_view::npos || text.find("\\uD") != std::string_view::npos;
}

}  // namespace

double JsonValue::number() const {
  if (const auto* v = as_integer()) return static_cast<double>(*v);
  if (const auto* v = as_unsigned()) return static_cast<double>(*v);
  const auto* v = std::get_if<double>(&data_);
  return v == nullptr ? 0 : *v;
}

const JsonValue* JsonValue::find(std::string_view key) const {
  const Object* members = as_object();
  if (members == nullptr) return nullptr;
  const auto at = std::find_if(members->begin(), members->end(),
                               [&](const auto& member) { return member.first == key; });
  return at == members->end() ? nullptr : &at->second;
}

void JsonValue::add(std::string key, JsonValue value) {
  if (is_null()) data_ = Object();
  WEIR_CHECK(as_object() != nullptr, "members are added to objects");
  as_object()->emplace_back(std::move(key), std::move(value));
}

Result<JsonValue> parse_json(std::string_view text) {
  if (!is_utf8(text)) return parse_json(with_valid_utf8(text));
  const std::string mended = has_surrogates(text) ? with_whole_pairs(text) : std::string();
  if (!mended.empty()) text = mended;
  JsonBuilder builder;
  if (nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return builder.take();
  return invalid("json: {}", builder.error());
}

}  // namespace weir::codec

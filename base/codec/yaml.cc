// SPDX-License-Identifier: Apache-2.0
// The door to yaml-cpp. Its nodes share what aliases name; here every alias becomes a copy, so a
// counter stops texts that are small only as long as nobody writes them out.
#include "base/codec/yaml.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <string>

namespace weir::codec {
namespace {

constexpr std::size_t kMaxValues = 1'000'000;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

struct YamlWhole {
  std::uint64_t size = 0;
  bool negative = false;
};

/// Whole numbers of 64 bits: decimal, 0b, 0o, 0x, and a leading 0 for octal; with a sign and `_`.
std::optional<YamlWhole> parse_whole(std::string text) {
  std::erase(text, '_');
  std::string_view digits = text;
  YamlWhole whole{.negative = digits.starts_with('-')};
  if (whole.negative || digits.starts_with('+')) digits.remove_prefix(1);
  const auto prefixed = [&](std::string_view lower, std::string_view upper) {
    return digits.starts_with(lower) || digits.starts_with(upper);
  };
  const int letter_base = prefixed("0b", "0B")   ? 2
                          : prefixed("0o", "0O") ? 8
                          : prefixed("0x", "0X") ? 16
                                                 : 0;
  const bool leading_zero = digits.size() > 1 && digits[0] == '0';
  const int base = letter_base != 0 ? letter_base : leading_zero ? 8 : 10;
  if (letter_base != 0) digits.remove_prefix(2);
  const char* const last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, whole.size, base);
  if (digits.empty() || error != std::errc() || end != last) return std::nullopt;
  constexpr std::uint64_t kMostNegative = std::uint64_t{1} << 63;
  if (whole.negative && whole.size > kMostNegative) return std::nullopt;
  return whole;
}

std::optional<double> parse_real(std::string text) {
  if (is_one_of(text, {".nan", ".NaN", ".NAN"})) return std::numeric_limits<double>::quiet_NaN();
  std::erase(text, '_');
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (is_one_of(rest, {".inf", ".Inf", ".INF"})) return negative ? -HUGE_VAL : HUGE_VAL;
  if (rest.empty() || rest.find_first_not_of("0123456789.eE+-") != std::string_view::npos)
    return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc() || end != rest.data() + rest.size()) return std::nullopt;
  return negative ? -value : value;
}

JsonValue plain_scalar(const std::string& text) {
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return {};
  if (is_one_of(text, {"true", "True", "TRUE"})) return true;
  if (is_one_of(text, {"false", "False", "FALSE"})) return false;
  if (const bool may_be_number = text.find_first_of("0123456789.") != std::string::npos;
      !may_be_number)
    return text;
  if (const auto whole = parse_whole(text)) {
    if (whole->negative) return static_cast<std::int64_t>(0 - whole->size);
    if (whole->size > std::numeric_limits<std::int64_t>::max()) return whole->size;
    return static_cast<std::int64_t>(whole->size);
  }
  if (const auto real = parse_real(text)) return *real;
  return text;
}

/// Copies a tree of nodes within bounds.
class YamlReader {
 public:
  Result<JsonValue> read(const YAML::Node& node, std::size_t depth = 0) {
    if (depth >= kMaxJsonDepth) return wrong(node, format("more than {} levels", kMaxJsonDepth));
    if (++values_ > kMaxValues)
      return wrong(node, format("more than {} values, aliases written out", kMaxValues));
    switch (node.Type()) {
      case YAML::NodeType::Scalar: return scalar(node);
      case YAML::NodeType::Sequence: return sequence(node, depth);
      case YAML::NodeType::Map: return map(node, depth);
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null: break;
    }
    return JsonValue();
  }

 private:
  static Error wrong(const YAML::Node& at, std::string_view what) {
    const YAML::Mark mark = at.Mark();
    return invalid("yaml: line {}, column {}: {}", mark.line + 1, mark.column + 1, what);
  }

  static Result<JsonValue> scalar(const YAML::Node& node) {
    const std::string& text = node.Scalar();
    const std::string& tag = node.Tag();
    if (tag == "?") return plain_scalar(text);  // neither quoted nor tagged
    if (tag == "tag:yaml.org,2002:null") return JsonValue();
    if (is_one_of(tag,
                  {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool"})) {
      JsonValue value = plain_scalar(text);
      if (value.as_string() != nullptr) return wrong(node, format("cannot read this as {}", tag));
      if (tag.ends_with("float")) return JsonValue(value.number());
      return value;
    }
    return JsonValue(text);
  }

  Result<JsonValue> sequence(const YAML::Node& node, std::size_t depth) {
    JsonValue::Array items;
    for (const YAML::Node& item : node) {
      WEIR_TRY(JsonValue value, read(item, depth + 1));
      items.push_back(std::move(value));
    }
    return JsonValue(std::move(items));
  }

  Result<JsonValue> map(const YAML::Node& node, std::size_t depth) {
    JsonValue::Object members;
    std::set<std::string, std::less<>> keys;
    std::vector<YAML::Node> merged;
    for (const auto& member : node) {
      const YAML::Node& key = member.first;
      const YAML::Node& content = member.second;
      if (!key.IsScalar() && !key.IsNull()) return wrong(key, "a key must be a scalar");
      std::string name = key.IsNull() ? "null" : key.Scalar();
      if (name == "<<" && key.Tag() == "?") {
        merged.push_back(content);
        continue;
      }
      if (!keys.insert(name).second) return wrong(key, format("key \"{}\" is given twice", name));
      WEIR_TRY(JsonValue value, read(content, depth + 1));
      members.emplace_back(std::move(name), std::move(value));
    }
    for (const YAML::Node& from : merged) WEIR_TRY_STATUS(merge(from, depth, keys, members));
    return JsonValue(std::move(members));
  }

  /// Adds what `from`, a map or a list of maps, has and `members` lacks.
  Status merge(const YAML::Node& from, std::size_t depth, std::set<std::string, std::less<>>& keys,
               JsonValue::Object& members) {
    if (depth >= kMaxJsonDepth) return wrong(from, format("more than {} levels", kMaxJsonDepth));
    if (from.IsSequence()) {
      for (const YAML::Node& each : from) WEIR_TRY_STATUS(merge(each, depth + 1, keys, members));
      return {};
    }
    if (!from.IsMap()) return wrong(from, "a map, or a list of maps, is merged");
    WEIR_TRY(JsonValue value, read(from, depth + 1));
    for (auto& member : *value.as_object()) {
      if (keys.insert(member.first).second) members.push_back(std::move(member));
    }
    return {};
  }

  std::size_t values_ = 0;
};

}  // namespace

Result<JsonValue> parse_yaml(std::string_view text) {
  try {
    return YamlReader().read(YAML::Load(std::string(text)));
  } catch (const YAML::Exception& error) {
    if (error.mark.is_null()) return invalid("yaml: {}", error.msg);
    return invalid("yaml: line {}, column {}: {}", error.mark.line + 1, error.mark.column + 1,
                   error.msg);
  }
}

}  // namespace weir::codec

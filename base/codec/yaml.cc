// SPDX-License-Identifier: Apache-2.0
// The door to yaml-cpp. Its nodes share what aliases name; here every alias becomes a copy, so a
// counter stops texts that are small only as long as nobody writes them out.
#include "base/codec/yaml.h"

#include "base/codec/base64.h"
#include "base/regex.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <sstream>
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

/// A date, or a date and time, as RFC 3339 has it. One without a zone is of UTC.
std::optional<std::string> parse_timestamp(std::string_view text) {
  static const Regex kTimestamp =
      Regex::compile(R"((\d{4})-(\d\d?)-(\d\d?)(?:([Tt ])(\d\d?):(\d\d?):(\d\d?)(\.\d{1,9})?)"
                     R"((Z|[+-]\d\d:\d\d)?)?)",
                     Regex::Anchor::kBoth)
          .value();
  std::array<std::string_view, 10> part;
  if (!kTimestamp.match(text, part)) return std::nullopt;
  const auto number = [&](std::size_t group) {
    unsigned out = 0;
    std::from_chars(part[group].data(), part[group].data() + part[group].size(), out);
    return out;
  };
  const std::chrono::year_month_day day(std::chrono::year(static_cast<int>(number(1))),
                                        std::chrono::month(number(2)), std::chrono::day(number(3)));
  const bool with_zone = part[4] == "T" || part[4] == "t";
  if (!day.ok() || number(5) > 23 || number(6) > 59 || number(7) > 59 ||
      with_zone == part[9].empty())
    return std::nullopt;
  std::string fraction(part[8]);
  while (fraction.ends_with('0')) fraction.pop_back();
  if (fraction == ".") fraction.clear();
  return format("{}-{:02}-{:02}T{:02}:{:02}:{:02}{}{}", part[1], number(2), number(3), number(5),
                number(6), number(7), fraction, with_zone ? part[9] : "Z");
}

JsonValue plain_scalar(const std::string& text) {
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return {};
  if (is_one_of(text, {"true", "True", "TRUE"})) return true;
  if (is_one_of(text, {"false", "False", "FALSE"})) return false;
  if (std::string_view("0123456789.+-").find(text.front()) == std::string_view::npos) return text;
  if (const auto whole = parse_whole(text)) {
    if (whole->negative) return static_cast<std::int64_t>(0 - whole->size);
    if (whole->size > std::numeric_limits<std::int64_t>::max()) return whole->size;
    return static_cast<std::int64_t>(whole->size);
  }
  if (const auto real = parse_real(text)) return *real;
  return parse_timestamp(text).value_or(text);
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

  /// The library takes a lone word on a line of a map for a key, whose null then has its place.
  static bool lacks_colon(const YAML::Node& map, const YAML::Node& key, const YAML::Node& content) {
    return map.Style() == YAML::EmitterStyle::Block && key.IsScalar() && content.IsNull() &&
           key.Mark().pos == content.Mark().pos;
  }

  static Result<JsonValue> scalar(const YAML::Node& node) {
    const std::string& text = node.Scalar();
    const std::string& tag = node.Tag();
    if (tag == "?") return plain_scalar(text);  // neither quoted nor tagged
    if (tag == "tag:yaml.org,2002:null") return JsonValue();
    if (tag == "tag:yaml.org,2002:binary") {
      auto bytes = base64_decode(text);
      if (!bytes) return wrong(node, bytes.error().message);
      return JsonValue(*std::move(bytes));
    }
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
      if (lacks_colon(node, key, content)) return wrong(key, "a key without its \":\"");
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
    if (++values_ > kMaxValues)
      return wrong(from, format("more than {} values, aliases written out", kMaxValues));
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

/// Where the document begins, and no more.
class DocumentStart final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override { mark_ = mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

  [[nodiscard]] const YAML::Mark& mark() const { return mark_; }

 private:
  YAML::Mark mark_ = YAML::Mark::null_mark();
};

/// Where the second document begins; null if there is none. What is wrong inside it is its own
/// matter.
YAML::Mark second_document(const std::string& text) {
  std::istringstream in(text);
  YAML::Parser parser(in);
  DocumentStart first;
  DocumentStart second;
  if (!parser.HandleNextDocument(first)) return second.mark();
  try {
    parser.HandleNextDocument(second);
  } catch (const YAML::Exception& error) {
    if (second.mark().is_null()) return error.mark;
  }
  return second.mark();
}

/// The library ends a document wherever it understands no more. What follows must be marked as
/// another one, or be nothing.
Status check_ends(const std::string& text) {
  const YAML::Mark second = second_document(text);
  std::istringstream in(text);
  bool is_empty = true;
  bool has_directive = false;
  int number = 0;
  for (std::string line; std::getline(in, line); ++number) {
    if (!second.is_null() && number > second.line) break;
    if (line.starts_with("...")) return {};
    if (!second.is_null() && number == second.line && line.starts_with("---")) return {};
    has_directive = has_directive || line.starts_with('%');
    is_empty = is_empty && (line.empty() || line.front() == '#' || line.front() == '%');
  }
  if (is_empty && has_directive) return invalid("yaml: a directive, but no document after it");
  if (second.is_null()) return {};
  return invalid(
      "yaml: line {}, column {}: the document has ended before this; another one begins "
      "with ---",
      second.line + 1, second.column + 1);
}

}  // namespace

Result<JsonValue> parse_yaml(std::string_view bytes) {
  try {
    const std::string text(bytes);
    const YAML::Node root = YAML::Load(text);
    WEIR_TRY_STATUS(check_ends(text));
    return YamlReader().read(root);
  } catch (const YAML::Exception& error) {
    if (error.mark.is_null()) return invalid("yaml: {}", error.msg);
    return invalid("yaml: line {}, column {}: {}", error.mark.line + 1, error.mark.column + 1,
                   error.msg);
  }
}

}  // namespace weir::codec

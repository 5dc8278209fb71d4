// SPDX-License-Identifier: Apache-2.0
// JSON as values of our own: parsed, built and written. Hot paths read documents with JsonReader
// (json_reader.h) instead, which makes no values.

#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace weir::codec {

/// A JSON value. Objects keep the order of their members; keys are unique when they come from
/// parse_json.
class JsonValue {
 public:
  enum class Kind { kNull, kBool, kInteger, kUnsigned, kDouble, kString, kArray, kObject };
  using Array = std::vector<JsonValue>;
  using Object = std::vector<std::pair<std::string, JsonValue>>;

  JsonValue() = default;                                    // null
  JsonValue(bool v) : data_(v) {}                           // NOLINT(google-explicit-constructor)
  JsonValue(int v) : data_(std::int64_t{v}) {}              // NOLINT(google-explicit-constructor)
  JsonValue(std::int64_t v) : data_(v) {}                   // NOLINT(google-explicit-constructor)
  JsonValue(std::uint64_t v) : data_(v) {}                  // NOLINT(google-explicit-constructor)
  JsonValue(double v) : data_(v) {}                         // NOLINT(google-explicit-constructor)
  JsonValue(std::string v) : data_(std::move(v)) {}         // NOLINT(google-explicit-constructor)
  JsonValue(std::string_view v) : data_(std::string(v)) {}  // NOLINT(google-explicit-constructor)
  JsonValue(const char* v) : data_(std::string(v)) {}       // NOLINT(google-explicit-constructor)
  JsonValue(Array v) : data_(std::move(v)) {}               // NOLINT(google-explicit-constructor)
  JsonValue(Object v) : data_(std::move(v)) {}              // NOLINT(google-explicit-constructor)

  [[nodiscard]] Kind kind() const { return static_cast<Kind>(data_.index()); }
  [[nodiscard]] bool is_null() const { return kind() == Kind::kNull; }
  [[nodiscard]] bool is_number() const {
    return kind() >= Kind::kInteger && kind() <= Kind::kDouble;
  }
  /// Null unless it is of that kind.
  [[nodiscard]] const bool* as_bool() const { return std::get_if<bool>(&data_); }
  [[nodiscard]] const std::int64_t* as_integer() const { return std::get_if<std::int64_t>(&data_); }
  [[nodiscard]] const std::uint64_t* as_unsigned() const {
    return std::get_if<std::uint64_t>(&data_);
  }
  [[nodiscard]] const std::string* as_string() const { return std::get_if<std::string>(&data_); }
  [[nodiscard]] const Array* as_array() const { return std::get_if<Array>(&data_); }
  [[nodiscard]] const Object* as_object() const { return std::get_if<Object>(&data_); }
  [[nodiscard]] Array* as_array() { return std::get_if<Array>(&data_); }
  [[nodiscard]] Object* as_object() { return std::get_if<Object>(&data_); }
  /// Any number as a double; 0 for what is none.
  [[nodiscard]] double number() const;
  /// The member of that name; null if there is none or this is no object.
  [[nodiscard]] const JsonValue* find(std::string_view key) const;
  /// Appends a member; this is an object, or null and becomes one.
  void add(std::string key, JsonValue value);

  friend bool operator==(const JsonValue&, const JsonValue&) = default;

 private:
  // In the order of Kind.
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Array,
               Object>
      data_;
};

constexpr std::size_t kMaxJsonDepth = 500;

/// Parses one document. Whole numbers that fit are kInteger, else kUnsigned, else, as all others,
/// kDouble. Of equal keys the last wins. Bytes that are not UTF-8 and halves of surrogate pairs become
/// U+FFFD. Errors: kInvalid with line and column; also for more than kMaxJsonDepth levels.
Result<JsonValue> parse_json(std::string_view text);

struct JsonStyle {
  bool sort_keys = false;
  bool escape_html = false;   ///< `<`, `>` and `&` as \u003c and so on, as Go writes them
  bool mark_doubles = false;  ///< 1.0 for the double 1, so that it is read as one again
  int indent = 0;             ///< spaces a level; 0: all on one line
};
/// Writes as Go's encoding/json does: shortest numbers, U+2028 and U+2029 escaped, bytes that are
/// not UTF-8 as \ufffd. What JSON has no number for is null.
std::string write_json(const JsonValue& value, JsonStyle style = {});
/// Appends `text` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text, bool escape_html = false);
/// Appends a number as Go writes it: 1, 0.000001, 1e-7, 1e+21.
void append_json_number(std::string& out, double number);

}  // namespace weir::codec

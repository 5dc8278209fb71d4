// SPDX-License-Identifier: Apache-2.0
// The values of templates, as Go's templates know them.
//
// Texts and lists are copied; a dictionary is shared by all who hold it, for `set` changes it for
// all. None ever holds itself: put() refuses.

#pragma once

#include "interpreter/value/value.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weir::loki {

struct GoDict;

/// An instant, any of Go's: seconds since the epoch, and what is left.
struct GoMoment {
  std::int64_t seconds = 0, ns = 0;
  friend bool operator==(const GoMoment&, const GoMoment&) = default;
};

/// A value while a template is rendered.
struct GoValue {
  using List = std::vector<GoValue>;
  using Dict = std::shared_ptr<GoDict>;  ///< never null
  struct Data {};                        ///< the data itself: what `.` is at first
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Data, Dict, GoMoment>
      data;

  [[nodiscard]] bool is_nothing() const { return data.index() == 0; }
  /// Go's truth: false are nothing, zero and what is empty.
  [[nodiscard]] bool is_true() const;
  /// As an action prints it: `<no value>` for nothing.
  [[nodiscard]] std::string print() const;
  /// As a function prints it: `<nil>` for nothing.
  [[nodiscard]] std::string text() const;
};

/// Its members, sorted by name.
struct GoDict {
  struct Member;
  std::vector<Member> members;

  GoDict() = default;
  GoDict(const GoDict&) = delete;
  GoDict& operator=(const GoDict&) = delete;
  /// However long the chain of dictionaries is that goes with it, the stack stays short.
  ~GoDict();
  /// Null if there is none.
  [[nodiscard]] const GoValue* find(std::string_view name) const;
};
struct GoDict::Member {
  std::string name;
  GoValue value;
};

/// Deeper than this no value lies in another.
inline constexpr int kMaxGoDepth = 100;

/// About how many bytes a value is, up to `most`; nothing if it lies deeper than kMaxGoDepth, as
/// one that holds itself does.
std::optional<std::size_t> weight_of(const GoValue& v, std::size_t most);
/// Writes a member. False, and nothing is changed, where the value would hold itself or lie too
/// deep.
bool put(const GoValue::Dict& dict, std::string_view name, GoValue value);
void take_out(const GoValue::Dict& dict, std::string_view name);
/// The names differ.
GoValue::Dict make_dict(std::vector<GoDict::Member> members = {});
/// Whether they are of one type and equal, however deep.
bool deep_equal(const GoValue& a, const GoValue& b);
/// What `%T` says: "string", "[]interface {}".
std::string_view type_of(const GoValue& v);
/// As the language's values, which know how to format themselves.
value::Value to_value(const GoValue& v);
/// "2006-01-02 15:04:05 +0000 UTC"
std::string print_moment(GoMoment moment);

}  // namespace weir::loki

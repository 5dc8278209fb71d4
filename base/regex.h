// SPDX-License-Identifier: Apache-2.0
// Regular expressions with RE2's syntax and promise: time linear in the text, memory bounded.
//
// The syntax is that of Go's regexp (the field's): what users wrote for other agents works here.
// The only user of the RE2 library is regex.cc.

#pragma once

#include "base/result.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

class RegexTemplate;

/// A compiled expression. A byte of a text that is not UTF-8 counts as one U+FFFD. Cheap to copy,
/// immutable. Threads: any, many at once.
class Regex {
 public:
  /// Where an expression has to match.
  enum class Anchor { kNone, kBoth };

  /// Matches nothing; only to be assigned to.
  Regex() = default;
  /// Errors: kInvalid with what is wrong in the expression.
  static Result<Regex> compile(std::string_view text, Anchor anchor = Anchor::kNone);

  explicit operator bool() const { return program_ != nullptr; }
  /// As the user wrote it.
  [[nodiscard]] const std::string& text() const;
  /// Number of capture groups, without group 0.
  [[nodiscard]] int group_count() const;
  /// Name of each group, index 0 being the whole match; "" for unnamed ones.
  [[nodiscard]] const std::vector<std::string>& group_names() const;

  [[nodiscard]] bool matches(std::string_view text) const;
  /// Fills `groups` (group 0 first, up to its size) with the first match; a group that took no part
  /// is a null view (data() == nullptr).
  bool match(std::string_view text, std::span<std::string_view> groups) const;
  /// The next match at or after `from`, for going through all of them.
  bool match_from(std::string_view text, std::size_t from,
                  std::span<std::string_view> groups) const;
  /// Visits every match from left to right with all its groups, an empty one right behind another
  /// left out; stops when `visit` says false.
  void find_all(std::string_view text,
                const std::function<bool(std::span<const std::string_view> groups)>& visit) const;
  /// `text` with every match replaced; cut somewhere behind `most` bytes.
  [[nodiscard]] std::string replace_all(std::string_view text, const RegexTemplate& replacement,
                                        std::size_t most = std::string::npos) const;

  friend bool operator==(const Regex& a, const Regex& b);

 private:
  struct Program;
  std::shared_ptr<const Program> program_;
};

/// A Go replacement template: `$1`, `${name}`, `$$`; unknown groups are empty.
class RegexTemplate {
 public:
  RegexTemplate() = default;
  /// Resolves group names of `regex` once.
  RegexTemplate(std::string_view text, const Regex& regex);

  /// Appends the expansion to `out`, and no more once that has more than `most` bytes. `groups` as
  /// Regex::match filled them, group 0 first.
  void expand(std::span<const std::string_view> groups, std::string& out,
              std::size_t most = std::string::npos) const;
  /// True if the expansion is the same whatever matched.
  [[nodiscard]] bool constant() const;
  /// How many groups a match has to fill, group 0 included.
  [[nodiscard]] int groups_needed() const { return groups_needed_; }

 private:
  struct Piece {
    std::string text;
    int group = -1;  ///< -1: text
  };
  std::vector<Piece> pieces_;
  int groups_needed_ = 1;
};

}  // namespace weir

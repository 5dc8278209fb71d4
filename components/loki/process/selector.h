// SPDX-License-Identifier: Apache-2.0
// Selectors as stage.match takes them: `{app="x", env!~"dev.*"} |= "text" !~ "expression"`.
//
// A small hand-written parser and not a grammar: six operators and two kinds of token, with an
// exact place for whatever is wrong; the ANTLR runtime would be the larger part by far.

#pragma once

#include "base/regex.h"
#include "base/result.h"
#include "components/core/labels.h"
#include "interpreter/schema/codecs.h"

#include <string>
#include <string_view>
#include <vector>

namespace weir::loki {

/// Which entries: their labels must match all matchers, their line all filters. Immutable. Threads:
/// any.
class Selector {
 public:
  /// Selects everything.
  Selector() = default;
  /// Errors: kInvalid: what is wrong, and at which column.
  static Result<Selector> parse(std::string_view text);

  [[nodiscard]] bool matches(const Labels& labels) const;
  [[nodiscard]] bool matches(std::string_view line) const;
  [[nodiscard]] bool has_filters() const { return !filters_.empty(); }
  /// As the user wrote it.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  friend class SelectorParser;
  enum class Test { kEqual, kNotEqual, kRegex, kNotRegex };
  struct Matcher {
    Test test;
    std::string name;  ///< of a filter: empty
    std::string text;
    Regex regex;  ///< of a matcher anchored, of a filter not
  };
  std::vector<Matcher> matchers_;
  std::vector<Matcher> filters_;
  std::string text_;
};

}  // namespace weir::loki

namespace weir::schema {
/// E0606 if it is none.
WEIR_DECLARE_CODEC(loki::Selector);
}  // namespace weir::schema

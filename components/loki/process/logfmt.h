// SPDX-License-Identifier: Apache-2.0
// logfmt: `key=value key="quoted value" key`, pairs parted by spaces, a record a line.

#pragma once

#include <string>
#include <string_view>

namespace weir::loki {

/// Goes through the pairs of a text, over all its lines.
///
/// Shapes:  any bytes in; keys and values are views into the text, but for values with escapes.
/// Errors:  next() is false at the first thing that is not logfmt; what came before stands.
/// Source:  the reading of the reference's parser: a quote or `=` inside a bare value ends it all.
class LogfmtScanner {
 public:
  explicit LogfmtScanner(std::string_view text) : text_(text) {}

  bool next();
  [[nodiscard]] std::string_view key() const { return key_; }
  /// Empty for a key without one. If value_is_unescaped(): good until the next call of next().
  [[nodiscard]] std::string_view value() const { return value_; }
  [[nodiscard]] bool value_is_unescaped() const { return is_unescaped_; }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  bool fail() {
    failed_ = true;
    text_ = {};
    return false;
  }
  bool read_quoted();

  std::string_view text_;  ///< what is not read yet
  std::string_view key_, value_;
  std::string room_;
  bool is_unescaped_ = false;
  bool failed_ = false;
};

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// Patterns of LogQL: `<ip> - <user> [<_>] "<method> <path>"`, literal text with captures between.

#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::loki {

/// Immutable. Threads: any.
class LogPattern {
 public:
  /// Matches nothing; only to be assigned to.
  LogPattern() = default;
  /// Errors: kInvalid: without a named capture, two captures with nothing between them, one name
  /// twice, a name that cannot name a label.
  static Result<LogPattern> parse(std::string_view text);

  /// The named captures in order, which are the text's. A pattern must fit from the front of the
  /// text; where a later literal is missing, the capture before it takes the rest and is the last.
  /// False: no match.
  bool match(std::string_view text,
             std::vector<std::pair<std::string_view, std::string_view>>& captures) const;
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  /// A capture and the literal behind it.
  struct Piece {
    std::string name;  ///< "_": not kept
    std::string literal;
  };
  std::string front_;
  std::vector<Piece> pieces_;
};

}  // namespace weir::loki

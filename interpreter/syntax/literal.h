// SPDX-License-Identifier: Apache-2.0
// String literals: which escapes are right, and what they mean.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::syntax {

/// One wrong escape: bytes [begin, end) of the literal, without the backslash.
struct EscapeProblem {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string message;
  std::string hint;
};
/// The wrong escapes of a double-quoted literal, the first ones if there are many; none in a raw
/// one.
std::vector<EscapeProblem> check_escapes(std::string_view literal);

/// `text` without the carriage returns that a raw string or a comment leaves out. In a block
/// comment one stays that would otherwise make a `*/` where none was.
std::string without_carriage_returns(std::string_view text, bool comment);

}  // namespace weir::syntax

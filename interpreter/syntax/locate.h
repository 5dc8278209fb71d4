// SPDX-License-Identifier: Apache-2.0
// From a place inside a value to the part of the expression that wrote it.

#pragma once

#include "interpreter/syntax/ast.h"

#include <span>
#include <string>
#include <variant>

namespace weir::syntax {

/// A step into a value: a field's name or an element's index. schema::PathStep is this type.
using LocateStep = std::variant<std::string, std::size_t>;

/// Where a path of steps led.
struct Located {
  const Expression* node;  ///< the deepest literal on the path; parentheses left out
  std::size_t steps = 0;   ///< how many steps it took; what remains is inside a computed value
};

/// Follows `path` through array and object literals and parentheses. Of equal keys the last is
/// followed, as its value is the one in force.
Located locate(const Expression& expression, std::span<const LocateStep> path);

/// The expression as a message shows it: as written, on one line, cut where it gets long.
std::string excerpt(const Expression& expression);

}  // namespace weir::syntax

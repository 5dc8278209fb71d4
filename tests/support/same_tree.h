// SPDX-License-Identifier: Apache-2.0
// Whether two trees say the same: everything but places and comments.

#pragma once

#include "interpreter/syntax/ast.h"

#include <string>

namespace weir::test {

/// The first difference in words; "" if there is none. Literals are compared by value.
std::string tree_difference(const syntax::Body& a, const syntax::Body& b);
std::string tree_difference(const syntax::Expression& a, const syntax::Expression& b);

}  // namespace weir::test

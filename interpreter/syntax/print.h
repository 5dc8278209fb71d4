// SPDX-License-Identifier: Apache-2.0
// Tree to text: the formatter. What `weir fmt` writes; also the text of an expression in messages.

#pragma once

#include "interpreter/syntax/ast.h"

#include <string>

namespace weir::syntax {

/// The canonical text of a file that parsed without error, with its comments and one final newline.
/// Literals and keys are never changed; print∘parse∘print = print. Source: spec 14.
std::string print(const File& file);
/// The canonical text of one expression, without comments.
std::string print(const Expression& expression);

}  // namespace weir::syntax

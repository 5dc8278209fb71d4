// SPDX-License-Identifier: Apache-2.0
// Files that arguments name, told to whoever can see whether they are there.

#pragma once

#include "interpreter/catalog/lint.h"

namespace weir {

/// Says that each file is read which an attribute `..._file` of `body` names, at any depth.
void lint_files(const schema::EvaluatedBody& body, catalog::Lint& lint);

}  // namespace weir

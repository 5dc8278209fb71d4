// SPDX-License-Identifier: Apache-2.0
// What the stages of a pipeline say against each other: values read that nothing extracts, container
// lines unwrapped.

#pragma once

#include "interpreter/catalog/lint.h"
#include "interpreter/schema/schema.h"

#include <vector>

namespace weir::loki {

/// States what these stages, decoded from lint.body(), need and bring.
void lint_stages(const std::vector<schema::Chosen>& stages, catalog::Lint& lint);

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// Blocks that need each other in a circle.

#pragma once

#include "interpreter/check/model.h"
#include "interpreter/text/diagnostic.h"

namespace weir::check {

/// Reports each node that is part of a circle, with a path from it back to itself.
void report_cycles(const Module& module, text::DiagnosticSink& sink);

}  // namespace weir::check

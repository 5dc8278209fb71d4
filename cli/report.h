// SPDX-License-Identifier: Apache-2.0
// Diagnostics for the person at the terminal.

#pragma once

#include "cli/world.h"
#include "interpreter/text/diagnostic.h"

namespace weir::cli {

/// Prints what was found and how much of it, to standard error; nothing if there is nothing.
void report(const text::DiagnosticSink& found, World& world);

}  // namespace weir::cli

// SPDX-License-Identifier: Apache-2.0
// Diagnostics as programs read them. Called by render().

#pragma once

#include "interpreter/text/diagnostic.h"

#include <string>
#include <vector>

namespace weir::text {

/// One document: {"diagnostics": [...], "errors": n, "warnings": n}; docs/reference/diagnostics.md.
std::string render_json(const std::vector<Diagnostic>& diagnostics);
/// One workflow command a line, which GitHub shows at the line of the file.
std::string render_github(const std::vector<Diagnostic>& diagnostics);

}  // namespace weir::text

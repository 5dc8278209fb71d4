// SPDX-License-Identifier: Apache-2.0
// The ways in which a configuration without errors fails silently.

#pragma once

#include "interpreter/check/checker.h"
#include "interpreter/check/model.h"
#include "interpreter/text/diagnostic.h"

namespace weir::check {

/// Warnings about `root` and the modules inside it, whose nodes are all checked.
void warn(Module& root, Checker& checker, const Options& options, text::DiagnosticSink& sink);

}  // namespace weir::check

// SPDX-License-Identifier: Apache-2.0
// From bodies to modules: which blocks there are, whether they may stand where they stand, and what
// each is.

#pragma once

#include "interpreter/check/check.h"
#include "interpreter/check/model.h"

namespace weir::check {

/// Fills `module`, whose kind, owner and outer are set, with the blocks of `bodies` and of the
/// modules inside them. Errors: names that are unknown, not built or below the minimum stability;
/// blocks twice, misplaced, or with a wrong label.
void collect(Module& module, const std::vector<const syntax::Body*>& bodies,
             const catalog::Catalog& catalog, const Options& options, text::DiagnosticSink& sink);

}  // namespace weir::check

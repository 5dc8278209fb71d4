// SPDX-License-Identifier: Apache-2.0
// What the reference's errors are here: their wording is its own, so codes are compared.

#pragma once

#include "interpreter/text/diagnostic.h"

#include <set>
#include <string>

namespace weir::test {

/// The codes that an error may have which the reference words so; none if nothing is known of such
/// words.
std::set<text::DiagnosticCode> codes_for(const std::string& wording);

}  // namespace weir::test

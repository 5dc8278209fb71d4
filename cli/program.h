// SPDX-License-Identifier: Apache-2.0
// The tables of this program, put together in the one place that knows everything.

#pragma once

#include "interpreter/catalog/component_def.h"
#include "interpreter/catalog/function_def.h"

namespace weir::cli {

/// Components and services.
catalog::Catalog program_catalog();
/// The standard library with this machine's constants.
catalog::FunctionTable program_functions();

}  // namespace weir::cli

// SPDX-License-Identifier: Apache-2.0
// The components that the corpus of runtime cases is written with, and the functions it calls.
// What each does is said in the corpus's README.

#pragma once

#include "interpreter/catalog/component_def.h"
#include "interpreter/catalog/function_def.h"
#include "interpreter/graph/environment.h"

namespace weir::test {

/// testcomponents.*, module.string, and the services logging and tracing. module.string asks for
/// the program's graph::Environment as a service.
const catalog::Catalog& test_catalog();
/// The same and the service testservice.
const catalog::Catalog& test_catalog_with_service();
/// file.path_join.
const catalog::FunctionTable& test_functions();

}  // namespace weir::test

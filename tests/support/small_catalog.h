// SPDX-License-Identifier: Apache-2.0
// A handful of components that exist for tests of the checker and the graph: every kind of
// argument, export and lint, and nothing behind them.
//
//   test.discover   exports targets                       test.metrics   exports a receiver of
//   metrics test.source     targets, forward_to (logs)            test.settings  a service
//   test.process    rule blocks, stage.* choice, forward_to; exports a receiver of logs
//   test.write      endpoint blocks; exports a receiver of logs
//   test.vault      exports a secret
//   test.young      experimental                          test.guest     community

#pragma once

#include "interpreter/catalog/component_def.h"
#include "interpreter/catalog/function_def.h"

namespace weir::test {

catalog::Catalog small_catalog();

/// sys.env (looks at the world), text.twice, and text.young, which is experimental.
catalog::FunctionTable small_library();

}  // namespace weir::test

// SPDX-License-Identifier: Apache-2.0
#include "cli/program.h"

#include "base/version.h"
#include "components/catalog.h"
#include "server/services.h"
#include "stdlib/functions.h"

namespace weir::cli {

catalog::Catalog program_catalog() {
  std::vector<const catalog::ComponentDef*> rows(components().begin(), components().end());
  const auto services = server::services();
  rows.insert(rows.end(), services.begin(), services.end());
  return catalog::Catalog(std::move(rows));
}

catalog::FunctionTable program_functions() {
  return stdlib::functions(stdlib::Constants::of_this_machine(kVersion));
}

}  // namespace weir::cli

// SPDX-License-Identifier: Apache-2.0
// The checker: everything that can be known to be wrong with a configuration before it runs.
//
// It stands on the evaluator and on schema::decode(), the code that runs configurations, fed with
// the types of what exists only at run time; so what it accepts is what runs. It reads no file and
// no network by itself and makes no component.

#pragma once

#include "base/result.h"
#include "interpreter/catalog/component_def.h"
#include "interpreter/catalog/function_def.h"
#include "interpreter/syntax/ast.h"
#include "interpreter/text/diagnostic.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weir::check {

/// One file of a module.
struct ModuleText {
  std::string name;  ///< as diagnostics show it
  std::string text;
};

struct Options {
  schema::Stability minimum_stability = schema::Stability::kGenerallyAvailable;
  bool community = false;  ///< whether community components are admitted
  /// What is not built yet is a warning, and all else is checked as if it were there.
  bool ignore_not_built = false;
  std::string module_path;  ///< the folder of the configuration; empty: not known
  /// Reads the module at a path, a file or a folder's *.alloy files, for `import.file`; an error is
  /// the import's. Absent: what imports bring is not known, and their use is not checked.
  std::function<Result<std::vector<ModuleText>>(const std::string& path)> read_module;
  /// Whether a file or folder is there to be read. Absent: files are not looked at.
  std::function<Status(const std::string& path)> can_read;
};

/// Checks `files`, which parsed without error, as one unit. The result is sorted as users see it.
/// Time and memory: linear in the text, but for what is wrong. Threads: any.
text::DiagnosticSink check(const std::vector<std::shared_ptr<const syntax::File>>& files,
                           const catalog::Catalog& catalog, const catalog::FunctionTable& functions,
                           const Options& options);

}  // namespace weir::check

// SPDX-License-Identifier: Apache-2.0
// What a block of a module is, and whether it may stand where it stands: the rules that the checker
// and the graph share. Source: spec 16.

#pragma once

#include "interpreter/catalog/component_def.h"
#include "interpreter/catalog/function_def.h"
#include "interpreter/catalog/language_blocks.h"
#include "interpreter/eval/evaluate.h"
#include "interpreter/syntax/ast.h"
#include "interpreter/text/diagnostic.h"

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::check {

enum class NodeKind {
  kComponent,
  kService,  ///< a singleton of the catalog
  kCustom,   ///< made by a declare or an import
  kOpaque,   ///< a component that is unknown or not built
  kDeclare,
  kArgument,
  kExport,
  kForeach,
  kImport,
};

enum class ModuleKind {
  kRoot,
  kDeclare,   ///< the inside of a custom component, or of a module loaded as such
  kForeach,   ///< the template of a foreach
  kImported,  ///< what an import brought
};

/// What a run admits.
struct Admission {
  const catalog::Catalog& catalog;
  schema::Stability minimum_stability = schema::Stability::kGenerallyAvailable;
  bool community = false;
};

struct Classified {
  NodeKind kind = NodeKind::kOpaque;
  const catalog::ComponentDef* def = nullptr;        ///< of kComponent, kService
  const catalog::LanguageBlock* language = nullptr;  ///< of the last five kinds
};

/// The custom components that a module's blocks may be.
struct Customs {
  /// Whether a declare or an import takes blocks of this name.
  std::function<bool(const std::vector<std::string>& name)> take;
  /// Adds the names of the declares in sight, for hints.
  std::function<void(std::vector<std::string_view>& names)> names;
};

/// E0316 if the function of the library that the names lead to is younger than what a run admits.
void admit_function(const eval::Traversal& names, const catalog::FunctionTable& functions,
                    schema::Stability minimum, text::DiagnosticSink& sink);

/// The blocks of one module, each once.
class BlockRules {
 public:
  BlockRules(ModuleKind place, const Admission& admission, text::DiagnosticSink& sink)
      : place_(place), admission_(admission), sink_(sink) {}

  /// Only blocks may stand in a module.
  void refuse(const syntax::Statement& attribute);
  /// False for a block whose id there was already: E0305, or in what was imported W1013. `id` is the
  /// block's.
  bool enter(const syntax::Block& block, const std::string& id);
  /// Errors: names that are unknown, not built or not admitted; blocks misplaced, or with a wrong
  /// label.
  Classified classify(const syntax::Block& block, const std::string& name, const Customs& customs);

 private:
  void judge_component(const syntax::Block& block, const catalog::ComponentDef& def);
  void judge_language(const syntax::Block& block, const catalog::LanguageBlock& row);
  void admit(const syntax::Block& block, std::string_view name, schema::Stability stability);
  void misplaced(const syntax::Block& block, std::string_view name, std::string hint);
  void report_unknown(const syntax::Block& block, const std::string& name, const Customs& customs);

  const ModuleKind place_;
  const Admission admission_;
  text::DiagnosticSink& sink_;
  std::unordered_map<std::string, const syntax::Block*> first_;  // by id
};

}  // namespace weir::check

// SPDX-License-Identifier: Apache-2.0
// What the checker makes of the text: modules, the nodes in them, and which node refers to which.
//
// A module is a set of blocks that see each other: the root, the body of a declare, the template of
// a foreach, an imported file. A node is a block with an id.

#pragma once

#include "interpreter/catalog/component_def.h"
#include "interpreter/catalog/language_blocks.h"
#include "interpreter/catalog/lint.h"
#include "interpreter/check/classify.h"
#include "interpreter/eval/evaluate.h"
#include "interpreter/schema/body.h"
#include "interpreter/syntax/ast.h"
#include "interpreter/value/type.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::check {

struct Module;
struct Node;

/// No id has more names than this; longer ones are not looked up.
inline constexpr std::size_t kMaxIdNames = 16;

/// One place that takes an argument's value as it is.
struct ArgumentUse {
  const schema::TypeOps* type;
  bool as_element;  ///< it is an element of a list there
  text::Span span;
};

/// One use of a node in another's expressions.
struct Reference {
  Node* target;
  text::Span span;                    ///< the traversal
  value::Type type;                   ///< what is referred to
  std::optional<value::Type> wanted;  ///< what the attribute takes, if that is known
  std::string member = {};            ///< the name after the target's id, "" if there is none
};

struct Node {
  NodeKind kind = NodeKind::kOpaque;
  const syntax::Block* block = nullptr;
  std::string name;  ///< "loki.write"
  std::string id;    ///< "loki.write.default"
  Module* module = nullptr;
  const catalog::ComponentDef* def = nullptr;
  const catalog::LanguageBlock* language = nullptr;
  Node* declare = nullptr;        ///< of kCustom: what it is made from, once that is known
  Node* import = nullptr;         ///< of kCustom: where its declare comes from
  std::unique_ptr<Module> inner;  ///< of kDeclare, kForeach: the module inside
  Module* imported = nullptr;     ///< of kImport: what was read, if it could be

  // What checking finds out.
  bool checked = false;
  bool good = false;       ///< its arguments decoded
  bool looked_at = false;  ///< of kImport, kCustom: what it brings, is made from, was looked for
  schema::EvaluatedBody body;
  value::Type exports;  ///< of kArgument, kExport: of its value; of what has exports_by: by those
  std::vector<Reference> references;
  std::vector<std::pair<Node*, text::Span>>
      needs;  ///< nodes of the same module that must be evaluated before
  std::vector<catalog::Lint::Statement> statements;
  std::vector<ArgumentUse> uses;  ///< of kArgument
  bool optional = false;          ///< of kArgument: may be left out
  bool used = false;              ///< somebody refers to it or is made from it

  /// Name and label, up to the `{`.
  [[nodiscard]] text::Span head() const { return block->name_span.to(block->open); }
  [[nodiscard]] text::Span whole() const { return block->name_span.to(block->close); }
};

struct Module {
  enum class State { kFresh, kChecking, kChecked };
  ModuleKind kind = ModuleKind::kRoot;
  Node* owner = nullptr;          ///< the declare, foreach or import; null for the root
  const Module* outer = nullptr;  ///< whose declares are visible; for a foreach also whose nodes
  State state = State::kFresh;
  std::string path;                                        ///< module_path
  std::vector<std::shared_ptr<const syntax::File>> files;  ///< of an import: keeps its text alive

  std::vector<std::unique_ptr<Node>> nodes;  ///< in source order, twins included
  std::unordered_map<std::string, Node*> by_id;
  std::unordered_map<std::string, std::vector<Node*>>
      families;                                        ///< by the first fragment of the id
  std::map<std::string, Node*, std::less<>> declares;  ///< by label
  std::map<std::string, Node*, std::less<>> imports;   ///< by label
  std::string variable;                                ///< of a foreach: the name of its item
  value::Type variable_type;
  std::unique_ptr<eval::Scope> scope;
};

/// Records that `from` needs `to`, which may stand in a module around it: then the node that `from`
/// is inside of there needs it.
inline void add_need(Node& from, Node& to, text::Span where) {
  Node* at = &from;
  while (at != nullptr && at->module != to.module) at = at->module->owner;
  if (at != nullptr) at->needs.emplace_back(&to, where);
}

/// Calls `visit` for the module and those inside it, imports left out.
template <class Visit>
void for_each_module(Module& module, const Visit& visit) {
  visit(module);
  for (const auto& node : module.nodes) {
    if (node->inner) for_each_module(*node->inner, visit);
  }
}

}  // namespace weir::check

// SPDX-License-Identifier: Apache-2.0
// The pass over the nodes: evaluates each block with what is known, decodes it, and follows its
// references.
//
// Components need no order, for the types of their exports are declared. What a declare exports is
// known only after its module was checked, so a custom component checks its declare first.

#pragma once

#include "interpreter/check/check.h"
#include "interpreter/check/model.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::check {

class Checker {
 public:
  Checker(const catalog::Catalog& catalog, const catalog::FunctionTable& functions,
          const Options& options, text::DiagnosticSink& sink)
      : catalog_(catalog), functions_(functions), options_(options), sink_(sink) {}

  /// Checks every node of a collected module and of the modules inside it, once.
  void check_module(Module& module);
  /// What a component of a module says of itself where the module is used as `custom` has it, with
  /// the arguments that are given there; nothing if that makes no difference.
  std::optional<std::vector<catalog::Lint::Statement>> lint_given(const Node& node,
                                                                  const Node& custom);
  /// The modules that imports brought.
  [[nodiscard]] const std::vector<std::unique_ptr<Module>>& imported() const { return imported_; }

 private:
  void check_node(Node& node);
  void check_component(Node& node);
  void check_language_block(Node& node);
  void check_foreach(Node& node);
  void check_custom(Node& node);
  void check_arguments(Node& node);
  void check_against_uses(const schema::EvaluatedAttribute& given, const Node& argument);
  bool find_declare(Node& node);
  bool check_declare(Node& declare);
  bool find_imported_declare(Node& node);
  /// Reads and checks what the import brings, once. Null if that cannot be known.
  Module* import_module(Node& import);
  Module* read_import(const Node& import, const std::string& path);
  Module* add_import(const std::vector<ModuleText>& texts, std::string path);

  value::Type exports_of(Node& node);
  eval::Scope& scope_of(Module& module);

  /// Evaluates the node's body into node.body, all but the blocks named `opaque`, and follows its
  /// references.
  void evaluate(Node& node, schema::Schema schema, std::string_view opaque = {});
  bool decode(Node& node, const schema::BlockOps& ops, void* out, std::string_view label);
  void follow(Node& node, const schema::EvaluatedBody& body, const schema::Schema& schema,
              std::vector<text::Span>& lost);
  void follow(Node& node, const schema::EvaluatedAttribute& attribute, const schema::Field* field,
              std::vector<text::Span>& lost);
  [[nodiscard]] bool in_library(std::string_view name) const;
  void note_use(Node& argument, const eval::Traversal& traversal,
                const syntax::Expression& expression, const schema::TypeOps& type);

  const catalog::Catalog& catalog_;
  const catalog::FunctionTable& functions_;
  const Options& options_;
  text::DiagnosticSink& sink_;
  catalog::CallContext no_world_;
  std::vector<std::unique_ptr<Module>> imported_;
  std::map<std::string, Module*> by_path_;  ///< null while it is being read
  std::size_t hint_steps_ = 200'000;        ///< what looking for near names may still cost
  int depth_ = 0;                           ///< of modules checked on demand inside each other
};

}  // namespace weir::check

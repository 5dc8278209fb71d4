// SPDX-License-Identifier: Apache-2.0
// What the expressions of a module see, and what their names lead to.

#pragma once

#include "interpreter/check/model.h"
#include "interpreter/eval/evaluate.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::check {

/// The exports of a module's nodes as nested objects, its variables, and for a foreach those around
/// it.
class ModuleScope final : public eval::Scope {
 public:
  /// The type of a node's exports; may check the node first.
  using ExportsOf = std::function<value::Type(Node&)>;

  ModuleScope(const Module& module, ExportsOf exports_of)
      : module_(module), exports_of_(std::move(exports_of)) {}

  [[nodiscard]] std::optional<eval::Known> find(std::string_view name) const override;
  [[nodiscard]] std::vector<std::string_view> names() const override;

 private:
  [[nodiscard]] std::optional<eval::Known> make(std::string_view name) const;

  const Module& module_;
  ExportsOf exports_of_;
  mutable std::unordered_map<std::string, std::optional<eval::Known>> known_;
};

/// What a traversal leads to: the node whose id is its shortest prefix.
struct Resolved {
  Node* node = nullptr;    ///< null: nothing
  std::size_t length = 0;  ///< how many names the id takes
};
Resolved resolve(const Module& module, const eval::Traversal& traversal);
/// The foreach around whose item is called `name`, or null.
Node* variable_owner(const Module& module, std::string_view name);
inline constexpr std::string_view kModulePath = "module_path";
/// What the user may have meant by a traversal that leads nowhere. Compares with at most `steps`
/// names, which are taken off it.
std::string hint_for(const Module& module, const eval::Traversal& traversal, std::size_t& steps);

}  // namespace weir::check

// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/scope.h"

#include "interpreter/graph/module.h"
#include "interpreter/value/unknown.h"

#include <map>
#include <string>
#include <utility>

namespace weir::graph {
namespace {

/// Exports on their way into nested objects.
struct ValueTree {
  std::map<std::string_view, ValueTree> children;
  const eval::Known* leaf = nullptr;

  void add(const syntax::Block& block, const eval::Known& exports) {
    ValueTree* at = this;
    for (std::size_t i = 1; i < block.name.size(); ++i) at = &at->children[block.name[i]];
    if (!block.label.empty()) at = &at->children[block.label];
    at->leaf = &exports;
  }

  [[nodiscard]] value::Value value() const {
    if (leaf != nullptr) return leaf->value ? *leaf->value : value::unknown(leaf->type);
    value::Object out;
    for (const auto& [name, child] : children) out.members.emplace_back(name, child.value());
    return value::Value(std::move(out));
  }
};

}  // namespace

std::optional<eval::Known> NodeScope::find(std::string_view name) const {
  const auto at = found_.find(name);
  return at != found_.end() ? at->second : found_.emplace(name, make(name)).first->second;
}

std::optional<eval::Known> NodeScope::make(std::string_view name) const {
  ValueTree tree;
  bool found = false;
  for (const Reference& reference : node_.references()) {
    const syntax::Block* block = reference.target->outline().block;
    if (block == nullptr || block->name.front() != name) continue;
    tree.add(*block, reference.target->exports());
    found = true;
  }
  if (!found) return find_variable(node_.module(), name);
  return tree.leaf != nullptr ? *tree.leaf : eval::Known::of(tree.value());
}

std::vector<std::string_view> NodeScope::names() const {
  std::vector<std::string_view> out = {kModulePath};
  for (const Reference& reference : node_.references()) {
    if (const syntax::Block* block = reference.target->outline().block)
      out.push_back(block->name.front());
  }
  for (const Module* at = &node_.module(); at != nullptr; at = at->place().around) {
    if (!at->place().variable.empty()) out.push_back(at->place().variable);
  }
  return out;
}

std::optional<eval::Known> find_variable(const Module& module, std::string_view name) {
  for (const Module* at = &module; at != nullptr; at = at->place().around) {
    if (!at->place().variable.empty() && at->place().variable == name) return at->variable();
    if (at->place().kind != ModuleKind::kRoot) continue;
    for (const auto& [variable, value] : at->place().environment.variables) {
      if (variable == name) return eval::Known::of(value);
    }
  }
  if (name != kModulePath) return std::nullopt;
  return eval::Known::of(value::Value(module.definitions()->module_path));
}

}  // namespace weir::graph

// SPDX-License-Identifier: Apache-2.0
#include "interpreter/check/scope.h"

#include "base/format.h"

#include <algorithm>
#include <map>
#include <utility>

namespace weir::check {
namespace {

/// The modules whose nodes are visible from inside `module`, inner first.
const Module* next_visible(const Module* module) {
  return module->kind == ModuleKind::kForeach ? module->outer : nullptr;
}

bool has_exports(const Node& node) {
  return node.kind == NodeKind::kComponent || node.kind == NodeKind::kCustom ||
         node.kind == NodeKind::kOpaque || node.kind == NodeKind::kArgument ||
         (node.kind == NodeKind::kService && node.def->exports != nullptr);
}

/// Exports on their way into nested objects.
struct ExportTree {
  std::map<std::string, ExportTree, std::less<>> children;
  std::optional<value::Type> leaf;

  void add(const syntax::Block& block, value::Type type) {
    ExportTree* at = this;
    for (std::size_t i = 1; i < block.name.size(); ++i) at = &at->children[block.name[i]];
    if (!block.label.empty()) at = &at->children[block.label];
    if (!at->leaf) at->leaf = std::move(type);  // the innermost came first
  }

  [[nodiscard]] value::Type type() const {
    if (leaf) return *leaf;
    std::vector<std::pair<std::string, value::Type>> members;
    for (const auto& [name, child] : children) members.emplace_back(name, child.type());
    return value::Type::object(std::move(members));
  }
};

}  // namespace

std::optional<eval::Known> ModuleScope::find(std::string_view name) const {
  const std::string key(name);
  if (const auto at = known_.find(key); at != known_.end()) return at->second;
  auto made = make(name);  // may come back here: exports_of_ checks other nodes
  return known_.emplace(key, std::move(made)).first->second;
}

std::optional<eval::Known> ModuleScope::make(std::string_view name) const {
  ExportTree tree;
  bool found = false;
  for (const Module* module = &module_; module != nullptr; module = next_visible(module)) {
    if (const auto at = module->families.find(std::string(name)); at != module->families.end()) {
      for (Node* node : at->second) {
        if (!has_exports(*node)) continue;
        tree.add(*node->block, exports_of_(*node));
        found = true;
      }
    }
    if (!found && module->kind == ModuleKind::kForeach && module->variable == name) {
      return eval::Known::only_type(module->variable_type);
    }
  }
  if (found) return eval::Known::only_type(tree.type());
  if (name != kModulePath) return std::nullopt;
  if (module_.path.empty())
    return eval::Known::only_type(value::Type::of(value::Type::Tag::kString));
  return eval::Known::of(value::Value(module_.path));
}

std::vector<std::string_view> ModuleScope::names() const {
  std::vector<std::string_view> out = {kModulePath};
  for (const Module* module = &module_; module != nullptr; module = next_visible(module)) {
    for (const auto& [family, nodes] : module->families) {
      if (std::any_of(nodes.begin(), nodes.end(),
                      [](const Node* node) { return has_exports(*node); }))
        out.push_back(family);
    }
    if (!module->variable.empty()) out.push_back(module->variable);
  }
  return out;
}

Resolved resolve(const Module& module, const eval::Traversal& traversal) {
  for (const Module* at = &module; at != nullptr; at = next_visible(at)) {
    if (at->variable == traversal.names.front() && at->families.count(at->variable) == 0) return {};
    std::string id;
    for (std::size_t i = 0; i < std::min(traversal.names.size(), kMaxIdNames); ++i) {
      if (i != 0) id += '.';
      id += traversal.names[i];
      const auto found = at->by_id.find(id);
      if (found != at->by_id.end() && has_exports(*found->second)) return {found->second, i + 1};
    }
  }
  return {};
}

Node* variable_owner(const Module& module, std::string_view name) {
  for (const Module* at = &module; at != nullptr; at = next_visible(at)) {
    if (at->kind == ModuleKind::kForeach && at->variable == name) return at->owner;
  }
  return nullptr;
}

std::string hint_for(const Module& module, const eval::Traversal& traversal, std::size_t& steps) {
  for (const Module* outer = module.outer; outer != nullptr; outer = outer->outer) {
    if (const Resolved found = resolve(*outer, traversal); found.node != nullptr) {
      return format("{} is outside this module: hand it in as an argument", found.node->id);
    }
  }
  // Against ids of as many names as were written, and fewer.
  std::string prefix;
  for (std::size_t i = 0; i < std::min(traversal.names.size(), kMaxIdNames); ++i) {
    prefix += (i == 0 ? "" : ".") + std::string(traversal.names[i]);
    std::vector<std::string_view> known;
    for (const Module* at = &module; at != nullptr; at = next_visible(at)) {
      for (const auto& node : at->nodes) {
        if (steps == 0) return {};
        --steps;
        const auto dots =
            static_cast<std::size_t>(std::count(node->id.begin(), node->id.end(), '.'));
        if (dots == i && has_exports(*node)) known.push_back(node->id);
      }
    }
    if (std::string hint = text::did_you_mean(prefix, known); !hint.empty()) return hint;
  }
  return {};
}

}  // namespace weir::check

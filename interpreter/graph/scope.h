// SPDX-License-Identifier: Apache-2.0
// What a node's expressions see: the exports of the nodes it refers to, and its module's variables.

#pragma once

#include "interpreter/eval/evaluate.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::graph {

class Module;
class Node;

class NodeScope final : public eval::Scope {
 public:
  explicit NodeScope(const Node& node) : node_(node) {}
  [[nodiscard]] std::optional<eval::Known> find(std::string_view name) const override;
  [[nodiscard]] std::vector<std::string_view> names() const override;

 private:
  [[nodiscard]] std::optional<eval::Known> make(std::string_view name) const;

  const Node& node_;
  mutable std::map<std::string, std::optional<eval::Known>, std::less<>> found_;
};

/// A variable of the module or of those it sees: a loop's item, module_path, what the program adds.
std::optional<eval::Known> find_variable(const Module& module, std::string_view name);
inline constexpr std::string_view kModulePath = "module_path";

}  // namespace weir::graph

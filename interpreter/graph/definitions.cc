// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/definitions.h"

namespace weir::graph {
namespace {

Definition find_imported(const std::shared_ptr<const Definitions>& import,
                         const std::vector<std::string>& name) {
  if (import == nullptr) return {Definition::Kind::kUnread, {}, nullptr};
  const auto at = name.size() == 2 ? import->declares.find(name[1]) : import->declares.end();
  if (at == import->declares.end()) return {Definition::Kind::kMissing, {}, nullptr};
  return {Definition::Kind::kDeclare, at->second, import};
}

}  // namespace

Definition find_definition(const std::shared_ptr<const Definitions>& from,
                           const std::vector<std::string>& name) {
  for (auto at = from; at != nullptr; at = at->outer) {
    if (const auto found = at->declares.find(name.front()); found != at->declares.end()) {
      if (name.size() > 1) return {};
      return {Definition::Kind::kDeclare, found->second, at};
    }
    if (const auto found = at->imports.find(name.front()); found != at->imports.end())
      return find_imported(found->second, name);
  }
  return {};
}

}  // namespace weir::graph

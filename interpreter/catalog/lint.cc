// SPDX-License-Identifier: Apache-2.0
#include "interpreter/catalog/lint.h"

namespace weir::catalog {

const value::Value* Lint::value_of(std::string_view field) const {
  for (const auto& attribute : body_.attributes) {
    if (attribute.name == field) return attribute.value ? &*attribute.value : nullptr;
  }
  return nullptr;
}

std::vector<const schema::EvaluatedBlock*> Lint::blocks(std::string_view name) const {
  std::vector<const schema::EvaluatedBlock*> out;
  for (const auto& block : body_.blocks) {
    if (block.name == name) out.push_back(&block);
  }
  return out;
}

text::Span Lint::place_of(std::string_view field) const {
  for (const auto& attribute : body_.attributes) {
    if (attribute.name == field)
      return attribute.expression == nullptr ? attribute.statement : attribute.expression->span;
  }
  const auto found = blocks(field);
  return found.empty() ? head_ : found.front()->head;
}

}  // namespace weir::catalog

// SPDX-License-Identifier: Apache-2.0
#include "interpreter/eval/evaluate.h"

#include <algorithm>

namespace weir::eval {

void Variables::set(std::string name, Known known) {
  const auto at = std::find_if(variables_.begin(), variables_.end(),
                               [&](const auto& v) { return v.first == name; });
  if (at != variables_.end()) {
    at->second = std::move(known);
  } else {
    variables_.emplace_back(std::move(name), std::move(known));
  }
}

std::optional<Known> Variables::find(std::string_view name) const {
  for (const auto& [variable, known] : variables_) {
    if (variable == name) return known;
  }
  return outer_ == nullptr ? std::nullopt : outer_->find(name);
}

std::vector<std::string_view> Variables::names() const {
  std::vector<std::string_view> out;
  if (outer_ != nullptr) out = outer_->names();
  for (const auto& [variable, known] : variables_) out.push_back(variable);
  return out;
}

}  // namespace weir::eval

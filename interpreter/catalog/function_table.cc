// SPDX-License-Identifier: Apache-2.0
// Functions by name, and the library as the one object that expressions look into.

#include "interpreter/catalog/function_def.h"

#include <algorithm>

namespace weir::catalog {
namespace {

/// Puts `leaf` at the dotted `path` below `root`, making objects on the way.
void insert_library(value::Object& root, std::string_view path, value::Value leaf) {
  const std::size_t dot = path.find('.');
  const std::string name(path.substr(0, dot));
  if (dot == std::string_view::npos) {
    root.members.emplace_back(name, std::move(leaf));
    return;
  }
  const auto at = std::find_if(root.members.begin(), root.members.end(),
                               [&](const auto& m) { return m.first == name; });
  value::Object below = at == root.members.end() ? value::Object{} : at->second.as_object();
  insert_library(below, path.substr(dot + 1), std::move(leaf));
  if (at == root.members.end()) {
    root.members.emplace_back(name, value::Value(std::move(below)));
  } else {
    at->second = value::Value(std::move(below));
  }
}

}  // namespace

Error Call::blame(CallError error) {
  errors_.push_back(std::move(error));
  return {Code::kInvalid, {}};
}

std::string FunctionDef::arity() const {
  if (variadic) return format("at least {}", least_args());
  if (optional_params == 0) return format("{}", params.size());
  return format("{} or {}", least_args(), params.size());
}

std::string FunctionDef::signature() const {
  const auto types = param_types();
  std::string out = format("{}(", name);
  for (std::size_t i = 0; i < params.size(); ++i) {
    const bool last = i + 1 == params.size();
    const bool optional = i >= params.size() - optional_params;
    out += format("{}{}{} {}{}", i == 0 ? "" : ", ", optional ? "[" : "", params[i].name,
                  variadic && last ? "..." : "", types[i].text());
  }
  return out + std::string(optional_params, ']') + ") " + result_type().text();
}

FunctionTable::FunctionTable(std::span<const FunctionDef* const> rows) : rows_(rows) {
  rebuild();
}

void FunctionTable::add_constant(std::string name, value::Value value) {
  constants_.emplace_back(std::move(name), std::move(value));
  rebuild();
}

const FunctionDef* FunctionTable::find(std::string_view full_name) const {
  const auto at = std::find_if(rows_.begin(), rows_.end(),
                               [&](const FunctionDef* row) { return row->name == full_name; });
  return at == rows_.end() ? nullptr : *at;
}

void FunctionTable::rebuild() {
  value::Object root;
  for (const FunctionDef* row : rows_) insert_library(root, row->name, value::Value(row));
  for (const auto& [name, value] : constants_) insert_library(root, name, value);
  root_ = value::Value(std::move(root));
}

}  // namespace weir::catalog

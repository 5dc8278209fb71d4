// SPDX-License-Identifier: Apache-2.0
#include "interpreter/syntax/locate.h"

#include <algorithm>

namespace weir::syntax {
namespace {

const Expression* without_parens(const Expression* node) {
  while (node->kind == ExpressionKind::kParen) node = node->children[0].get();
  return node;
}

/// The child that one step leads to, or null if this node is no literal that has it.
const Expression* follow(const Expression& node, const LocateStep& step) {
  if (const auto* index = std::get_if<std::size_t>(&step)) {
    const bool has = node.kind == ExpressionKind::kArray && *index < node.children.size();
    return has ? node.children[*index].get() : nullptr;
  }
  if (node.kind != ExpressionKind::kObject) return nullptr;
  const auto& name = std::get<std::string>(step);
  const auto at = std::find_if(node.fields.rbegin(), node.fields.rend(),
                               [&](const Field& field) { return field.name == name; });
  return at == node.fields.rend() ? nullptr : at->value.get();
}

}  // namespace

Located locate(const Expression& expression, std::span<const LocateStep> path) {
  Located at{without_parens(&expression)};
  for (const LocateStep& step : path) {
    const Expression* next = follow(*at.node, step);
    if (next == nullptr) break;
    at = {without_parens(next), at.steps + 1};
  }
  // Nothing was followed: the message shows what stands there, parentheses and all.
  return at.steps == 0 ? Located{&expression} : at;
}

std::string excerpt(const Expression& expression) {
  constexpr std::size_t kLongest = 100;
  std::string out;
  for (const char c : expression.span.text()) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    const bool inside_character = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    if (out.size() >= kLongest && !inside_character) return out + "...";
    out += blank ? ' ' : c;
  }
  return out;
}

}  // namespace weir::syntax

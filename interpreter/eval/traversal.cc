// SPDX-License-Identifier: Apache-2.0
// References by name, found in the tree without evaluating it.

#include "interpreter/eval/evaluate.h"

#include <algorithm>

namespace weir::eval {
namespace {

using syntax::Expression;
using syntax::ExpressionKind;

/// The traversal that ends at `e` if from there down there are only names; else `below` is what
/// stands in the way.
std::optional<Traversal> traversal_at(const Expression& e, const Expression*& below) {
  Traversal out;
  below = &e;
  for (; below->kind == ExpressionKind::kAccess; below = below->children[0].get()) {
    out.names.push_back(below->text);
    out.spans.push_back(below->name_span);
  }
  if (below->kind != ExpressionKind::kIdentifier) return std::nullopt;
  out.names.push_back(below->text);
  out.spans.push_back(below->span);
  std::reverse(out.names.begin(), out.names.end());
  std::reverse(out.spans.begin(), out.spans.end());
  out.span = e.span;
  return out;
}

// In source order, with a stack of its own: chains of operators and accesses may be long.
void collect_traversals(const Expression& root, std::vector<Traversal>& out) {
  std::vector<const Expression*> open{&root};
  while (!open.empty()) {
    const Expression* e = open.back();
    open.pop_back();
    if (auto found = traversal_at(*e, e)) {
      out.push_back(*std::move(found));
      continue;
    }
    for (auto field = e->fields.rbegin(); field != e->fields.rend(); ++field) {
      open.push_back(field->value.get());
    }
    for (auto child = e->children.rbegin(); child != e->children.rend(); ++child) {
      open.push_back(child->get());
    }
  }
}

void collect_traversals(const syntax::Body& body, std::vector<Traversal>& out) {
  for (const syntax::Statement& statement : body.statements) {
    if (statement.attribute) collect_traversals(*statement.attribute->value, out);
    if (statement.block) collect_traversals(statement.block->body, out);
  }
}

}  // namespace

std::vector<Traversal> traversals(const Expression& expression) {
  std::vector<Traversal> out;
  collect_traversals(expression, out);
  return out;
}

std::vector<Traversal> traversals(const syntax::Body& body) {
  std::vector<Traversal> out;
  collect_traversals(body, out);
  return out;
}

}  // namespace weir::eval

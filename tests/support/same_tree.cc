// SPDX-License-Identifier: Apache-2.0
#include "tests/support/same_tree.h"

#include "base/format.h"

namespace weir::test {
namespace {

using syntax::Expression;
using syntax::ExpressionKind;
using syntax::Statement;

std::string words_of(const Expression& e) {
  return e.kind == ExpressionKind::kString ? syntax::unquote(e.text) : e.text;
}

std::string differ(const Statement& a, const Statement& b) {
  if ((a.block == nullptr) != (b.block == nullptr)) return "a block against an attribute";
  if (a.block == nullptr) {
    if (a.attribute->name != b.attribute->name)
      return format("{} against {}", a.attribute->name, b.attribute->name);
    return tree_difference(*a.attribute->value, *b.attribute->value);
  }
  if (a.block->id() != b.block->id()) return format("{} against {}", a.block->id(), b.block->id());
  return tree_difference(a.block->body, b.block->body);
}

}  // namespace

std::string tree_difference(const Expression& a, const Expression& b) {
  if (a.kind != b.kind || a.op != b.op || a.truth != b.truth || words_of(a) != words_of(b)) {
    return format("\"{}\" against \"{}\"", a.span.text().substr(0, 80),
                  b.span.text().substr(0, 80));
  }
  if (a.children.size() != b.children.size() || a.fields.size() != b.fields.size())
    return "another number of parts";
  for (std::size_t i = 0; i < a.children.size(); ++i) {
    if (auto why = tree_difference(*a.children[i], *b.children[i]); !why.empty()) return why;
  }
  for (std::size_t i = 0; i < a.fields.size(); ++i) {
    if (a.fields[i].name != b.fields[i].name || a.fields[i].quoted != b.fields[i].quoted) {
      return format("key {} against {}", a.fields[i].name, b.fields[i].name);
    }
    if (auto why = tree_difference(*a.fields[i].value, *b.fields[i].value); !why.empty())
      return why;
  }
  return {};
}

std::string tree_difference(const syntax::Body& a, const syntax::Body& b) {
  if (a.statements.size() != b.statements.size()) {
    return format("{} statements against {}", a.statements.size(), b.statements.size());
  }
  for (std::size_t i = 0; i < a.statements.size(); ++i) {
    if (auto why = differ(a.statements[i], b.statements[i]); !why.empty()) return why;
  }
  return {};
}

}  // namespace weir::test

// SPDX-License-Identifier: Apache-2.0
#include "interpreter/syntax/ast.h"

#include <iterator>

namespace weir::syntax {

std::string_view spelling(Op op) {
  static constexpr std::string_view kSpellings[] = {
      "", "||", "&&", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "^", "!", "-"};
  static_assert(std::size(kSpellings) == static_cast<std::size_t>(Op::kNegate) + 1);
  return kSpellings[static_cast<std::size_t>(op)];
}

std::string Block::full_name() const {
  std::string out;
  for (const std::string& part : name) {
    if (!out.empty()) out += '.';
    out += part;
  }
  return out;
}

std::string Block::id() const {
  std::string out = full_name();
  if (!label.empty()) out += '.' + label;
  return out;
}

}  // namespace weir::syntax

// SPDX-License-Identifier: Apache-2.0
// What operators take, give and say: the rules of spec 7, for values and for types alone.

#pragma once

#include "interpreter/eval/evaluate.h"

namespace weir::eval {

/// What is wrong with an operation.
struct Problem {
  text::DiagnosticCode code;
  std::string message;
  std::string hint;
};

/// One side of an operator: what is known of it, and the text that messages show.
struct Operand {
  const Known& known;
  const syntax::Expression& expression;
};

/// What is wrong with the operands' types, as far as they are known.
std::optional<Problem> check_unary(syntax::Op op, Operand operand);
std::optional<Problem> check_binary(syntax::Op op, Operand left, Operand right);

/// The type of the result, of operands that passed the check.
value::Type unary_type(syntax::Op op);
value::Type binary_type(syntax::Op op, const Known& left, const Known& right);

/// The result, of values that passed the check. Errors: division by zero.
value::Value apply_unary(syntax::Op op, const value::Value& operand);
Result<value::Value> apply_binary(syntax::Op op, const value::Value& left,
                                  const value::Value& right);

}  // namespace weir::eval

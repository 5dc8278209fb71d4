// SPDX-License-Identifier: Apache-2.0
// Arithmetic on the three kinds of number (spec 7).
//
// Operands are promoted to the higher kind; whole numbers wrap at 64 bits, but a signed and an
// unsigned one are computed exactly where 64 bits hold the result. What has no whole result (a
// negative power, the negative of a huge unsigned number) is computed in floating point.

#pragma once

#include "base/result.h"
#include "interpreter/syntax/ast.h"
#include "interpreter/value/value.h"

#include <optional>
#include <string_view>

namespace weir::eval {

/// `op` is one of + - * / % ^. Errors: division by zero.
Result<value::Number> arithmetic(syntax::Op op, value::Number a, value::Number b);
value::Number negate(value::Number n);

/// The value of a NUMBER or FLOAT token: signed if it fits, else unsigned, else floating point; a
/// leading zero means octal if all digits are. Nothing if it is beyond every kind.
std::optional<value::Number> parse_number_literal(std::string_view text);

}  // namespace weir::eval

// SPDX-License-Identifier: Apache-2.0
// Text from a format with verbs, as Go's fmt.Sprintf writes it.

#pragma once

#include "base/result.h"
#include "interpreter/value/value.h"

#include <span>
#include <string>
#include <string_view>

namespace weir::value {

/// What sprintf made, and the first place where verbs and arguments did not fit: `%!d(string=hi)`.
struct Formatted {
  std::string text;
  std::string mistake;
};

/// Verbs: %v %T %t %d %b %o %O %x %X %c %q %U %e %E %f %F %g %G %s %%; flags + - # 0 and blank;
/// width, precision, `*`, `[n]`. Numbers are int, uint or float64, lists []interface {}, objects
/// map[string]interface {}, null nil. Errors: a result of more than `most` bytes.
Result<Formatted> sprintf(std::string_view format, std::span<const Value> args, std::size_t most);

}  // namespace weir::value

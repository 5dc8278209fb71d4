// SPDX-License-Identifier: Apache-2.0
// The decimal text of floating-point numbers: fewest digits that read back as the same number.

#pragma once

#include <string>

namespace weir::value {

/// A finite number as 0.d1d2d3... times ten to the power of `point`.
struct Decimal {
  bool negative = false;
  std::string digits;  ///< no leading or trailing zeros; empty for zero
  int point = 0;
};
/// The fewest digits that read back as `number`, which is finite.
Decimal shortest_decimal(double number);

/// Without exponent: "0.0000001", "1000000000000000000000", "5"; "NaN", "+Inf", "-Inf".
std::string plain_text(double number);

}  // namespace weir::value

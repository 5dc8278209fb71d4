// SPDX-License-Identifier: Apache-2.0
#include "interpreter/value/decimal.h"

#include "base/format.h"

#include <charconv>
#include <cmath>

namespace weir::value {

Decimal shortest_decimal(double number) {
  Decimal out;
  out.negative = std::signbit(number);
  if (number == 0) return out;
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(number),
                                 std::chars_format::scientific)
                       .ptr;
  const char* at = buffer;
  for (; at != end && *at != 'e'; ++at) {
    if (*at != '.') out.digits += *at;
  }
  const bool below_one = at[1] == '-';
  int exponent = 0;
  std::from_chars(at + 2, end, exponent);
  out.point = (below_one ? -exponent : exponent) + 1;
  while (!out.digits.empty() && out.digits.back() == '0') out.digits.pop_back();
  return out;
}

std::string plain_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "+Inf" : "-Inf";
  Decimal d = shortest_decimal(number);
  const std::string sign = d.negative ? "-" : "";
  if (d.digits.empty()) return sign + "0";
  if (d.point <= 0)
    return sign + "0." + std::string(static_cast<std::size_t>(-d.point), '0') + d.digits;
  const auto whole = static_cast<std::size_t>(d.point);
  if (whole >= d.digits.size()) return sign + d.digits + std::string(whole - d.digits.size(), '0');
  return sign + d.digits.insert(whole, ".");
}

}  // namespace weir::value

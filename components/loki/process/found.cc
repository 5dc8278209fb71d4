// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/found.h"

#include <charconv>
#include <cmath>
#include <cstring>

namespace weir::loki {

std::string_view print_number(double number, char (&room)[kNumberRoom]) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "+Inf" : "-Inf";
  if (std::abs(number) < 1e15 && number == std::trunc(number)) {
    const auto end = std::to_chars(room, room + kNumberRoom, static_cast<std::int64_t>(number)).ptr;
    return {room, static_cast<std::size_t>(end - room)};
  }
  // to_chars' own fixed form prints every digit of a large double, not the fewest: the digits come
  // from the scientific form and are laid out here.
  char digits[40];
  const auto end =
      std::to_chars(digits, digits + sizeof digits, number, std::chars_format::scientific).ptr;
  const std::string_view text(digits, static_cast<std::size_t>(end - digits));
  const std::size_t e = text.find('e');
  int exponent = 0;
  const std::size_t sign = text[e + 1] == '+' ? 2 : 1;  // from_chars takes a minus, but no plus
  std::from_chars(text.data() + e + sign, end, exponent);
  std::size_t size = 0;
  const auto put = [&](char c) { room[size++] = c; };
  std::string_view mantissa = text.substr(0, e);
  if (mantissa.front() == '-') {
    put('-');
    mantissa.remove_prefix(1);
  }
  if (exponent < 0) {
    put('0');
    put('.');
    for (int i = -1; i > exponent; --i) put('0');
    for (const char c : mantissa) {
      if (c != '.') put(c);
    }
    return {room, size};
  }
  int before_point = exponent + 1;
  for (const char c : mantissa) {
    if (c == '.') continue;
    if (before_point-- == 0) put('.');
    put(c);
  }
  for (; before_point > 0; --before_point) put('0');
  return {room, size};
}

}  // namespace weir::loki

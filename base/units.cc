// SPDX-License-Identifier: Apache-2.0
// Durations and sizes: pairs of a decimal number and a unit, added up.
#include "base/units.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace weir {
namespace {

constexpr std::uint64_t kDurationLimit = std::uint64_t{1}
                                         << 63;  // magnitude of the most negative one

struct UnitName {
  std::string_view name;
  std::uint64_t size;
};

constexpr UnitName kDurationUnits[] = {
    {"ns", 1},          {"us", 1'000},        {"\u00b5s", 1'000},  // micro sign
    {"\u03bcs", 1'000},                                            // Greek mu
    {"ms", 1'000'000},  {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000},
};

std::optional<std::uint64_t> duration_unit(std::string_view name) {
  for (const UnitName& unit : kDurationUnits) {
    if (unit.name == name) return unit.size;
  }
  return std::nullopt;
}

/// K, KB, Ki, KiB and so on; k, kB.
std::optional<std::uint64_t> byte_unit(std::string_view name) {
  if (name.empty() || name == "B") return 1;
  if (name == "k" || name == "kB") return 1000;
  constexpr std::string_view kPrefixes = "KMGTPE";
  const std::size_t power = kPrefixes.find(name.front());
  name.remove_prefix(1);
  if (power == std::string_view::npos ||
      !(name.empty() || name == "B" || name == "i" || name == "iB"))
    return std::nullopt;
  return std::uint64_t{1} << (10 * (power + 1));
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A decimal number at the front of `text`, as whole + part / scale.
struct Decimal {
  std::uint64_t whole = 0;
  std::uint64_t part = 0;
  double scale = 1;
};

/// Takes a decimal number off the front of `text`; nothing if there is none or it is too large.
std::optional<Decimal> take_decimal(std::string_view& text) {
  Decimal number;
  std::size_t i = 0;
  for (; i < text.size() && is_digit(text[i]); ++i) {
    if (number.whole > kDurationLimit / 10) return std::nullopt;
    number.whole = number.whole * 10 + static_cast<std::uint64_t>(text[i] - '0');
    if (number.whole > kDurationLimit) return std::nullopt;
  }
  std::size_t digits = i;
  if (i < text.size() && text[i] == '.') {
    for (++i; i < text.size() && is_digit(text[i]); ++i, ++digits) {
      if (number.part > (kDurationLimit - 10) / 10) continue;  // finer than a double tells apart
      number.part = number.part * 10 + static_cast<std::uint64_t>(text[i] - '0');
      number.scale *= 10;
    }
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(i);
  return number;
}

/// Takes everything up to the next number.
std::string_view take_unit(std::string_view& text) {
  std::size_t i = 0;
  while (i < text.size() && text[i] != '.' && !is_digit(text[i])) ++i;
  const std::string_view unit = text.substr(0, i);
  text.remove_prefix(i);
  return unit;
}

/// `number` times `unit`, cut off to a whole; nothing above the limit.
std::optional<std::uint64_t> scaled(const Decimal& number, std::uint64_t unit) {
  if (number.whole > kDurationLimit / unit) return std::nullopt;
  std::uint64_t value = number.whole * unit;
  if (number.part > 0) {
    value += static_cast<std::uint64_t>(static_cast<double>(number.part) *
                                        (static_cast<double>(unit) / number.scale));
  }
  if (value > kDurationLimit) return std::nullopt;
  return value;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte >= 0x7f) {
      format_to(std::back_inserter(out), "\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Writes `value` as a fraction with `digits` digits, trailing zeros and an empty fraction left
/// out.
void append_fraction(std::string& out, std::uint64_t value, int digits) {
  if (value == 0) return;
  std::string text = format("{:0{}}", value, digits);
  text.erase(text.find_last_not_of('0') + 1);
  out += '.';
  out += text;
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  const auto wrong = [&] { return invalid("time: invalid duration {}", quoted(text)); };
  std::string_view rest = text;
  bool negative = false;
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
    negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  if (rest == "0") return Duration::zero();
  if (rest.empty()) return wrong();
  std::uint64_t total = 0;
  while (!rest.empty()) {
    const auto number = take_decimal(rest);
    if (!number) return wrong();
    const std::string_view name = take_unit(rest);
    if (name.empty()) return invalid("time: missing unit in duration {}", quoted(text));
    const auto unit = duration_unit(name);
    if (!unit) return invalid("time: unknown unit {} in duration {}", quoted(name), quoted(text));
    const auto value = scaled(*number, *unit);
    if (!value || *value > kDurationLimit - total) return wrong();
    total += *value;
  }
  if (!negative && total == kDurationLimit) return wrong();
  return Duration(static_cast<std::int64_t>(negative ? 0 - total : total));
}

std::string print_duration(Duration duration) {
  const bool negative = duration.count() < 0;
  auto ns = static_cast<std::uint64_t>(duration.count());
  if (negative) ns = 0 - ns;
  std::string out = negative ? "-" : "";
  if (ns == 0) return "0s";
  if (ns < 1'000) return out + format("{}ns", ns);
  if (ns < 1'000'000'000) {
    const bool micro = ns < 1'000'000;
    const std::uint64_t unit = micro ? 1'000 : 1'000'000;
    out += format("{}", ns / unit);
    append_fraction(out, ns % unit, micro ? 3 : 6);
    return out + (micro ? "\u00b5s" : "ms");
  }
  const std::uint64_t seconds = ns / 1'000'000'000;
  if (seconds >= 3600) out += format("{}h", seconds / 3600);
  if (seconds >= 60) out += format("{}m", seconds / 60 % 60);
  out += format("{}", seconds % 60);
  append_fraction(out, ns % 1'000'000'000, 9);
  return out + 's';
}

Result<Bytes> parse_bytes(std::string_view text) {
  std::string_view rest = trimmed(text);
  if (rest.empty()) return invalid("invalid size {}", quoted(text));
  std::uint64_t total = 0;
  while (!rest.empty()) {
    const auto number = take_decimal(rest);
    if (!number) return invalid("invalid size {}", quoted(text));
    const std::string_view name = trimmed(take_unit(rest));
    const auto unit = byte_unit(name);
    if (!unit) return invalid("unknown unit {} in size {}", quoted(name), quoted(text));
    const auto value = scaled(*number, *unit);
    if (!value || *value > kDurationLimit - total)
      return invalid("size {} is too large", quoted(text));
    total += *value;
  }
  return Bytes{total};
}

std::string print_bytes(Bytes bytes) {
  constexpr std::string_view kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  std::size_t unit = 0;
  std::uint64_t count = bytes.count;
  while (count != 0 && count % 1024 == 0 && unit + 1 < std::size(kUnits)) {
    count /= 1024;
    ++unit;
  }
  return format("{}{}", count, kUnits[unit]);
}

}  // namespace weir

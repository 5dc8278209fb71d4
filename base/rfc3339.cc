// SPDX-License-Identifier: Apache-2.0
// Instants as text. Parsing is on the path of every log line, so fields lie at fixed places and all
// of their digits are checked at once at the end.
#include "base/units.h"

#include <array>
#include <cstring>
#include <limits>

namespace weir {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

/// Reads digits at fixed places and remembers whether each of them was one.
class DigitReader {
 public:
  explicit DigitReader(const char* text) : text_(text) {}
  unsigned two(std::size_t at) { return digit(at) * 10 + digit(at + 1); }
  unsigned digit(std::size_t at) {
    const unsigned value = static_cast<unsigned char>(text_[at]) - unsigned{'0'};
    worst_ |= value > 9 ? 1U : 0U;
    return value;
  }
  [[nodiscard]] bool all_digits() const { return worst_ == 0; }

 private:
  const char* text_;
  unsigned worst_ = 0;
};

/// Nanoseconds of the digits at the front of `text`, which are taken off; nothing if there are
/// none.
std::optional<std::int64_t> take_fraction(std::string_view& text) {
  std::int64_t ns = 0;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const unsigned value = static_cast<unsigned char>(text[i]) - unsigned{'0'};
    if (value > 9) break;
    if (i < 9) ns = ns * 10 + value;
  }
  if (i == 0) return std::nullopt;
  static constexpr std::int64_t kScale[] = {kSecond, 100'000'000, 10'000'000, 1'000'000, 100'000,
                                            10'000,  1'000,       100,        10,        1};
  text.remove_prefix(i);
  return ns * kScale[std::min<std::size_t>(i, 9)];
}

/// Seconds east of UTC of "Z" or "+01:00".
std::optional<std::int64_t> zone_offset(std::string_view text) {
  if (text == "Z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  DigitReader read(text.data());
  const unsigned hours = read.two(1);
  const unsigned minutes = read.two(4);
  if (!read.all_digits() || hours > 24 || minutes >= 60) return std::nullopt;
  const std::int64_t seconds = std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60;
  return text[0] == '-' ? -seconds : seconds;
}

char* put_digits(char* out, std::uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
  return out + digits;
}

}  // namespace

std::optional<Time> try_parse_rfc3339(std::string_view text) {
  constexpr std::size_t kFixed = sizeof("2006-01-02T15:04:05") - 1;
  if (text.size() <= kFixed) return std::nullopt;
  const char* at = text.data();
  if (at[4] != '-' || at[7] != '-' || at[10] != 'T' || at[13] != ':' || at[16] != ':')
    return std::nullopt;
  DigitReader read(at);
  const unsigned year = read.two(0) * 100 + read.two(2);
  const unsigned month = read.two(5);
  const unsigned day = read.two(8);
  const unsigned hour = read.two(11);
  const unsigned minute = read.two(14);
  const unsigned second = read.two(17);
  if (!read.all_digits() || month - 1 > 11 || day - 1 > 30 || hour > 23 || minute > 59 ||
      second > 59)
    return std::nullopt;
  if (day > 28 && day > days_in_month(year, month)) return std::nullopt;

  std::string_view rest = text.substr(kFixed);
  std::int64_t ns = 0;
  if (rest.front() == '.' || rest.front() == ',') {
    rest.remove_prefix(1);
    const auto fraction = take_fraction(rest);
    if (!fraction) return std::nullopt;
    ns = *fraction;
  }
  const auto offset = zone_offset(rest);
  if (!offset) return std::nullopt;
  const std::int64_t seconds =
      days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - *offset;
  constexpr std::int64_t kLastSecond = std::numeric_limits<std::int64_t>::max() / kSecond - 1;
  if (seconds > kLastSecond || seconds < -kLastSecond) return std::nullopt;
  return Time{seconds * kSecond + ns};
}

Result<Time> parse_rfc3339(std::string_view text) {
  if (const auto time = try_parse_rfc3339(text)) return *time;
  constexpr std::size_t kShown = 64;
  return invalid(
      "\"{}{}\" is not a time like 2006-01-02T15:04:05.5Z, between the years 1678 and 2262",
      text.substr(0, kShown), text.size() > kShown ? "..." : "");
}

std::string print_rfc3339(Time time) {
  std::int64_t seconds = time.ns / kSecond;
  std::int64_t ns = time.ns % kSecond;
  if (ns < 0) {
    ns += kSecond;
    --seconds;
  }
  std::int64_t days = seconds / 86400;
  std::int64_t of_day = seconds % 86400;
  if (of_day < 0) {
    of_day += 86400;
    --days;
  }
  const CivilDate date = civil_from_days(days);
  const auto clock = static_cast<std::uint64_t>(of_day);
  char buffer[sizeof("2006-01-02T15:04:05.999999999Z")];
  char* out = put_digits(buffer, static_cast<std::uint64_t>(date.year), 4);
  *out++ = '-';
  out = put_digits(out, date.month, 2);
  *out++ = '-';
  out = put_digits(out, date.day, 2);
  *out++ = 'T';
  out = put_digits(out, clock / 3600, 2);
  *out++ = ':';
  out = put_digits(out, clock / 60 % 60, 2);
  *out++ = ':';
  out = put_digits(out, clock % 60, 2);
  if (ns != 0) {
    *out++ = '.';
    out = put_digits(out, static_cast<std::uint64_t>(ns), 9);
    while (out[-1] == '0') --out;
  }
  *out++ = 'Z';
  return {buffer, out};
}

}  // namespace weir

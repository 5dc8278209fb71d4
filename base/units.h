// SPDX-License-Identifier: Apache-2.0
// Quantities with their unit in the type: Duration, Bytes, Time.

#pragma once

#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

using Duration = std::chrono::nanoseconds;

/// Parses Go's notation: "1h30m", "-1.5s", "250ms", "0". Units ns us µs ms s m h.
Result<Duration> parse_duration(std::string_view text);
/// Canonical form: "1h30m0s", "1.5s", "0s".
std::string print_duration(Duration duration);

/// A size in bytes.
struct Bytes {
  std::uint64_t count = 0;
  friend auto operator<=>(const Bytes&, const Bytes&) = default;
};

/// Parses "1MiB", "8B", "1024", "1.5 GiB", "1KiB512B". Units as the field reads them: K, KB, Ki,
/// KiB and their larger kin up to E count by 1024; k and kB, the metric kilo, by 1000.
Result<Bytes> parse_bytes(std::string_view text);
/// The shortest binary form that is exact: "1MiB", "1500B".
std::string print_bytes(Bytes bytes);

/// An instant: nanoseconds since the epoch, UTC.
struct Time {
  std::int64_t ns = 0;
  friend auto operator<=>(const Time&, const Time&) = default;
  friend Time operator+(Time time, Duration d) { return {time.ns + d.count()}; }
  friend Time operator-(Time time, Duration d) { return {time.ns - d.count()}; }
  friend Duration operator-(Time a, Time b) { return Duration(a.ns - b.ns); }
};

/// RFC 3339 with up to nine fraction digits, trailing zeros removed: "2026-11-20T08:00:00.5Z".
std::string print_rfc3339(Time time);
/// Parses RFC 3339 with `Z` or an offset; fraction digits past the ninth are cut off.
Result<Time> parse_rfc3339(std::string_view text);
/// The same for hot paths: nothing allocated, no word about what was wrong.
std::optional<Time> try_parse_rfc3339(std::string_view text);

/// Days from 1970-01-01 to a date of the Gregorian calendar; month 1..12. The date is not checked.
constexpr std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

/// A date of the Gregorian calendar.
struct CivilDate {
  std::int64_t year;
  unsigned month;  ///< 1..12
  unsigned day;    ///< 1..31
};
constexpr CivilDate civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146097);
  const unsigned year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted = (5 * day_of_year + 2) / 153;  // March is 0
  const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
  const std::int64_t year = era * 400 + year_of_era + (month <= 2 ? 1 : 0);
  return {year, month, day_of_year - (153 * shifted + 2) / 5 + 1};
}
constexpr bool is_leap_year(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
constexpr unsigned days_in_month(std::int64_t year, unsigned month) {
  if (month == 2) return is_leap_year(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
// Functions of dates. Whole numbers are seconds since the epoch; where a date is wanted and
// something else is given, it is now, as with the library.

#include "base/clock.h"
#include "components/loki/process/go_template_functions.h"
#include "components/loki/process/go_time.h"

#include <charconv>
#include <limits>

namespace weir::loki {
namespace {

constexpr std::int64_t kNsInSecond = 1'000'000'000;
/// Go's zero time: the first day of the year 1.
constexpr GoMoment kZeroMoment = {-62'135'596'800, 0};

GoMoment moment_of(Time time) {
  const std::int64_t ns = (time.ns % kNsInSecond + kNsInSecond) % kNsInSecond;
  return {(time.ns - ns) / kNsInSecond, ns};
}
GoMoment sprig_now() {
  return moment_of(Clock::system().now());
}
/// Seconds further from the epoch than this are no date: the years of four digits.
constexpr std::int64_t kMaxSeconds = 253'402'300'799;
GoMoment moment_of(const GoValue& v) {
  if (const auto* moment = std::get_if<GoMoment>(&v.data)) return *moment;
  const auto* seconds = std::get_if<std::int64_t>(&v.data);
  if (seconds == nullptr) return sprig_now();
  return {std::clamp(*seconds, -kMaxSeconds, kMaxSeconds), 0};
}
/// Nanoseconds between two, as many as there is room for.
Duration apart(GoMoment later, GoMoment earlier) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const std::int64_t seconds = later.seconds - earlier.seconds;
  if (std::abs(seconds) >= kMost / kNsInSecond - 1) return Duration(seconds < 0 ? -kMost : kMost);
  return Duration(seconds * kNsInSecond + later.ns - earlier.ns);
}

std::string in_zone(std::string_view layout, const GoValue& date, std::string_view zone) {
  const auto loaded = TimeZone::load(zone);
  const GoMoment moment = moment_of(date);
  return GoLayout(layout, loaded ? *loaded : TimeZone()).print(moment.seconds, moment.ns);
}
std::string sprig_date_in_zone(std::string_view layout, const GoValue& date,
                               std::string_view zone) {
  return in_zone(layout, date, zone);
}
std::string sprig_date(std::string_view layout, const GoValue& date) {
  return in_zone(layout, date, "Local");
}
std::string sprig_html_date(const GoValue& date) {
  return in_zone("2006-01-02", date, "Local");
}
std::string sprig_html_date_in_zone(const GoValue& date, std::string_view zone) {
  return in_zone("2006-01-02", date, zone);
}

GoAnswer sprig_must_to_date(std::string_view layout, std::string_view text) {
  const auto time = GoLayout(layout, TimeZone::local()).parse(text);
  return time ? GoAnswer(GoValue{moment_of(*time)}) : std::nullopt;
}
GoValue sprig_to_date(std::string_view layout, std::string_view text) {
  return sprig_must_to_date(layout, text).value_or(GoValue{kZeroMoment});
}
GoAnswer sprig_must_date_modify(std::string_view by, const GoMoment& date) {
  const auto duration = parse_duration(by);
  if (!duration) return std::nullopt;
  const std::int64_t ns = date.ns + duration->count() % kNsInSecond;
  const std::int64_t carry = ns < 0 ? -1 : ns >= kNsInSecond ? 1 : 0;
  return GoValue{
      GoMoment{date.seconds + duration->count() / kNsInSecond + carry, ns - carry * kNsInSecond}};
}
GoValue sprig_date_modify(std::string_view by, const GoMoment& date) {
  return sprig_must_date_modify(by, date).value_or(GoValue{date});
}
std::string sprig_unix_epoch(const GoMoment& date) {
  return std::to_string(date.seconds);
}

/// To the second, halves away from zero.
std::string sprig_ago(const GoValue& date) {
  const std::int64_t ns = apart(sprig_now(), moment_of(date)).count();
  const std::int64_t half = ns < 0 ? -kNsInSecond / 2 : kNsInSecond / 2;
  const std::int64_t seconds = ns / kNsInSecond + (ns % kNsInSecond + half) / kNsInSecond;
  return print_duration(Duration(seconds * kNsInSecond));
}
std::string sprig_duration(const GoValue& v) {
  std::int64_t seconds = 0;
  if (const auto* text = std::get_if<std::string>(&v.data))
    std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (const auto* whole = std::get_if<std::int64_t>(&v.data)) seconds = *whole;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kNsInSecond;
  return print_duration(Duration(std::clamp(seconds, -kMost, kMost) * kNsInSecond));
}
/// The largest unit alone: "2h10m5s" is "2h".
std::string sprig_duration_round(const GoValue& v) {
  Duration duration{0};
  if (const auto* text = std::get_if<std::string>(&v.data)) {
    if (const auto parsed = parse_duration(*text)) duration = *parsed;
  } else if (const auto* whole = std::get_if<std::int64_t>(&v.data)) {
    duration = Duration(*whole);
  } else if (const auto* moment = std::get_if<GoMoment>(&v.data)) {
    duration = apart(sprig_now(), *moment);
  }
  struct Unit {
    std::uint64_t seconds;
    std::string_view name;
  };
  static constexpr Unit kUnits[] = {{365 * 86400, "y"}, {30 * 86400, "mo"}, {86400, "d"},
                                    {3600, "h"},        {60, "m"},          {1, "s"}};
  const auto count = static_cast<std::uint64_t>(duration.count());
  const std::uint64_t ns = duration.count() < 0 ? -count : count;
  for (const Unit& unit : kUnits) {
    const std::uint64_t size = unit.seconds * static_cast<std::uint64_t>(kNsInSecond);
    if (ns > size) return std::to_string(ns / size) + std::string(unit.name);
  }
  return "0s";
}

}  // namespace

TemplateFunctions date_functions() {
  static constexpr TemplateFunction kRows[] = {
      go_row<&sprig_now>("now"),
      go_row<&sprig_date>("date"),
      go_row<&sprig_date_in_zone>("dateInZone"),
      go_row<&sprig_date_in_zone>("date_in_zone"),
      go_row<&sprig_html_date>("htmlDate"),
      go_row<&sprig_html_date_in_zone>("htmlDateInZone"),
      go_row<&sprig_to_date>("toDate"),
      go_row<&sprig_must_to_date>("mustToDate"),
      go_row<&sprig_date_modify>("dateModify"),
      go_row<&sprig_date_modify>("date_modify"),
      go_row<&sprig_must_date_modify>("mustDateModify"),
      go_row<&sprig_must_date_modify>("must_date_modify"),
      go_row<&sprig_unix_epoch>("unixEpoch"),
      go_row<&sprig_ago>("ago"),
      go_row<&sprig_duration>("duration"),
      go_row<&sprig_duration_round>("durationRound"),
  };
  return kRows;
}

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// Instants written as Go's layouts say.

#include "base/format.h"
#include "components/loki/process/go_time.h"

#include <algorithm>
#include <cstdlib>

namespace weir::loki {

/// An instant as the wall of its zone shows it.
struct PrintedClock {
  CivilDate date;
  unsigned weekday;  ///< 0: Sunday
  std::int64_t year_day, hour, minute, second, ns;
  std::int64_t offset;  ///< seconds east of UTC
  std::string_view zone;
};

namespace {

PrintedClock clock_of(std::int64_t seconds, std::int64_t ns, const TimeZone& zone) {
  constexpr std::int64_t kDay = 86400;
  const std::int64_t offset = zone.offset_at(seconds);
  const std::int64_t local = seconds + offset;
  const std::int64_t days = local / kDay - (local % kDay < 0 ? 1 : 0);
  const std::int64_t second = local - days * kDay;
  const CivilDate date = civil_from_days(days);
  return {date,
          static_cast<unsigned>(((days + 4) % 7 + 7) % 7),
          days - days_from_civil(date.year, 1, 1) + 1,
          second / 3600,
          second / 60 % 60,
          second % 60,
          ns,
          offset,
          zone.abbreviation_at(seconds)};
}

std::string print_offset(std::int64_t offset, bool colon, int parts) {
  const std::int64_t size = std::abs(offset);
  const char* const between = colon ? ":" : "";
  std::string out = format("{}{:02}", offset < 0 ? '-' : '+', size / 3600);
  if (parts > 1) out += format("{}{:02}", between, size / 60 % 60);
  if (parts > 2) out += format("{}{:02}", between, size % 60);
  return out;
}

/// `digits` of them; of nines without the zeros at the end, and the point with them.
std::string print_fraction(std::int64_t ns, int digits, bool nines) {
  std::string out = format("{:09}", ns);
  out.resize(static_cast<std::size_t>(std::min(digits, 9)));
  out.append(static_cast<std::size_t>(std::max(digits - 9, 0)), '0');
  while (nines && out.ends_with('0')) out.pop_back();
  return out.empty() ? out : "." + out;
}

}  // namespace

std::string GoLayout::print(std::int64_t seconds, std::int64_t ns) const {
  const PrintedClock clock = clock_of(seconds, ns, zone_);
  std::string out;
  for (const Element& element : elements_) print_element(element, clock, out);
  return out;
}

void GoLayout::print_element(const Element& element, const PrintedClock& clock,
                             std::string& out) const {
  const std::int64_t hour12 = (clock.hour + 11) % 12 + 1;
  switch (element.part) {
    case Part::kText: out += element.text; break;
    case Part::kLongMonth: out += kMonthNames[clock.date.month - 1]; break;
    case Part::kMonth: out += kMonthNames[clock.date.month - 1].substr(0, 3); break;
    case Part::kMonthNumber: out += format("{}", clock.date.month); break;
    case Part::kZeroMonth: out += format("{:02}", clock.date.month); break;
    case Part::kLongWeekday: out += kWeekdayNames[clock.weekday]; break;
    case Part::kWeekday: out += kWeekdayNames[clock.weekday].substr(0, 3); break;
    case Part::kDay: out += format("{}", clock.date.day); break;
    case Part::kUnderDay: out += format("{:2}", clock.date.day); break;
    case Part::kZeroDay: out += format("{:02}", clock.date.day); break;
    case Part::kUnderYearDay: out += format("{:3}", clock.year_day); break;
    case Part::kZeroYearDay: out += format("{:03}", clock.year_day); break;
    case Part::kHour: out += format("{:02}", clock.hour); break;
    case Part::kHour12: out += format("{}", hour12); break;
    case Part::kZeroHour12: out += format("{:02}", hour12); break;
    case Part::kMinute: out += format("{}", clock.minute); break;
    case Part::kZeroMinute: out += format("{:02}", clock.minute); break;
    case Part::kSecond: out += format("{}", clock.second); break;
    case Part::kZeroSecond: out += format("{:02}", clock.second); break;
    case Part::kLongYear: out += format("{:04}", clock.date.year); break;
    case Part::kYear: out += format("{:02}", std::abs(clock.date.year) % 100); break;
    case Part::kUpperPm: out += clock.hour >= 12 ? "PM" : "AM"; break;
    case Part::kLowerPm: out += clock.hour >= 12 ? "pm" : "am"; break;
    case Part::kZone: out += clock.zone; break;
    case Part::kOffset:
      if (element.z && clock.offset == 0) {
        out += 'Z';
      } else {
        out += print_offset(clock.offset, element.colon, element.offset_parts);
      }
      break;
    case Part::kFractionZeros: out += print_fraction(clock.ns, element.digits, false); break;
    case Part::kFractionNines: out += print_fraction(clock.ns, element.digits, true); break;
  }
}

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/go_time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace weir::loki {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
char folded(char c) {
  return is_upper(c) ? static_cast<char>(c + 32) : c;
}

/// Takes one of `names`, or its first `letters` letters, in any case; -1 if none is there.
template <std::size_t N>
int take_name(const std::array<std::string_view, N>& names, std::size_t letters,
              std::string_view& text) {
  for (std::size_t i = 0; i < N; ++i) {
    const std::string_view name = names[i].substr(0, letters);
    std::size_t same = 0;
    while (same < name.size() && same < text.size() && folded(text[same]) == folded(name[same]))
      ++same;
    if (same != name.size()) continue;
    text.remove_prefix(same);
    return static_cast<int>(i);
  }
  return -1;
}

/// Takes exactly `digits` digits.
bool take_digits(std::string_view& text, std::size_t digits, std::int64_t& out) {
  if (text.size() < digits) return false;
  out = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!is_digit(text[i])) return false;
    out = out * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return true;
}

/// Takes two digits, or one if that is all there is and `fixed` is not asked for.
bool take_number(std::string_view& text, bool fixed, std::int64_t& out) {
  if (text.empty() || !is_digit(text[0])) return false;
  const bool two = text.size() > 1 && is_digit(text[1]);
  return (two || !fixed) && take_digits(text, two ? 2 : 1, out);
}

/// Takes a separator and digits; those beyond the ninth are dropped.
bool take_fraction(std::string_view& text, std::size_t digits, std::int64_t& ns) {
  if (text.size() < digits + 1 || (text[0] != '.' && text[0] != ',')) return false;
  ns = 0;
  for (std::size_t i = 1; i <= std::max<std::size_t>(digits, 9); ++i) {
    if (i <= digits && !is_digit(text[i])) return false;
    if (i <= 9) ns = ns * 10 + (i <= digits ? text[i] - '0' : 0);
  }
  text.remove_prefix(digits + 1);
  return true;
}

std::size_t count_fraction(std::string_view text) {
  std::size_t digits = 0;
  while (digits + 1 < text.size() && is_digit(text[digits + 1])) ++digits;
  return digits;
}

/// A run of spaces in a layout stands for any number of them.
bool take_text(std::string_view& text, std::string_view wanted) {
  while (!wanted.empty()) {
    if (wanted[0] == ' ') {
      if (!text.empty() && text[0] != ' ') return false;
      while (wanted.starts_with(' ')) wanted.remove_prefix(1);
      while (text.starts_with(' ')) text.remove_prefix(1);
      continue;
    }
    if (text.empty() || text[0] != wanted[0]) return false;
    text.remove_prefix(1);
    wanted.remove_prefix(1);
  }
  return true;
}

/// How long the zone's abbreviation at the front of `text` is: "MST", "AEST", "GMT+3", "+03"; 0 if
/// none is there.
std::size_t zone_name_size(std::string_view text) {
  if (text.size() < 3) return 0;
  if (text.starts_with("ChST") || text.starts_with("MeST")) return 4;
  const auto signed_hours = [&](std::size_t from) -> std::size_t {
    if (from >= text.size() || (text[from] != '+' && text[from] != '-')) return 0;
    std::size_t end = from + 1;
    int hours = 0;
    while (end < text.size() && is_digit(text[end]) && end < from + 4)
      hours = hours * 10 + (text[end++] - '0');
    return end == from + 1 || hours > 23 ? 0 : end - from;
  };
  if (text.starts_with("GMT")) return 3 + signed_hours(3);
  if (text[0] == '+' || text[0] == '-') return signed_hours(0);
  std::size_t letters = 0;
  while (letters < 6 && letters < text.size() && is_upper(text[letters])) ++letters;
  if (letters == 3) return 3;
  if (letters == 4) return text[3] == 'T' || text.starts_with("WITA") ? 4 : 0;
  if (letters == 5) return text[4] == 'T' ? 5 : 0;
  return 0;
}

/// Whether a layout is RFC 3339's with a fraction that may be left out: what try_parse_rfc3339()
/// reads.
bool is_rfc3339(std::string_view layout) {
  constexpr std::string_view kDateTime = "2006-01-02T15:04:05";
  constexpr std::string_view kZone = "Z07:00";
  if (!layout.starts_with(kDateTime) || !layout.ends_with(kZone)) return false;
  const std::string_view fraction =
      layout.substr(kDateTime.size(), layout.size() - kDateTime.size() - kZone.size());
  return fraction.empty() ||
         (fraction[0] == '.' && fraction.find_first_not_of('9', 1) == std::string_view::npos);
}

}  // namespace

/// What is only known when the whole text is read.
struct ReadState {
  std::int64_t hour = 0, minute = 0, second = 0;
  std::int64_t year_day = -1;
  std::int64_t month = -1, day = -1;
  bool pm = false, am = false;
};

std::optional<GoLayout::Element> GoLayout::element_at(std::string_view at, std::size_t& size) {
  struct Spelling {
    std::string_view text;
    Part part;
    bool z = false, colon = false;
    int offset_parts = 0;
  };
  // Longer spellings stand before those they begin with.
  static constexpr Spelling kSpellings[] = {
      {"January", Part::kLongMonth},
      {"Jan", Part::kMonth},
      {"Monday", Part::kLongWeekday},
      {"Mon", Part::kWeekday},
      {"MST", Part::kZone},
      {"2006", Part::kLongYear},
      {"002", Part::kZeroYearDay},
      {"01", Part::kZeroMonth},
      {"02", Part::kZeroDay},
      {"03", Part::kZeroHour12},
      {"04", Part::kZeroMinute},
      {"05", Part::kZeroSecond},
      {"06", Part::kYear},
      {"15", Part::kHour},
      {"1", Part::kMonthNumber},
      {"2", Part::kDay},
      {"__2", Part::kUnderYearDay},
      {"_2", Part::kUnderDay},
      {"3", Part::kHour12},
      {"4", Part::kMinute},
      {"5", Part::kSecond},
      {"PM", Part::kUpperPm},
      {"pm", Part::kLowerPm},
      {"-07:00:00", Part::kOffset, false, true, 3},
      {"-07:00", Part::kOffset, false, true, 2},
      {"-070000", Part::kOffset, false, false, 3},
      {"-0700", Part::kOffset, false, false, 2},
      {"-07", Part::kOffset, false, false, 1},
      {"Z07:00:00", Part::kOffset, true, true, 3},
      {"Z07:00", Part::kOffset, true, true, 2},
      {"Z070000", Part::kOffset, true, false, 3},
      {"Z0700", Part::kOffset, true, false, 2},
      {"Z07", Part::kOffset, true, false, 1},
  };
  if ((at[0] == '.' || at[0] == ',') && at.size() > 1 && (at[1] == '0' || at[1] == '9')) {
    std::size_t end = 1;
    while (end < at.size() && at[end] == at[1]) ++end;
    if (end == at.size() || !is_digit(at[end])) {  // ".0001" is no fraction
      size = end;
      return Element{at[1] == '0' ? Part::kFractionZeros : Part::kFractionNines,
                     {},
                     static_cast<int>(end - 1)};
    }
  }
  if (at.starts_with("_2006")) return std::nullopt;  // a text "_" before a year
  for (const Spelling& spelling : kSpellings) {
    if (!at.starts_with(spelling.text)) continue;
    // "Janet" is a text, "Jan2" is not.
    const bool is_short_name = spelling.part == Part::kMonth || spelling.part == Part::kWeekday;
    if (is_short_name && at.size() > 3 && at[3] >= 'a' && at[3] <= 'z') continue;
    size = spelling.text.size();
    return Element{spelling.part, {}, 0, spelling.z, spelling.colon, spelling.offset_parts};
  }
  return std::nullopt;
}

GoLayout::GoLayout(std::string_view layout, TimeZone zone) : zone_(std::move(zone)) {
  is_rfc3339_ = is_rfc3339(layout);
  while (!layout.empty()) {
    std::size_t size = 1;
    std::optional<Element> element = element_at(layout, size);
    if (element) {
      elements_.push_back(std::move(*element));
    } else {
      if (elements_.empty() || elements_.back().part != Part::kText)
        elements_.push_back({Part::kText, {}});
      elements_.back().text += layout[0];
    }
    layout.remove_prefix(size);
  }
}

bool GoLayout::has_fields() const {
  return std::any_of(elements_.begin(), elements_.end(),
                     [](const Element& element) { return element.part != Part::kText; });
}

bool GoLayout::read_element(std::size_t index, std::string_view& text, Reading& out,
                            ReadState& state) const {
  const Element& element = elements_[index];
  std::int64_t number = 0;
  const auto fixed_or_one = [&](bool fixed, std::int64_t low, std::int64_t high,
                                std::int64_t& into) {
    return take_number(text, fixed, into) && into >= low && into <= high;
  };
  switch (element.part) {
    case Part::kText: return take_text(text, element.text);
    case Part::kLongMonth: return (state.month = take_name(kMonthNames, 99, text) + 1) > 0;
    case Part::kMonth: return (state.month = take_name(kMonthNames, 3, text) + 1) > 0;
    case Part::kMonthNumber: return fixed_or_one(false, 1, 12, state.month);
    case Part::kZeroMonth: return fixed_or_one(true, 1, 12, state.month);
    case Part::kLongWeekday: return take_name(kWeekdayNames, 99, text) >= 0;
    case Part::kWeekday: return take_name(kWeekdayNames, 3, text) >= 0;
    case Part::kUnderDay:
      if (text.starts_with(' ')) text.remove_prefix(1);
      return take_number(text, false, state.day);
    case Part::kDay: return take_number(text, false, state.day);
    case Part::kZeroDay: return take_number(text, true, state.day);
    case Part::kUnderYearDay:
      for (int i = 0; i < 2 && text.starts_with(' '); ++i) text.remove_prefix(1);
      number = 0;
      for (int digits = 0; digits < 3 && !text.empty() && is_digit(text[0]);
           ++digits, text.remove_prefix(1)) {
        number = number * 10 + (text[0] - '0');
      }
      state.year_day = number;
      return true;
    case Part::kZeroYearDay: return take_digits(text, 3, state.year_day);
    case Part::kHour: return fixed_or_one(false, 0, 23, state.hour);
    case Part::kHour12: return fixed_or_one(false, 0, 12, state.hour);
    case Part::kZeroHour12: return fixed_or_one(true, 0, 12, state.hour);
    case Part::kMinute: return fixed_or_one(false, 0, 59, state.minute);
    case Part::kZeroMinute: return fixed_or_one(true, 0, 59, state.minute);
    case Part::kSecond:
    case Part::kZeroSecond: {
      if (!fixed_or_one(element.part == Part::kZeroSecond, 0, 59, state.second)) return false;
      // A fraction behind seconds is read even if the layout has none.
      const bool shown =
          index + 1 < elements_.size() && (elements_[index + 1].part == Part::kFractionZeros ||
                                           elements_[index + 1].part == Part::kFractionNines);
      const bool there = text.size() > 1 && (text[0] == '.' || text[0] == ',') && is_digit(text[1]);
      return shown || !there || take_fraction(text, count_fraction(text), out.ns);
    }
    case Part::kLongYear: return take_digits(text, 4, out.year);
    case Part::kYear:
      if (!take_digits(text, 2, out.year)) return false;
      out.year += out.year >= 69 ? 1900 : 2000;
      return true;
    case Part::kUpperPm:
    case Part::kLowerPm: {
      const std::string_view two = text.substr(0, 2);
      const bool upper = element.part == Part::kUpperPm;
      state.pm = two == (upper ? "PM" : "pm");
      state.am = two == (upper ? "AM" : "am");
      if (state.pm || state.am) text.remove_prefix(2);
      return state.pm || state.am;
    }
    case Part::kZone: {
      const std::size_t size = text.starts_with("UTC") ? 3 : zone_name_size(text);
      out.zone_name = text.substr(0, size);
      text.remove_prefix(size);
      return size > 0;
    }
    case Part::kOffset: {
      if (element.z && text.starts_with('Z')) {
        text.remove_prefix(1);
        out.offset = 0;
        return true;
      }
      if (text.empty() || (text[0] != '+' && text[0] != '-')) return false;
      const bool west = text[0] == '-';
      text.remove_prefix(1);
      static constexpr std::int64_t kUnits[] = {3600, 60, 1};
      static constexpr std::int64_t kMost[] = {24, 59, 59};
      std::int64_t offset = 0;
      for (int i = 0; i < element.offset_parts; ++i) {
        if (i > 0 && element.colon && !take_text(text, ":")) return false;
        if (!take_digits(text, 2, number) || number > kMost[i]) return false;
        offset += number * kUnits[i];
      }
      out.offset = west ? -offset : offset;
      return true;
    }
    case Part::kFractionZeros:
      return take_fraction(text, static_cast<std::size_t>(element.digits), out.ns);
    case Part::kFractionNines: {
      const bool there = text.size() > 1 && (text[0] == '.' || text[0] == ',') && is_digit(text[1]);
      return !there || take_fraction(text, count_fraction(text), out.ns);
    }
  }
  return false;
}

std::optional<GoLayout::Reading> GoLayout::read(std::string_view text) const {
  Reading out;
  ReadState state;
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    if (!read_element(i, text, out, state)) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  if (state.pm && state.hour < 12) state.hour += 12;
  if (state.am && state.hour == 12) state.hour = 0;
  if (state.year_day >= 0) {
    const std::int64_t days_of_year =
        days_from_civil(out.year + 1, 1, 1) - days_from_civil(out.year, 1, 1);
    if (state.year_day < 1 || state.year_day > days_of_year) return std::nullopt;
    const CivilDate date = civil_from_days(days_from_civil(out.year, 1, 1) + state.year_day - 1);
    const bool agrees =
        (state.month < 0 || state.month == date.month) && (state.day < 0 || state.day == date.day);
    if (!agrees) return std::nullopt;
    state.month = date.month;
    state.day = date.day;
  }
  if (state.month > 0) out.month = static_cast<unsigned>(state.month);
  if (state.day >= 0) out.day = static_cast<unsigned>(state.day);
  if (out.day < 1 || out.day > days_in_month(out.year, out.month)) return std::nullopt;
  out.second_of_day = state.hour * 3600 + state.minute * 60 + state.second;
  return out;
}

std::optional<Time> GoLayout::instant(const Reading& reading) const {
  const std::int64_t local =
      days_from_civil(reading.year, reading.month, reading.day) * 86400 + reading.second_of_day;
  std::int64_t utc = local;
  if (reading.offset) {
    utc = local - *reading.offset;
  } else if (reading.zone_name.starts_with("UTC")) {
    utc = local;
  } else if (!reading.zone_name.empty()) {
    // An abbreviation that the zone does not know says nothing, but "GMT+3" and "+03" do.
    std::int64_t hours = 0;
    const std::string_view name = reading.zone_name;
    const std::size_t sign = name.find_first_of("+-");
    if (const auto offset = zone_.offset_of(name, local)) {
      utc = local - *offset;
    } else if (sign != std::string_view::npos && name.starts_with("GMT")) {
      std::from_chars(name.data() + sign + 1, name.data() + name.size(), hours);
      utc = local - (name[sign] == '-' ? -hours : hours) * 3600;
    }
  } else {
    utc = zone_.to_utc(local);
  }
  constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max() / kNsPerSecond - 1;
  if (utc > kLast || utc < -kLast) return std::nullopt;
  return Time{utc * kNsPerSecond + reading.ns};
}

std::optional<Time> GoLayout::parse(std::string_view text) const {
  if (is_rfc3339_) {
    if (const auto time = try_parse_rfc3339(text)) return time;
  }
  const std::optional<Reading> reading = read(text);
  return reading ? instant(*reading) : std::nullopt;
}

Result<Time> GoLayout::parse_without_year(std::string_view text, Time now) const {
  std::optional<Reading> reading = read(text);
  if (!reading) return invalid("\"{}\" is not a time of this form", text.substr(0, 64));
  if (reading->year != 0)
    return invalid("timestamp '{}' is expected to not contain the year date component",
                   text.substr(0, 64));
  const std::int64_t days = now.ns / kNsPerSecond / 86400;
  const CivilDate today = civil_from_days(days);
  reading->year = static_cast<std::int64_t>(today.year);
  // Around New Year the other year is nearer.
  if (reading->month == 12 && today.month == 1) --reading->year;
  if (reading->month == 1 && today.month == 12) ++reading->year;
  if (reading->day > days_in_month(reading->year, reading->month)) {  // February 29th
    reading->day = 1;
    ++reading->month;
  }
  const std::optional<Time> time = instant(*reading);
  if (!time) return invalid("\"{}\" lies too far away", text.substr(0, 64));
  return *time;
}

TimeFormat::TimeFormat(std::string_view format, TimeZone zone) {
  static constexpr std::pair<std::string_view, std::string_view> kNamed[] = {
      {"ANSIC", "Mon Jan _2 15:04:05 2006"},
      {"UnixDate", "Mon Jan _2 15:04:05 MST 2006"},
      {"RubyDate", "Mon Jan 02 15:04:05 -0700 2006"},
      {"RFC822", "02 Jan 06 15:04 MST"},
      {"RFC822Z", "02 Jan 06 15:04 -0700"},
      {"RFC850", "Monday, 02-Jan-06 15:04:05 MST"},
      {"RFC1123", "Mon, 02 Jan 2006 15:04:05 MST"},
      {"RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700"},
      {"RFC3339", "2006-01-02T15:04:05Z07:00"},
      {"RFC3339Nano", "2006-01-02T15:04:05.999999999Z07:00"},
  };
  static constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
      {"Unix", kNsPerSecond}, {"UnixMs", 1'000'000}, {"UnixUs", 1'000}, {"UnixNs", 1}};
  for (const auto& [name, layout] : kNamed) {
    if (format != name) continue;
    layout_ = GoLayout(layout);
    return;
  }
  for (const auto& [name, unit] : kUnits) {
    if (format != name) continue;
    kind_ = Kind::kUnix;
    unit_ns_ = unit;
    return;
  }
  layout_ = GoLayout(format, std::move(zone));
  if (format.find("06") == std::string_view::npos) kind_ = Kind::kWithoutYear;
}

namespace {

/// A whole number, perhaps with a sign; nothing else.
std::optional<std::int64_t> whole_number(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<Time> unix_time(std::string_view text, std::int64_t unit_ns) {
  std::int64_t fraction_ns = 0;
  const std::size_t point = text.find('.');
  if (unit_ns == kNsPerSecond && point != std::string_view::npos) {
    const std::string_view digits = text.substr(point + 1);
    const auto fraction = whole_number(digits);
    if (!fraction) return std::nullopt;
    fraction_ns = static_cast<std::int64_t>(
        static_cast<double>(*fraction) * std::pow(10.0, 9.0 - static_cast<double>(digits.size())));
    text = text.substr(0, point);
  }
  const auto whole = whole_number(text);
  Time out;
  if (!whole || __builtin_mul_overflow(*whole, unit_ns, &out.ns) ||
      __builtin_add_overflow(out.ns, fraction_ns, &out.ns)) {
    return std::nullopt;
  }
  return out;
}

}  // namespace

std::optional<Time> TimeFormat::parse(std::string_view text, Time now) const {
  switch (kind_) {
    case Kind::kUnix: return unix_time(text, unit_ns_);
    case Kind::kWithoutYear: {
      const Result<Time> time = layout_.parse_without_year(text, now);
      return time ? std::optional<Time>(*time) : std::nullopt;
    }
    case Kind::kLayout: break;
  }
  return layout_.parse(text);
}

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// Times written as Go's layouts: the form is shown by how "Mon Jan 2 15:04:05 MST 2006" looks in
// it.
//
// A layout is compiled once to a list of elements and texts between them. RFC 3339, which most logs
// have, takes a faster road to the same answer.

#pragma once

#include "base/units.h"
#include "components/loki/process/time_zone.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::loki {

inline constexpr std::array<std::string_view, 12> kMonthNames = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
inline constexpr std::array<std::string_view, 7> kWeekdayNames = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

/// A layout such as "2006-01-02 15:04:05.000". Immutable. Threads: any.
class GoLayout {
 public:
  GoLayout() = default;
  /// Any text is a layout. `zone` is that of texts which name none.
  explicit GoLayout(std::string_view layout, TimeZone zone = {});

  /// Whether any part of a time shows in it.
  [[nodiscard]] bool has_fields() const;

  /// What a clock on the wall would say, before anything is known of the zone.
  struct Reading {
    std::int64_t year = 0;  ///< 0 if the text has none
    unsigned month = 1, day = 1;
    std::int64_t second_of_day = 0;
    std::int64_t ns = 0;
    std::optional<std::int64_t> offset;  ///< seconds east of UTC
    std::string_view zone_name;
  };
  /// Nothing if `text` is not of this form.
  [[nodiscard]] std::optional<Reading> read(std::string_view text) const;
  /// The instant; nothing if it lies outside the years 1678 to 2262.
  [[nodiscard]] std::optional<Time> instant(const Reading& reading) const;

  [[nodiscard]] std::optional<Time> parse(std::string_view text) const;
  /// For forms without a year: the year that is nearest `now`. Errors: kInvalid, also if the text
  /// has a year.
  [[nodiscard]] Result<Time> parse_without_year(std::string_view text, Time now) const;

  /// The instant in this form, in the layout's zone: `seconds` since the epoch and `ns` more.
  [[nodiscard]] std::string print(std::int64_t seconds, std::int64_t ns) const;

 private:
  enum class Part : std::uint8_t {
    kText,
    kLongMonth,
    kMonth,
    kMonthNumber,
    kZeroMonth,
    kLongWeekday,
    kWeekday,
    kDay,
    kUnderDay,
    kZeroDay,
    kUnderYearDay,
    kZeroYearDay,
    kHour,
    kHour12,
    kZeroHour12,
    kMinute,
    kZeroMinute,
    kSecond,
    kZeroSecond,
    kLongYear,
    kYear,
    kUpperPm,
    kLowerPm,
    kZone,
    kOffset,
    kFractionZeros,
    kFractionNines,
  };
  struct Element {
    Part part;
    std::string text;      ///< kText
    int digits = 0;        ///< of a fraction
    bool z = false;        ///< an offset where "Z" stands for none
    bool colon = false;    ///< of an offset
    int offset_parts = 0;  ///< 1 hours, 2 and minutes, 3 and seconds
  };
  static std::optional<Element> element_at(std::string_view layout, std::size_t& size);
  void print_element(const Element& element, const struct PrintedClock& clock,
                     std::string& out) const;
  bool read_element(std::size_t index, std::string_view& text, Reading& out,
                    struct ReadState& state) const;

  std::vector<Element> elements_;
  TimeZone zone_;
  bool is_rfc3339_ = false;
};

/// What `format` of stage.timestamp may be: a predefined name ("RFC3339", "UnixMs", ...) or a
/// layout.
class TimeFormat {
 public:
  TimeFormat() = default;
  /// Predefined forms carry their zone or are in UTC; `zone` is that of other layouts.
  TimeFormat(std::string_view format, TimeZone zone);

  /// False of a layout that only fits itself.
  [[nodiscard]] bool has_fields() const { return kind_ == Kind::kUnix || layout_.has_fields(); }
  /// Nothing if `text` is not of this form. `now` gives the year to forms that have none.
  [[nodiscard]] std::optional<Time> parse(std::string_view text, Time now) const;

 private:
  enum class Kind { kLayout, kWithoutYear, kUnix } kind_ = Kind::kLayout;
  GoLayout layout_;
  std::int64_t unit_ns_ = 0;  ///< kUnix
};

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// Time zones of the system's database: from what a clock on the wall says to UTC.
//
// The C++ library of Debian 12 has no time zones and the C one has but a single one a process, so
// the files of /usr/share/zoneinfo are read here (RFC 8536): a list of changes, then a rule for all
// later years.

#pragma once

#include "base/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::loki {

/// Cheap to copy, immutable. Threads: any.
class TimeZone {
 public:
  /// UTC.
  TimeZone() = default;
  /// Names like "Europe/Zurich"; "" and "UTC" are UTC, "Local" is local(). Errors: kNotFound,
  /// kInvalid.
  static Result<TimeZone> load(std::string_view name);
  /// The machine's: what the environment's TZ names, else /etc/localtime; UTC if that is no zone.
  static TimeZone local();
  /// The contents of a zone file. Errors: kInvalid.
  static Result<TimeZone> parse(std::string_view file);

  /// Seconds east of UTC at an instant, given in seconds since the epoch.
  [[nodiscard]] std::int64_t offset_at(std::int64_t utc) const;
  /// What the zone is called then: "CET".
  [[nodiscard]] std::string_view abbreviation_at(std::int64_t utc) const;
  /// The instant at which clocks on the wall say `local` (seconds since the epoch as if in UTC).
  /// Where they say it twice, the first or second; where never, one of the two meanings: as Go's
  /// time.Date chooses.
  [[nodiscard]] std::int64_t to_utc(std::int64_t local) const;
  /// Seconds east of UTC that the abbreviation stands for in this zone, preferably at `local`.
  [[nodiscard]] std::optional<std::int64_t> offset_of(std::string_view abbreviation,
                                                      std::int64_t local) const;

 private:
  struct Data;
  std::shared_ptr<const Data> data_;
};

}  // namespace weir::loki

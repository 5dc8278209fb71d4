// SPDX-License-Identifier: Apache-2.0
// Quantities with their unit in the type: Duration, Bytes, Time.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

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

/// Parses "1MiB", "64kB", "8B", "1024", "1.5 GiB"; units are those of the field (kB = 1000, KiB = 1024).
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
Result<Time> parse_rfc3339(std::string_view text);

}  // namespace weir

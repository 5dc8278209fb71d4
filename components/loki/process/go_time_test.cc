// SPDX-License-Identifier: Apache-2.0
// Layouts and zones, beside the conformance corpus.

#include "components/loki/process/go_time.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace weir::loki {
namespace {

std::string parsed(const TimeFormat& format, std::string_view text) {
  const Time now = parse_rfc3339("2024-06-15T00:00:00Z").value();
  const auto time = format.parse(text, now);
  return time ? print_rfc3339(*time) : "none";
}

TEST(GoTime, Layouts) {
  struct Row {
    const char* layout;
    const char* text;
    const char* time;
  };
  const std::vector<Row> rows = {
      {"2006-01-02 15:04:05", "2024-02-29 23:59:59", "2024-02-29T23:59:59Z"},
      {"2006-01-02 15:04:05", "2023-02-29 23:59:59", "none"},
      {"2006-01-02 15:04:05", "2024-01-02 03:04:05,123", "2024-01-02T03:04:05.123Z"},
      {"2006-01-02 15:04:05", "2024-01-02 03:04:05 ", "none"},
      {"2006-01-02 15:04:05", "2024-01-02 3:04:05", "2024-01-02T03:04:05Z"},
      {"2006-01-02 15:04:05.000", "2024-01-02 03:04:05.12", "none"},
      {"2006-01-02 15:04:05.999", "2024-01-02 03:04:05", "2024-01-02T03:04:05Z"},
      {"02/Jan/2006:15:04:05 -0700", "25/jan/2000:14:00:01 -0500", "2000-01-25T19:00:01Z"},
      {"Jan _2 2006 3:04PM", "Mar  7 2021 12:01AM", "2021-03-07T00:01:00Z"},
      {"Jan _2 2006 3:04PM", "Mar 17 2021 1:01PM", "2021-03-17T13:01:00Z"},
      {"06-1-2 15h4m5s", "70-3-4 5h6m7s", "1970-03-04T05:06:07Z"},
      {"06-1-2 15h4m5s", "68-3-4 5h6m7s", "2068-03-04T05:06:07Z"},
      {"2006.002 15:04", "2024.366 00:00", "2024-12-31T00:00:00Z"},
      {"2006.002 15:04", "2023.366 00:00", "none"},
      {"Monday, January 2 2006", "friday, MAY 3 2024", "2024-05-03T00:00:00Z"},
      {"2006-01-02T15:04:05Z07:00", "2024-01-02T03:04:05.000001+02:00",
       "2024-01-02T01:04:05.000001Z"},
      {"2006-01-02T15:04:05.999999999Z07:00", "2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z"},
      {"2006-01-02 15:04:05 MST", "2024-01-02 03:04:05 UTC", "2024-01-02T03:04:05Z"},
      {"2006-01-02 15:04:05 MST", "2024-01-02 03:04:05 GMT+3", "2024-01-02T00:04:05Z"},
      {"2006-01-02 15:04:05 MST", "2024-01-02 03:04:05 nope", "none"},
      {"2006-01-02 15:04:05 Z0700", "2024-01-02 03:04:05 -0030", "2024-01-02T03:34:05Z"},
      {"RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700", "2006-01-02T22:04:05Z"},
      {"ANSIC", "Mon Jan  2 15:04:05 2006", "2006-01-02T15:04:05Z"},
      {"RFC3339Nano", "9999-01-01T00:00:00Z", "none"},
      {"Jan 02 15:04:05", "Jul 15 01:02:03", "2024-07-15T01:02:03Z"},
      {"Unix", "1562708916.5", "2019-07-09T21:48:36.5Z"},
      {"Unix", "1562708916.5.5", "none"},
      {"Unix", "99999999999999999999", "none"},
      {"UnixMs", "9223372036854775807", "none"},
      {"UnixMs", "-1", "1969-12-31T23:59:59.999Z"},
      {"UnixUs", " 1", "none"},
      {"UnixNs", "", "none"},
      {"", "", "none"},
  };
  for (const Row& row : rows) {
    if (*row.layout == '\0') continue;
    EXPECT_EQ(parsed(TimeFormat(row.layout, {}), row.text), row.time)
        << row.layout << " on " << row.text;
  }
}

TEST(GoTime, FastAndSlowRoadsAgree) {
  // The same form spelled so that only the slow road takes it.
  const GoLayout fast("2006-01-02T15:04:05Z07:00");
  const GoLayout slow("2006-01-02T15:04:05.9Z07:00");
  for (const std::string_view text :
       {"2024-01-02T03:04:05Z", "2024-01-02T03:04:05.123456789Z", "2024-12-31T23:59:59-11:30",
        "1999-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-02T24:04:05Z", "2024-01-02", "x",
        "2024-01-02T03:04:05", "2024-01-02T03:04:05.Z", "2024-01-02T03:04:60Z", ""}) {
    const auto reading = slow.read(text);
    const auto time = reading ? slow.instant(*reading) : std::nullopt;
    EXPECT_EQ(fast.parse(text).has_value(), time.has_value()) << text;
    if (time) {
      EXPECT_EQ(fast.parse(text)->ns, time->ns) << text;
    }
  }
}

TEST(TimeZone, KnowsItsRulesPastTheList) {
  const auto zurich = TimeZone::load("Europe/Zurich");
  ASSERT_TRUE(zurich) << zurich.error().message;
  const auto offset = [&](const char* when) {
    return zurich->offset_at(parse_rfc3339(when)->ns / 1'000'000'000);
  };
  EXPECT_EQ(offset("2024-01-15T00:00:00Z"), 3600);
  EXPECT_EQ(offset("2024-07-15T00:00:00Z"), 7200);
  EXPECT_EQ(offset("2199-01-15T00:00:00Z"), 3600);
  EXPECT_EQ(offset("2199-07-15T00:00:00Z"), 7200);
  EXPECT_EQ(offset("2024-03-31T00:59:59Z"), 3600);
  EXPECT_EQ(offset("2024-03-31T01:00:00Z"), 7200);
  EXPECT_EQ(zurich->offset_of("CEST", 0), 7200);
  EXPECT_FALSE(zurich->offset_of("XYZ", 0));
}

TEST(TimeZone, LocalIsTheMachines) {
  const auto offset_where = [](const char* zone) {
    EXPECT_EQ(zone == nullptr ? unsetenv("TZ") : setenv("TZ", zone, 1), 0);
    const auto local = TimeZone::load("Local");
    EXPECT_TRUE(local);
    return local->offset_at(parse_rfc3339("2024-07-15T00:00:00Z")->ns / 1'000'000'000);
  };
  const char* given = std::getenv("TZ");
  const std::optional<std::string> before =
      given == nullptr ? std::nullopt : std::optional<std::string>(given);
  EXPECT_EQ(offset_where("Europe/Zurich"), 7200);
  EXPECT_EQ(offset_where(":/usr/share/zoneinfo/Asia/Tokyo"), 32400);
  EXPECT_EQ(offset_where(""), 0);
  EXPECT_EQ(offset_where("Nowhere/Land"), 0);
  EXPECT_EQ(offset_where("Local"), 0);
  offset_where(before ? before->c_str() : nullptr);
}

TEST(TimeZone, RefusesWhatIsNoZone) {
  for (const char* name :
       {"Nowhere/Land", "../../etc/passwd", "/etc/passwd", "Europe", "zone.tab"}) {
    EXPECT_FALSE(TimeZone::load(name)) << name;
  }
  EXPECT_FALSE(TimeZone::parse(""));
  EXPECT_FALSE(TimeZone::parse(std::string("TZif2") + std::string(60, '\xff')));
  EXPECT_FALSE(TimeZone::parse(std::string("TZif2") + std::string(60, '\0')));
}

}  // namespace
}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
#include "base/units.h"

#include "base/clock.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

using namespace std::chrono_literals;

TEST(Units, ParsesDurations) {
  const struct {
    std::string_view text;
    Duration want;
  } cases[] = {
      {"0", 0ns},
      {"+0", 0ns},
      {"-0", 0ns},
      {"1s", 1s},
      {"1h30m", 90min},
      {"-1.5s", -1500ms},
      {"+5m", 5min},
      {"250ms", 250ms},
      {"3us", 3us},
      {"3\u00b5s", 3us},
      {"3\u03bcs", 3us},
      {".5s", 500ms},
      {"1.s", 1s},
      {"0.000000001s", 1ns},
      {"0.0000000019s", 1ns},
      {"1h1h", 2h},
      {"2562047h47m16.854775807s", Duration::max()},
      {"-2562047h47m16.854775808s", Duration::min()},
      {"0.3333333333333333333h", 20min},
      {"0.100000000000000000000h", 6min},
      {"9007199254.740993ms", Duration(9007199254740993)},
  };
  for (const auto& c : cases) {
    const auto got = parse_duration(c.text);
    ASSERT_TRUE(got.has_value()) << c.text << ": " << got.error().message;
    EXPECT_EQ(got->count(), c.want.count()) << c.text;
  }
}

TEST(Units, RefusesWhatIsNoDuration) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "time: invalid duration \"\""},
      {"x", "time: invalid duration \"x\""},
      {"15", "time: missing unit in duration \"15\""},
      {"1h5", "time: missing unit in duration \"1h5\""},
      {"5d", "time: unknown unit \"d\" in duration \"5d\""},
      {"1 s", "time: unknown unit \" s\" in duration \"1 s\""},
      {"-", "time: invalid duration \"-\""},
      {".s", "time: invalid duration \".s\""},
      {"+-1s", "time: invalid duration \"+-1s\""},
      {"9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\""},
      {"99999999999999999999h", "time: invalid duration \"99999999999999999999h\""},
      {"3000000h", "time: invalid duration \"3000000h\""},
      {"9223372036854775808ns9223372036854775808ns",
       "time: invalid duration \"9223372036854775808ns9223372036854775808ns\""},
      {"1\"s", "time: unknown unit \"\\\"s\" in duration \"1\\\"s\""},
  };
  for (const auto& [text, want] : cases) {
    const auto got = parse_duration(text);
    ASSERT_FALSE(got.has_value()) << text;
    EXPECT_EQ(got.error().message, want);
    EXPECT_EQ(got.error().code, Code::kInvalid);
  }
}

TEST(Units, PrintsDurationsCanonically) {
  const std::pair<Duration, std::string_view> cases[] = {
      {0s, "0s"},
      {1ns, "1ns"},
      {1500ns, "1.5\u00b5s"},
      {2ms, "2ms"},
      {1ms + 1ns, "1.000001ms"},
      {1500ms, "1.5s"},
      {90min, "1h30m0s"},
      {60s, "1m0s"},
      {-5s, "-5s"},
      {1h + 1ns, "1h0m0.000000001s"},
      {Duration::min(), "-2562047h47m16.854775808s"},
      {Duration::max(), "2562047h47m16.854775807s"},
  };
  for (const auto& [duration, want] : cases) {
    EXPECT_EQ(print_duration(duration), want);
    const auto again = parse_duration(want);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(*again, duration) << want;
  }
}

TEST(Units, ParsesSizes) {
  const std::pair<std::string_view, std::uint64_t> cases[] = {
      {"0", 0},
      {"1024", 1024},
      {"8B", 8},
      {"1KiB", 1024},
      {"1KB", 1024},
      {"64kB", 64'000},
      {"512k", 512'000},
      {"1K", 1024},
      {"1MiB", 1 << 20},
      {"10 MiB", 10 << 20},
      {"4MB", 4 << 20},
      {" 2Gi ", 2ULL << 30},
      {"1.5 GiB", 3ULL << 29},
      {"1KiB476B", 1500},
      {"1 KiB 1 B", 1025},
      {"4EiB", 1ULL << 62},
      {"0.5KiB", 512},
  };
  for (const auto& [text, want] : cases) {
    const auto got = parse_bytes(text);
    ASSERT_TRUE(got.has_value()) << text << ": " << got.error().message;
    EXPECT_EQ(got->count, want) << text;
  }
  for (const std::string_view text : {"", " ", "MiB", "-1B", "+1B", "1XB", "1kiB", "1KiBs", "16EiB",
                                      "1e3", "99999999999999999999B", "8EiB8EiB"}) {
    EXPECT_FALSE(parse_bytes(text).has_value()) << text;
  }
}

TEST(Units, PrintsSizes) {
  const std::pair<std::uint64_t, std::string_view> cases[] = {
      {0, "0B"},      {1, "1B"},         {1500, "1500B"},
      {1024, "1KiB"}, {1 << 20, "1MiB"}, {3ULL << 29, "1536MiB"}};
  for (const auto& [count, want] : cases) {
    EXPECT_EQ(print_bytes({count}), want);
    EXPECT_EQ(parse_bytes(want)->count, count);
  }
}

TEST(Units, ParsesAndPrintsInstants) {
  const struct {
    std::string_view text;
    std::int64_t ns;
    std::string_view printed;
  } cases[] = {
      {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"},
      {"2019-01-01T01:00:00.000000001Z", 1546304400'000000001, "2019-01-01T01:00:00.000000001Z"},
      {"2019-01-01T01:00:00.5+02:30", 1546295400'500000000, "2018-12-31T22:30:00.5Z"},
      {"2019-01-01T01:00:00-00:00", 1546304400'000000000, "2019-01-01T01:00:00Z"},
      {"2000-02-29T23:59:59.999999999Z", 951868799'999999999, "2000-02-29T23:59:59.999999999Z"},
      {"1969-12-31T23:59:59.25Z", -750'000'000, "1969-12-31T23:59:59.25Z"},
      {"2026-11-20T08:00:00,5Z", 1795161600'500000000, "2026-11-20T08:00:00.5Z"},
      {"2026-11-20T08:00:00.1234567899Z", 1795161600'123456789, "2026-11-20T08:00:00.123456789Z"},
      {"1700-03-01T00:00:00Z", -8515238400'000000000, "1700-03-01T00:00:00Z"},
  };
  for (const auto& c : cases) {
    const auto got = try_parse_rfc3339(c.text);
    ASSERT_TRUE(got.has_value()) << c.text;
    EXPECT_EQ(got->ns, c.ns) << c.text;
    EXPECT_EQ(print_rfc3339(*got), c.printed);
  }
}

TEST(Units, PrintsAndParsesEveryDayOfCenturies) {
  for (std::int64_t days = -100'000; days < 100'000; ++days) {
    const Time time{days * 86'400'000'000'000 + 1};
    ASSERT_EQ(try_parse_rfc3339(print_rfc3339(time)), time) << days;
  }
}

TEST(Units, RefusesWhatIsNoInstant) {
  for (const std::string_view text : {"",
                                      "2019",
                                      "2019-01-01",
                                      "2019-01-01T01:00:00",
                                      "2019-01-01T01:00:00.Z",
                                      "2019-01-01 01:00:00Z",
                                      "2019-13-01T01:00:00Z",
                                      "2019-00-01T01:00:00Z",
                                      "2019-02-29T01:00:00Z",
                                      "2019-04-31T01:00:00Z",
                                      "2019-01-00T01:00:00Z",
                                      "2019-01-01T24:00:00Z",
                                      "2019-01-01T01:60:00Z",
                                      "2019-01-01T01:00:60Z",
                                      "2019-01-01T01:00:00z",
                                      "2019-01-01T01:00:00Zx",
                                      "2019-01-01T01:00:00+0100",
                                      "2019-01-01T01:00:00+01:60",
                                      "2019-01-01T01:00:00+1:00",
                                      "2o19-01-01T01:00:00Z",
                                      "1600-01-01T01:00:00Z",
                                      "9999-01-01T01:00:00Z",
                                      "2019-01-01T01:00:00.5"}) {
    EXPECT_FALSE(try_parse_rfc3339(text).has_value()) << text;
    EXPECT_EQ(parse_rfc3339(text).error().code, Code::kInvalid);
  }
}

TEST(Clock, SystemGoesForward) {
  Clock& clock = Clock::system();
  EXPECT_GT(clock.now().ns, 1'700'000'000'000'000'000);
  const Duration before = clock.steady();
  EXPECT_LE(before, clock.steady());
}

}  // namespace
}  // namespace weir

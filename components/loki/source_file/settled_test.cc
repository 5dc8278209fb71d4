// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/settled.h"

#include <gtest/gtest.h>

#include <random>
#include <utility>
#include <vector>

namespace weir::loki {
namespace {

TEST(SettledRanges, ThePrefixWaitsForTheFirst) {
  SettledRanges ranges(100);
  const ByteRange a{100, 110}, b{110, 130}, c{130, 131};
  for (const ByteRange r : {a, b, c}) ranges.sent(r);
  ranges.settled(c);
  ranges.settled(b);
  EXPECT_EQ(ranges.prefix(), 100u);
  EXPECT_EQ(ranges.open(), 1u);
  ranges.settled(a);
  EXPECT_EQ(ranges.prefix(), 131u);
  EXPECT_EQ(ranges.open(), 0u);
}

TEST(SettledRanges, AbandonedComesBackInOrder) {
  SettledRanges ranges;
  const ByteRange a{0, 5}, b{5, 9}, c{9, 12};
  for (const ByteRange r : {a, b, c}) ranges.sent(r);
  ranges.abandoned(c);
  ranges.abandoned(a);
  ranges.settled(b);
  EXPECT_EQ(ranges.take_abandoned(), a);
  EXPECT_EQ(ranges.take_abandoned(), c);
  EXPECT_EQ(ranges.take_abandoned(), std::nullopt);
  EXPECT_EQ(ranges.prefix(), 0u);
  ranges.settled(a);
  EXPECT_EQ(ranges.prefix(), 9u);
  ranges.settled(c);
  EXPECT_EQ(ranges.prefix(), 12u);
}

TEST(SettledRanges, AHeadSettlesWithoutItsTail) {
  SettledRanges ranges;
  ranges.sent({0, 10});
  ranges.sent({10, 20});
  ranges.divide({0, 10}, 6);
  ranges.settled({10, 20});
  ranges.settled({0, 6});
  EXPECT_EQ(ranges.prefix(), 6u);
  EXPECT_EQ(ranges.open(), 1u);
  ranges.abandoned({6, 10});
  EXPECT_EQ(ranges.take_abandoned(), (ByteRange{6, 10}));
  ranges.settled({6, 10});
  EXPECT_EQ(ranges.prefix(), 20u);
}

TEST(SettledRanges, AnyOrderEndsAtTheEnd) {
  std::mt19937 random(7);
  SettledRanges ranges;
  std::vector<ByteRange> out;
  std::uint64_t end = 0;
  for (int step = 0; step < 20'000; ++step) {
    if (out.empty() || (random() % 2 == 0 && step < 15'000)) {
      const ByteRange next = ranges.has_abandoned() && random() % 2 == 0
                                 ? *ranges.take_abandoned()
                                 : ByteRange{end, end + 1 + random() % 100};
      if (next.begin == end) {
        ranges.sent(next);
        end = next.end;
      }
      out.push_back(next);
      continue;
    }
    std::swap(out[random() % out.size()], out.back());
    if (ByteRange& whole = out.back(); whole.size() > 1 && random() % 4 == 0) {
      const std::uint64_t at = whole.begin + 1 + random() % (whole.size() - 1);
      ranges.divide(whole, at);
      const ByteRange tail{at, std::exchange(whole.end, at)};
      out.push_back(tail);
      continue;
    }
    if (random() % 4 == 0)
      ranges.abandoned(out.back());
    else
      ranges.settled(out.back());
    out.pop_back();
    for (const ByteRange& range : out) ASSERT_LE(ranges.prefix(), range.begin);
  }
  while (!out.empty() || ranges.has_abandoned()) {
    for (const ByteRange& range : out) ranges.settled(range);
    out.clear();
    if (const auto again = ranges.take_abandoned()) out.push_back(*again);
  }
  EXPECT_EQ(ranges.prefix(), end);
}

}  // namespace
}  // namespace weir::loki

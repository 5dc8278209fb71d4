// SPDX-License-Identifier: Apache-2.0
#include "components/core/receipt.h"

#include "components/core/window.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace weir {
namespace {

struct Settled {
  int times = 0;
  Outcome last;
  Receipt receipt() {
    return Receipt::make([this](Outcome outcome) {
      ++times;
      last = outcome;
    });
  }
};

TEST(Receipt, SettlesOnceWithTheWorstThatAnyoneSaid) {
  struct Case {
    const char* name;
    std::vector<Outcome> said;
    Outcome settled;
  };
  const Outcome delivered{Verdict::kDelivered, 0}, refused{Verdict::kRejected, 400},
      exhausted{Verdict::kRejected, 503}, abandoned{Verdict::kAbandoned, 0};
  for (const Case& c :
       {Case{"one", {delivered}, delivered}, Case{"all", {delivered, delivered}, delivered},
        Case{"refused", {delivered, refused, delivered}, refused},
        Case{"of two refusals the larger", {exhausted, refused}, exhausted},
        Case{"abandoned beats refused", {refused, abandoned, delivered}, abandoned}}) {
    Settled settled;
    Receipt first = settled.receipt();
    std::vector<Receipt> holders(c.said.size(), first);
    first.deliver();
    for (std::size_t i = 0; i < holders.size(); ++i) {
      EXPECT_EQ(settled.times, 0) << c.name;
      holders[i].settle(c.said[i]);
      EXPECT_FALSE(holders[i]) << c.name;
    }
    EXPECT_EQ(settled.times, 1) << c.name;
    EXPECT_EQ(settled.last, c.settled) << c.name;
  }
}

TEST(Receipt, LettingGoAbandons) {
  Settled settled;
  { const Receipt receipt = settled.receipt(); }
  EXPECT_EQ(settled.last.verdict, Verdict::kAbandoned);
  Receipt receipt = settled.receipt();
  receipt = Receipt();  // assigned over
  EXPECT_EQ(settled.times, 2);
}

TEST(Receipt, OfNobodyDoesNothing) {
  Receipt none;
  none.deliver();
  Receipt copy = none;
  copy.reject(400);
  EXPECT_FALSE(none);
}

TEST(Receipt, JoinSettlesAllWithItsOwnOutcome) {
  Settled a, b;
  Receipt joined = Receipt::join([&] {
    std::vector<Receipt> parts;
    parts.push_back(a.receipt());
    parts.emplace_back();
    parts.push_back(b.receipt());
    return parts;
  }());
  joined.reject(404);
  EXPECT_EQ(a.last, (Outcome{Verdict::kRejected, 404}));
  EXPECT_EQ(b.last, (Outcome{Verdict::kRejected, 404}));
  EXPECT_FALSE(Receipt::join({}));
}

TEST(Receipt, HoldersOnManyThreadsSettleItOnce) {
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> times = 0;
    std::atomic<int> status = 0;
    Receipt first = Receipt::make([&](Outcome outcome) {
      times.fetch_add(1);
      status = outcome.status;
    });
    std::vector<std::jthread> threads;
    for (std::uint16_t t = 1; t <= 4; ++t) {
      threads.emplace_back([mine = first, t]() mutable {
        for (int i = 0; i < 10; ++i) Receipt(mine).deliver();
        mine.reject(t);
      });
    }
    first.deliver();
    threads.clear();
    EXPECT_EQ(times, 1);
    EXPECT_EQ(status, 4);
  }
}

TEST(Window, LetsInUntilItIsFull) {
  Window window(100);
  EXPECT_TRUE(window.try_charge(60));
  EXPECT_TRUE(window.try_charge(60)) << "the charge that reaches the limit may go beyond";
  EXPECT_FALSE(window.try_charge(1));
  int ran = 0;
  window.when_room([&] { ++ran; });
  window.release(10);
  EXPECT_EQ(ran, 0) << "still full";
  window.release(50);
  EXPECT_EQ(ran, 1);
  window.release(60);
  EXPECT_EQ(ran, 1) << "once";
  window.when_room([&] { ++ran; });
  EXPECT_EQ(ran, 2) << "at once when there is room";
  EXPECT_EQ(window.unsettled(), 0U);
  EXPECT_TRUE(window.try_charge(1000)) << "larger than the window";
  EXPECT_FALSE(window.try_charge(1));
}

TEST(Window, WaitersMayUseItFromTheirCall) {
  Window window(10);
  ASSERT_TRUE(window.try_charge(10));
  int ran = 0;
  for (int i = 0; i < 3; ++i) {
    window.when_room([&] { ran += window.try_charge(10) ? 1 : 0; });
  }
  window.release(10);
  EXPECT_EQ(ran, 1) << "the first fills it again";
}

}  // namespace
}  // namespace weir

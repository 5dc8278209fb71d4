// SPDX-License-Identifier: Apache-2.0
#include "components/core/receipt.h"

#include "base/format.h"
#include "components/core/window.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
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

TEST(Receipt, IsAwaitedWhateverItBecomes) {
  Settled settled;
  const auto ignore = [](const Outcome&) {};
  EXPECT_FALSE(Receipt().is_awaited());
  EXPECT_FALSE(settled.receipt().is_awaited());
  const Receipt awaited = Receipt::make_awaited(ignore);
  const Receipt copy = awaited;  // NOLINT(performance-unnecessary-copy-initialization)
  EXPECT_TRUE(copy.is_awaited());
  EXPECT_TRUE(Receipt::join(settled.receipt(), {awaited}).is_awaited());
  EXPECT_FALSE(Receipt::join(settled.receipt(), {settled.receipt()}).is_awaited());
}

TEST(Receipt, LettingGoAbandons) {
  Settled settled;
  { const Receipt receipt = settled.receipt(); }
  EXPECT_EQ(settled.last.verdict, Verdict::kAbandoned);
  Receipt receipt = settled.receipt();
  receipt = Receipt();  // assigned over
  EXPECT_EQ(settled.times, 2);
}

TEST(Receipt, SettlesWithTheReasonOfTheWorst) {
  struct Case {
    std::vector<Outcome> said;
    Outcome settled;
  };
  const Outcome late{Verdict::kRejected, 400, "too late"},
      fast{Verdict::kRejected, 429, "too fast"}, mute{Verdict::kRejected, 500};
  for (const Case& c :
       {Case{{late, fast}, fast}, Case{{fast, late}, fast}, Case{{late, mute}, mute},
        Case{{late, {}}, late}, Case{{late, {Verdict::kAbandoned}}, {Verdict::kAbandoned}}}) {
    Settled settled, other;
    Receipt joined = Receipt::join(settled.receipt(), {other.receipt()});
    std::vector<Receipt> holders(c.said.size(), joined);
    joined.deliver();
    for (std::size_t i = 0; i < holders.size(); ++i) holders[i].settle(c.said[i]);
    EXPECT_EQ(settled.last, c.settled);
  }
}

TEST(Receipt, OfNobodyDoesNothing) {
  Receipt none;
  none.deliver();
  Receipt copy = none;
  copy.reject(400);
  EXPECT_FALSE(none);
}

TEST(Receipt, JoinSettlesAllWithItsOwnOutcome) {
  Settled own, earlier;
  std::vector<Receipt> others(1);
  others.push_back(earlier.receipt());
  Receipt joined = Receipt::join(own.receipt(), std::move(others));
  joined.reject(404);
  EXPECT_EQ(own.last, (Outcome{Verdict::kRejected, 404}));
  EXPECT_EQ(earlier.last, (Outcome{Verdict::kRejected, 404}));
  EXPECT_FALSE(Receipt::join({}, {}));
}

/// Data from 0 to an end, and which parts of it settled how.
struct Parts {
  std::vector<std::string> settled;

  struct Part {
    Parts* to;
    std::uint32_t begin, end;
    void operator()(Outcome outcome) const {
      const char* word = outcome.verdict == Verdict::kDelivered  ? "delivered"
                         : outcome.verdict == Verdict::kRejected ? "rejected"
                                                                 : "abandoned";
      to->settled.push_back(format("{}-{} {}", begin, end, word));
    }
    Part split(std::uint32_t mark) {
      Part tail{to, begin + mark, end};
      end = tail.begin;
      return tail;
    }
  };
  Receipt receipt(std::uint32_t end) { return Receipt::make(Part{this, 0, end}); }
};
using Texts = std::vector<std::string>;

TEST(Receipt, WhatLiesBeforeAShareInItsEndSettlesWithoutIt) {
  Parts parts;
  Receipt batch = parts.receipt(100);
  Receipt other_branch = batch;
  Receipt held = batch.from(60);
  batch.deliver();
  EXPECT_EQ(parts.settled, Texts{}) << "the other branch has not spoken";
  other_branch.reject(400);
  EXPECT_EQ(parts.settled, Texts{"0-60 rejected"});
  held.deliver();
  EXPECT_EQ(parts.settled, (Texts{"0-60 rejected", "60-100 rejected"})) << "the worst of all";
}

TEST(Receipt, DividesAgainInAnyOrder) {
  Parts parts;
  Receipt batch = parts.receipt(100);
  Receipt middle = batch.from(50);
  Receipt late = batch.from(80);
  Receipt early = batch.from(20);
  Receipt again = batch.from(50);
  Receipt all = batch.from(0);
  batch.deliver();
  all.deliver();
  EXPECT_EQ(parts.settled, Texts{"0-20 delivered"});
  late.abandon();
  early.deliver();
  EXPECT_EQ(parts.settled, (Texts{"0-20 delivered", "20-50 delivered"}));
  again.deliver();
  middle.deliver();
  EXPECT_EQ(parts.settled,
            (Texts{"0-20 delivered", "20-50 delivered", "50-80 delivered", "80-100 abandoned"}));
}

TEST(Receipt, ThatDoesNotDivideIsHeldAsAWhole) {
  Settled settled;
  Receipt batch = settled.receipt();
  Receipt held = batch.from(5);
  batch.deliver();
  EXPECT_EQ(settled.times, 0);
  held.deliver();
  EXPECT_EQ(settled.times, 1);
  EXPECT_FALSE(Receipt().from(5));
}

TEST(Receipt, MarksOfAJoinAreThoseOfItsOwn) {
  Parts own, before;
  const auto join = [&] {
    std::vector<Receipt> earlier;
    earlier.push_back(before.receipt(10));
    return Receipt::join(own.receipt(100), std::move(earlier));
  };
  Receipt batch = join();
  Receipt held = batch.from(60);
  batch.deliver();
  EXPECT_EQ(own.settled, Texts{"0-60 delivered"});
  EXPECT_EQ(before.settled, Texts{"0-10 delivered"});
  held.deliver();
  EXPECT_EQ(own.settled, (Texts{"0-60 delivered", "60-100 delivered"}));

  batch = join();
  held = batch.from(0);
  batch.deliver();
  EXPECT_EQ(before.settled.size(), 1U) << "what begins with the batch may begin before it";
  held.deliver();
  EXPECT_EQ(before.settled.size(), 2U);
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

TEST(Receipt, HoldersOnManyThreadsDivideIt) {
  struct Part {
    std::atomic<std::uint32_t>* delivered;
    std::uint32_t size;
    void operator()(Outcome outcome) const {
      if (outcome.verdict == Verdict::kDelivered) delivered->fetch_add(size);
    }
    Part split(std::uint32_t mark) {
      Part tail{delivered, size - mark};
      size = mark;
      return tail;
    }
  };
  for (int round = 0; round < 200; ++round) {
    std::atomic<std::uint32_t> delivered = 0;
    Receipt first = Receipt::make(Part{&delivered, 1000});
    std::vector<std::jthread> threads;
    for (std::uint32_t t = 1; t <= 4; ++t) {
      threads.emplace_back([mine = first, t]() mutable {
        std::vector<Receipt> held;
        for (std::uint32_t i = 0; i < 10; ++i) held.push_back(mine.from((i * 389 + t * 97) % 1000));
        mine.deliver();
        for (Receipt& receipt : held) receipt.deliver();
      });
    }
    first.deliver();
    threads.clear();
    EXPECT_EQ(delivered, 1000U);
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

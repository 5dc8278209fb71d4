// SPDX-License-Identifier: Apache-2.0
#include "base/exec/executor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <numeric>

namespace weir::exec {
namespace {

using namespace std::chrono_literals;

/// Waits for `future`, but not for ever.
template <class T>
bool arrives(const std::future<T>& future) {
  return future.wait_for(10s) == std::future_status::ready;
}

TEST(Strand, RunsInOrderAndOneAtATime) {
  Pool pool(3);
  const Strand strand = pool.strand();
  std::vector<int> seen;  // no lock: that is the point
  std::promise<void> done;
  for (int i = 0; i < 1000; ++i) strand.post([&seen, i] { seen.push_back(i); });
  strand.post([&] { done.set_value(); });
  ASSERT_TRUE(arrives(done.get_future()));
  std::vector<int> want(1000);
  std::iota(want.begin(), want.end(), 0);
  EXPECT_EQ(seen, want);
}

TEST(Strand, LetsOthersRunWhileItIsBusy) {
  std::atomic<bool> stop = false;
  Strand busy;
  const std::function<void()> again = [&] {
    if (!stop) busy.post(again);
  };
  Pool pool(1);  // ends before what its tasks use
  busy = pool.strand();
  busy.post(again);
  std::promise<void> done;
  pool.strand().post([&] { done.set_value(); });
  EXPECT_TRUE(arrives(done.get_future()));
  stop = true;
}

TEST(Strand, PostsFromManyThreadsAllRun) {
  Pool pool(2);
  const Strand strand = pool.strand();
  int count = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.push_back(pool.spawn("poster", [&](const std::stop_token&) {
        for (int i = 0; i < 500; ++i) strand.post([&] { ++count; });
      }));
    }
  }
  std::promise<int> done;
  strand.post([&] { done.set_value(count); });
  auto future = done.get_future();
  ASSERT_TRUE(arrives(future));
  EXPECT_EQ(future.get(), 2000);
}

TEST(Pool, FreesWhatHasNotStarted) {
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = held;
  Strand strand;
  Timer timer;
  {
    Pool pool(1);
    strand = pool.strand();
    // Each keeps the strand as well, so that a cycle would show as a leak.
    for (int i = 0; i < 100; ++i) {
      strand.post([held, strand] {});
      pool.post([held, strand] {});
    }
    timer = strand.after(1h, [held, strand] { FAIL() << "its pool ended first"; });
    held.reset();
  }
  EXPECT_TRUE(watch.expired());
  strand.post([] { FAIL() << "no pool"; });
  timer = strand.after(1ms, [] { FAIL() << "no pool"; });
  Strand().post([] { FAIL() << "no pool ever"; });
}

TEST(Timer, RunsOnceAfterItsDelay) {
  Pool pool(1);
  const auto start = std::chrono::steady_clock::now();
  std::promise<std::chrono::steady_clock::time_point> ran;
  const Timer timer =
      pool.strand().after(20ms, [&] { ran.set_value(std::chrono::steady_clock::now()); });
  auto future = ran.get_future();
  ASSERT_TRUE(arrives(future));
  EXPECT_GE(future.get() - start, 20ms);
}

TEST(Timer, RunsInTheOrderTheyAreDue) {
  Pool pool(1);
  const Strand strand = pool.strand();
  std::vector<int> order;
  std::promise<void> done;
  const Timer late = strand.after(30ms, [&] {
    order.push_back(2);
    done.set_value();
  });
  const Timer early = strand.after(5ms, [&] { order.push_back(1); });
  const Timer now = strand.after(-1s, [&] { order.push_back(0); });
  ASSERT_TRUE(arrives(done.get_future()));
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

TEST(Timer, RepeatsUntilItIsDropped) {
  Pool pool(2);
  const Strand strand = pool.strand();
  std::atomic<int> runs = 0;
  std::promise<void> third;
  Timer timer = strand.every(1ms, [&] {
    if (++runs == 3) third.set_value();
  });
  ASSERT_TRUE(arrives(third.get_future()));
  std::promise<int> at_cancel;
  strand.post([&] {
    timer.cancel();
    at_cancel.set_value(runs);
  });
  const int count = at_cancel.get_future().get();
  std::promise<void> later;
  const Timer wait = strand.after(10ms, [&] { later.set_value(); });
  ASSERT_TRUE(arrives(later.get_future()));
  EXPECT_EQ(runs, count);
}

TEST(Timer, CancelledOnItsStrandNeverRuns) {
  Pool pool(2);
  const Strand strand = pool.strand();
  for (int i = 0; i < 200; ++i) {
    std::promise<void> done;
    strand.post([&] {
      auto ran = std::make_shared<bool>(false);
      Timer timer = strand.after(0s, [ran] { *ran = true; });
      timer.cancel();
      strand.post([&, ran] {
        EXPECT_FALSE(*ran);
        done.set_value();
      });
    });
    ASSERT_TRUE(arrives(done.get_future()));
  }
}

TEST(Timer, CancelFreesTheTaskAtOnce) {
  Pool pool(1);
  auto held = std::make_shared<int>(1);
  Timer timer = pool.strand().after(1h, [held] {});
  EXPECT_EQ(held.use_count(), 2);
  timer = Timer();
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Timer, MayDropItselfWhileItRuns) {
  Pool pool(1);
  auto timer = std::make_shared<Timer>();
  std::promise<void> done;
  const Strand strand = pool.strand();
  strand.post([&, timer] {
    *timer = strand.every(1ms, [&, timer] {
      *timer = Timer();
      done.set_value();  // a second run would throw
    });
  });
  ASSERT_TRUE(arrives(done.get_future()));
  std::promise<void> later;
  const Timer wait = strand.after(5ms, [&] { later.set_value(); });
  EXPECT_TRUE(arrives(later.get_future()));
}

TEST(Pool, SpawnsNamedThreads) {
  Pool pool(1);
  std::promise<std::string> name;
  const std::jthread thread =
      pool.spawn("a name longer than the kernel takes", [&](const std::stop_token&) {
        char text[16];
        ::pthread_getname_np(::pthread_self(), text, sizeof text);
        name.set_value(text);
      });
  EXPECT_EQ(name.get_future().get(), "a name longer t");
}

}  // namespace
}  // namespace weir::exec

// SPDX-License-Identifier: Apache-2.0
#include "base/exec/signals.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <future>
#include <unistd.h>

namespace weir::exec {
namespace {

TEST(Signals, BecomeTasks) {
  Pool pool(1);
  std::promise<int> first;
  std::promise<int> second;
  std::atomic<int> count = 0;
  const Signals signals(pool, pool.strand(), {SIGHUP, SIGUSR1},
                        [&](int number) { (++count == 1 ? first : second).set_value(number); });
  ::kill(::getpid(), SIGUSR1);
  auto one = first.get_future();
  ASSERT_EQ(one.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(one.get(), SIGUSR1);
  ::kill(::getpid(), SIGHUP);
  auto two = second.get_future();
  ASSERT_EQ(two.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(two.get(), SIGHUP);
}

TEST(Signals, AreNotCaughtOnceDropped) {
  std::promise<void> heard;
  Pool pool(1);
  const Strand strand = pool.strand();
  // Another still catches the signal, whose usual effect would end the program.
  const Signals other(pool, strand, {SIGUSR2}, [&](int) { heard.set_value(); });
  strand.post([&] {
    auto dropped = std::make_unique<Signals>(pool, strand, std::vector<int>{SIGUSR2},
                                             [](int) { FAIL() << "dropped"; });
    ::kill(::getpid(), SIGUSR2);
    dropped.reset();
  });
  ASSERT_EQ(heard.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

}  // namespace
}  // namespace weir::exec

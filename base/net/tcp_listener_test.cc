// SPDX-License-Identifier: Apache-2.0
#include "base/net/tcp_listener.h"

#include "base/descriptor.h"
#include "base/fs.h"
#include "tests/support/process.h"
#include "tests/support/raw_client.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <iterator>
#include <memory>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace weir::net {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::RawClient;

std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

/// Owns what a listener gave, and ends it as its contract asks.
class Taken {
 public:
  explicit Taken(int descriptor) : descriptor_(descriptor) {}
  Taken(Taken&&) = default;
  ~Taken() {
    if (descriptor_) ::shutdown(descriptor_.get(), SHUT_RDWR);
  }

 private:
  Descriptor descriptor_;
};

/// Whether a thread of this process waits for something.
bool sleeps(pid_t thread) {
  const auto stat = fs::read_file(format("/proc/self/task/{}/stat", thread));
  return stat && stat->find(") S ") != std::string::npos;
}

TEST(TcpListener, TakesWhatConnectsAndCountsWhatIsOpen) {
  exec::Pool pool(2);
  std::promise<Taken> given[2];
  std::atomic<std::size_t> count = 0;
  auto listener = TcpListener::listen(pool, "127.0.0.1", 0, 1, [&](int descriptor) {
    given[count++].set_value(Taken(descriptor));
  });
  ASSERT_TRUE(listener);
  {
    const RawClient client((*listener)->port());
    const RawClient waits((*listener)->port());
    const Taken taken = given[0].get_future().get();
    EXPECT_EQ((*listener)->connections(), 1U);
    EXPECT_EQ(count, 1U);
  }
  const Taken second = given[1].get_future().get();  // its turn has come
  EXPECT_TRUE(eventually([&] { return (*listener)->connections() <= 1; }));
  EXPECT_FALSE(TcpListener::listen(pool, "127.0.0.1", (*listener)->port(), 0, [](int) {}));
}

/// One connection is being taken when the listener is told to stop, and another has come meanwhile: its turn is
/// after the stop.
TEST(TcpListener, LetsGoOfWhatConnectsWhileItStops) {
  exec::Pool pool(2);
  const std::ptrdiff_t before = open_descriptors();
  {
    std::promise<void> inside;
    std::promise<void> go_on;
    std::atomic<int> count = 0;
    std::vector<Taken> taken;
    auto listener = TcpListener::listen(pool, "127.0.0.1", 0, 0, [&](int descriptor) {
      taken.emplace_back(descriptor);
      if (++count > 1) return;
      inside.set_value();
      go_on.get_future().wait();
    });
    ASSERT_TRUE(listener);
    const RawClient first((*listener)->port());
    inside.get_future().wait();
    const RawClient second((*listener)->port());
    EXPECT_TRUE(second.connected());
    std::atomic<pid_t> stopper = 0;
    auto stopped = std::async(std::launch::async, [&] {
      stopper = static_cast<pid_t>(::syscall(SYS_gettid));
      (*listener)->stop();
    });
    EXPECT_TRUE(eventually([&] { return stopper != 0 && sleeps(stopper); }));
    EXPECT_EQ(stopped.wait_for(0s), std::future_status::timeout);
    go_on.set_value();
    stopped.get();
    EXPECT_EQ(count, 1) << "nothing is taken once it has stopped";
    const auto asked = std::chrono::steady_clock::now();
    EXPECT_EQ(second.hear(), "");
    EXPECT_LT(std::chrono::steady_clock::now() - asked, 4s) << "who was not taken hears so at once";
    const RawClient late((*listener)->port());
    EXPECT_FALSE(late.connected());
  }
  EXPECT_TRUE(eventually([&] { return open_descriptors() == before; })) << open_descriptors();
}

/// The same without arrangement: clients that come all the time, and listeners that come and go.
TEST(TcpListener, MayBeStoppedUnderLoad) {
  exec::Pool pool(2);
  const std::ptrdiff_t before = open_descriptors();
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> count = 0;
    auto listener = TcpListener::listen(pool, "127.0.0.1", 0, 0, [&](int descriptor) {
      ++count;
      const Taken dropped(descriptor);
    });
    ASSERT_TRUE(listener);
    const std::uint16_t port = (*listener)->port();
    auto clients = std::async(std::launch::async, [&] {
      while (true) {
        const RawClient client(port);
        if (!client.connected()) return;
        EXPECT_EQ(client.hear(), "");
      }
    });
    EXPECT_TRUE(eventually([&] { return count > 3; }));
    (*listener)->stop();
    const int at_stop = count;
    clients.get();
    EXPECT_EQ(count, at_stop);
  }
  EXPECT_TRUE(eventually([&] { return open_descriptors() == before; })) << open_descriptors();
}

}  // namespace
}  // namespace weir::net

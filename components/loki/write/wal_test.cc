// SPDX-License-Identifier: Apache-2.0
// loki.write with a write-ahead log: what is on disk arrives, whatever happens in between.

#include "tests/support/wal_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir::loki {
namespace {

using test::FakeLoki;
using test::Outcomes;
using test::soon;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(LokiWriteWal, IsSafeOnceItIsOnDisk) {
  FakeLoki loki;
  loki.answer(503);
  const auto write = test::make_component(component("loki.write"), write_body(wal_endpoint(loki)));
  ASSERT_NE(write, nullptr);
  Outcomes outcomes;
  for (int i = 0; i < 20; ++i)
    write->logs()->consume(one_entry(format("{}", i), outcomes.receipt()));
  ASSERT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 20; }))
      << "although the endpoint takes nothing";
  ASSERT_TRUE(soon([&] { return write->health().first == graph::Health::kUnhealthy; }));
  loki.answer(204);
  std::vector<std::string> wanted;
  for (int i = 0; i < 20; ++i) wanted.push_back(format("{}", i));
  // An answer is a push again; those that were refused came first.
  EXPECT_TRUE(soon([&] {
    const auto lines = loki.lines();
    return lines.size() >= 20 && std::equal(wanted.rbegin(), wanted.rend(), lines.rbegin());
  }));
}

TEST(LokiWriteWal, EachEndpointHasItsOwnPace) {
  FakeLoki slow, fast;
  slow.hold();
  const auto write = test::make_component(component("loki.write"),
                                          write_body(wal_endpoint(slow) + wal_endpoint(fast)));
  ASSERT_NE(write, nullptr);
  for (const std::string line : {"1", "2", "3"}) {
    write->logs()->consume(one_entry(line));
  }
  ASSERT_TRUE(soon([&] { return fast.lines().size() == 3; }));
  slow.release();
  EXPECT_TRUE(soon([&] { return slow.lines().size() == 3; }));
  EXPECT_EQ(slow.lines(), fast.lines());
}

TEST(LokiWriteWal, KeepsTenantsLabelsTimesAndMetadata) {
  FakeLoki loki;
  const auto write = test::make_component(
      component("loki.write"),
      write_body(wal_endpoint(loki, "tenant_id = \"common\"")) + "external_labels = { e = \"1\" }");
  ASSERT_NE(write, nullptr);
  write->logs()->consume(test::log_batch(
      {{Time{5}, {{"app", "a"}, {"__tenant_id__", "own"}}, "x", {{"trace", "7"}}}}));
  ASSERT_TRUE(soon([&] { return loki.count() == 1; }));
  const FakeLoki::Push push = loki.pushes()[0];
  EXPECT_EQ(push.tenant, "own");
  EXPECT_EQ(push.streams[0].selector, R"({app="a", e="1"})");
  EXPECT_EQ(push.streams[0].entries[0].time.ns, 5);
  EXPECT_THAT(push.streams[0].entries[0].metadata,
              ElementsAre(std::pair<std::string, std::string>("trace", "7")));
}

TEST(LokiWriteWal, ReloadsReadOnWhereTheyWere) {
  FakeLoki loki;
  const auto write = test::make_component(component("loki.write"), write_body(wal_endpoint(loki)));
  ASSERT_NE(write, nullptr);
  write->logs()->consume(one_entry("1"));
  ASSERT_TRUE(soon([&] { return loki.lines().size() == 1; }));
  loki.answer(503);
  Outcomes outcomes;
  write->logs()->consume(one_entry("2", outcomes.receipt()));
  ASSERT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 1 && loki.count() > 2; }));
  ASSERT_EQ(write->update(write_body(wal_endpoint(loki, "remote_timeout = \"7s\""))), "");
  loki.answer(204);
  const std::size_t before = loki.count();
  ASSERT_TRUE(soon([&] { return loki.count() > before; }));
  EXPECT_EQ(loki.lines().back(), "2");
}

TEST(Wal, CutsATornEnd) {
  WalWorld world;
  Outcomes outcomes;
  {
    const auto wal = world.open();
    for (const std::string line : {"1", "2", "3"})
      wal->append({"", one_entry(line, outcomes.receipt())});
    wal->close();
  }
  EXPECT_EQ(outcomes.count(Verdict::kDelivered), 3U);
  const std::string path = segment_path(world.folder / "wal", 1);
  const std::string whole = test::read_file(path);
  for (std::size_t cut = 1; cut < 20; ++cut) {
    test::write_file(path, whole.substr(0, whole.size() - cut));
    for (const std::uint64_t number : list_segments(world.folder / "wal"))
      if (number != 1) ::unlink(segment_path(world.folder / "wal", number).c_str());
    const auto wal = world.open();
    EXPECT_THAT(world.registry.text(),
                ContainsRegex("\nloki_write_wal_damaged_bytes_total(\\{\\})? [1-9]"));
    wal->append({"", one_entry("4")});
    wal->close();
    EXPECT_THAT(world.lines(), ElementsAre("1", "2", "4")) << cut;
  }
}

TEST(Wal, IsBoundedAndSaysSo) {
  WalWorld world;
  WalConfig config{std::chrono::hours(1)};
  config.max_bytes = 200;
  const auto wal = world.open(config);
  Outcomes outcomes;
  wal->append({"", one_entry("small", outcomes.receipt())});
  ASSERT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 1; }));
  std::string noise;
  for (int i = 0; i < 2000; ++i) noise += static_cast<char>('!' + (i * i * 7 + i / 3) % 90);
  wal->append({"", one_entry(noise, outcomes.receipt())});
  ASSERT_TRUE(soon([&] { return outcomes.count(Verdict::kAbandoned) == 1; }));
  EXPECT_THAT(wal->error().value_or(""), HasSubstr("all it may"));
  wal->append({"", one_entry("fits", outcomes.receipt())});
  ASSERT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 2; }));
  EXPECT_EQ(wal->error(), std::nullopt);
}

TEST(Wal, DropsSegmentsThatAllHaveAndThoseTooOld) {
  WalWorld world;
  WalConfig config{std::chrono::hours(1)};
  config.segment_bytes = 1;  // one for each write
  const auto wal = world.open(config);
  const auto append = [&](const std::string& line) {
    Outcomes outcomes;
    wal->append({"", one_entry(line, outcomes.receipt())});
    ASSERT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 1; }));
  };
  wal->passed("slow", wal->begin());
  wal->passed("fast", wal->begin());
  append("1");
  append("2");
  append("3");
  wal->passed("fast", wal->end());
  EXPECT_THAT(world.lines(), ElementsAre("1", "2", "3")) << "one has nothing yet";
  wal->passed("slow", {wal->end().segment, 0});
  EXPECT_THAT(world.lines(), ElementsAre("3"));
  append("4");
  config.max_segment_age = Duration::zero();
  wal->configure(config);
  wal->passed("slow", {1, 0});
  EXPECT_THAT(world.lines(), ElementsAre("4"));
}

TEST(Wal, LosesNothingThatWasSettledWhenItIsKilled) {
  const test::TempDir folder;
  int settled[2];
  ASSERT_EQ(::pipe2(settled, O_CLOEXEC), 0);
  const pid_t child = ::fork();
  if (child ==
      0) {  // writes numbered entries, and tells of each that is settled, until it is killed
    exec::Pool pool(1);
    LogOutput output(Clock::system());
    MetricRegistry registry;
    std::atomic<std::uint32_t> done = 0;
    const auto wal =
        Wal::open(folder / "wal", {std::chrono::hours(1)},
                  {pool, Clock::system(), Logger(output), MetricScope(registry), [] {}});
    for (std::uint32_t i = 0;; ++i) {
      for (std::uint32_t seen = done; i - seen > 1000; seen = done) done.wait(seen);
      const auto tell = [i, out = settled[1], &done](Outcome outcome) {
        if (outcome.verdict == Verdict::kDelivered) (void)!::write(out, &i, sizeof i);
        ++done;
        done.notify_all();
      };
      (*wal)->append({"", one_entry(format("{}", i), Receipt::make(tell))});
    }
  }
  ::close(settled[1]);
  std::uint32_t last = 0;
  for (int i = 0; i < 500; ++i) ASSERT_EQ(::read(settled[0], &last, sizeof last), 4);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  for (std::uint32_t more = 0; ::read(settled[0], &more, sizeof more) == 4;) last = more;
  ::close(settled[0]);
  WalWorld world;
  ASSERT_EQ(::rename((folder / "wal").c_str(), (world.folder / "wal").c_str()), 0);
  const auto wal = world.open();
  const auto lines = world.lines();
  ASSERT_GT(lines.size(), last);
  for (std::size_t i = 0; i < lines.size(); ++i) ASSERT_EQ(lines[i], format("{}", i));
}

}  // namespace
}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// The write-ahead log when things go wrong: what was said to be delivered is sent in the end, or what is
// lost is counted and told.

#include "base/codec/crc.h"
#include "tests/support/wal_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <sys/resource.h>
#include <unistd.h>

namespace weir::loki {
namespace {

using namespace std::chrono_literals;
using test::FakeLoki;
using test::Outcomes;
using test::soon;
using test::TestComponent;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kLeftBytes =
    "loki_write_wal_left_bytes_total{component_id=\"loki.write.test\"}";
constexpr const char* kDamagedBytes =
    "loki_write_wal_damaged_bytes_total{component_id=\"loki.write.test\"}";

std::unique_ptr<TestComponent> with_wal(const std::string& endpoints) {
  return test::make_component(component("loki.write"), write_body(endpoints));
}
/// Gives an entry, and waits until it is on disk.
void put(const TestComponent& write, const std::string& line) {
  Outcomes outcomes;
  write.logs()->consume(one_entry(line, outcomes.receipt()));
  ASSERT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 1; }));
}
void restart(TestComponent& write, const std::string& body) {
  write.stop(1s);
  write.renew();
  ASSERT_EQ(write.update(body), "");
  ASSERT_TRUE(write.start());
}
bool is_unhealthy(const TestComponent& write, const std::string& because) {
  const auto [health, message] = write.health();
  return health == graph::Health::kUnhealthy && message.find(because) != std::string::npos;
}
/// The first number in what debug_info() says of a name of the first endpoint.
std::uint64_t unsent_bytes(const TestComponent& write) {
  const value::Value info = const_cast<TestComponent&>(write).component().debug_info();
  const value::Value& endpoint = info.as_object().find("endpoints")->as_array()[0];
  return endpoint.as_object().find("wal_unsent_bytes")->as_number().natural;
}

TEST(LokiWriteWal, ReadsASegmentLaterThatCannotBeReadNow) {
  for (const std::string instead : {"", "/proc/self/mem"}) {  // whose first bytes nobody can read
    FakeLoki loki;
    const auto write = with_wal(wal_endpoint(loki));
    ASSERT_NE(write, nullptr);
    const std::string segment = segment_path(write->folder() + "/wal", 1);
    std::filesystem::rename(segment, segment + "-away");
    if (!instead.empty()) std::filesystem::create_symlink(instead, segment);
    put(*write, "1");
    EXPECT_TRUE(soon([&] { return is_unhealthy(*write, "reading for http://127.0.0.1"); }))
        << write->health().second;
    put(*write, "2");
    EXPECT_GT(unsent_bytes(*write), 0U);
    EXPECT_EQ(loki.count(), 0U);
    std::filesystem::rename(segment + "-away", segment);
    EXPECT_TRUE(soon([&] { return loki.lines().size() == 2; })) << instead;
    EXPECT_THAT(loki.lines(), ElementsAre("1", "2"));
    EXPECT_TRUE(soon([&] { return write->health().first == graph::Health::kHealthy; }));
    EXPECT_EQ(write->metric(kDamagedBytes), 0);
  }
}

TEST(LokiWriteWal, SaysThatAMarkerCannotBeWritten) {
  FakeLoki loki;
  TestComponent write(component("loki.write"));
  std::filesystem::create_directories(write.folder() + "/wal/name-a.marker/in the way");
  ASSERT_EQ(write.update(write_body(wal_endpoint(loki, "name = \"a\""))), "");
  ASSERT_TRUE(write.start());
  EXPECT_TRUE(soon([&] { return is_unhealthy(write, "marker of a"); })) << write.health().second;
  put(write, "1");
  EXPECT_TRUE(soon([&] { return loki.lines().size() == 1; })) << "what can be sent is sent";
}

TEST(LokiWriteWal, KeepsForEachEndpointWhatItHasNotGotAcrossARestart) {
  FakeLoki well, ill;
  ill.answer(503);
  const std::string body = write_body(wal_endpoint(well) + wal_endpoint(ill));
  const auto write = test::make_component(component("loki.write"), body);
  ASSERT_NE(write, nullptr);
  for (const std::string line : {"1", "2", "3"}) put(*write, line);
  ASSERT_TRUE(soon([&] { return well.lines().size() == 3; }));
  restart(*write, body);
  const std::size_t before = ill.count();
  ill.answer(204);
  ASSERT_TRUE(soon([&] { return ill.count() > before; }));
  EXPECT_TRUE(soon([&] { return ill.lines().back() == "3"; }));
  EXPECT_EQ(well.lines().size(), 3U);
  EXPECT_EQ(write->metric(kLeftBytes), 0);
}

TEST(LokiWriteWal, CountsWhatAnEndpointLeavesThatGoes) {
  FakeLoki old_loki, new_loki;
  old_loki.answer(503);
  for (const bool across_a_restart : {false, true}) {
    const auto write = with_wal(wal_endpoint(old_loki));
    ASSERT_NE(write, nullptr);
    put(*write, "lost");
    const std::string body = write_body(wal_endpoint(new_loki));
    if (across_a_restart) {
      restart(*write, body);
    } else {
      ASSERT_EQ(write->update(body), "");
    }
    EXPECT_GT(write->metric(kLeftBytes), 0) << across_a_restart;
    EXPECT_TRUE(write->logged("their endpoint was taken out"));
    EXPECT_TRUE(list_files(write->folder() + "/wal", ".marker").size() == 1);
  }
  EXPECT_EQ(new_loki.count(), 0U) << "a new endpoint gets what comes from then on";
}

TEST(LokiWriteWal, ANamedEndpointReadsOnAtAnotherAddress) {
  FakeLoki old_loki, new_loki;
  old_loki.answer(503);
  const auto write = with_wal(wal_endpoint(old_loki, "name = \"a\""));
  ASSERT_NE(write, nullptr);
  put(*write, "kept");
  ASSERT_EQ(write->update(write_body(wal_endpoint(new_loki, "name = \"a\"\ntenant_id = \"t\""))),
            "");
  ASSERT_TRUE(soon([&] { return new_loki.count() == 1; }));
  EXPECT_THAT(new_loki.lines(), ElementsAre("kept"));
  EXPECT_EQ(write->metric(kLeftBytes), 0);
}

TEST(LokiWriteWal, SendsWhatIsLeftWhenItIsSwitchedOff) {
  FakeLoki loki;
  loki.answer(503);
  const auto write = with_wal(wal_endpoint(loki));
  ASSERT_NE(write, nullptr);
  put(*write, "left");
  loki.hold();
  restart(*write, wal_endpoint(loki));
  EXPECT_TRUE(write->logged("switched off, what is left in it is sent"));
  loki.answer(204);
  const std::size_t before = loki.count();
  loki.release();
  ASSERT_TRUE(soon([&] { return loki.count() > before; }));
  EXPECT_EQ(loki.lines().back(), "left");
  ASSERT_TRUE(soon([&] { return unsent_bytes(*write) == 0; }));
  const std::size_t sent = loki.count();
  restart(*write, wal_endpoint(loki));
  put(*write, "direct");
  EXPECT_EQ(loki.count(), sent + 1);
  EXPECT_FALSE(Wal::has_entries(write->folder() + "/wal")) << "nothing is left to open it for";
}

TEST(LokiWriteWal, DoesNotBelieveAMarkerBehindTheEnd) {
  FakeLoki loki;
  const std::string body = write_body(wal_endpoint(loki, "name = \"a\""));
  const auto write = test::make_component(component("loki.write"), body);
  ASSERT_NE(write, nullptr);
  put(*write, "1");
  ASSERT_TRUE(soon([&] { return loki.count() == 1; }));
  write->stop(1s);
  const std::string text = "weir-wal-marker 1 99 8";
  test::write_file(write->folder() + "/wal/name-a.marker",
                   format("{} {:08x}\n", text, codec::crc32(text)));
  write->renew();
  ASSERT_EQ(write->update(body), "");
  ASSERT_TRUE(write->start());
  EXPECT_TRUE(write->logged("stands behind its end"));
  put(*write, "2");
  EXPECT_TRUE(soon([&] { return loki.lines().back() == "2"; }));
  EXPECT_THAT(loki.lines(), ElementsAre("1", "1", "2"));
}

TEST(WalFile, IsNotLeftBehindWhenItCannotBegin) {
  const test::TempDir folder;
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{4, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  const bool is_made = WalFile::create(folder.path(), 1).has_value();
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_FALSE(is_made);
  EXPECT_TRUE(WalFile::create(folder.path(), 1)) << "there is room again";
}

TEST(WalFile, TellsDamageFromADiskThatDoesNotAnswer) {
  const test::TempDir folder;
  std::filesystem::create_symlink("/proc/self/mem", segment_path(folder.path(), 1));
  const auto unreadable = WalFile::open(folder.path(), 1);
  ASSERT_TRUE(unreadable) << unreadable.error().message;
  std::string payload;
  for (std::uint64_t offset : {0U, 8U})
    EXPECT_EQ(unreadable->read(offset, 1000, payload), WalFile::Read::kFailed) << offset;
  const auto file = WalFile::create(folder.path(), 2);
  ASSERT_TRUE(file);
  std::uint64_t offset = 0;
  EXPECT_EQ(file->read(offset, 1000, payload), WalFile::Read::kDamaged) << "it ends before";
}

TEST(Wal, RefusesWhatItCouldNotReadAgain) {
  WalWorld world;
  WalConfig config{1h};
  config.max_record_bytes = 100;
  const auto wal = world.open(config);
  std::string noise;
  for (int i = 0; i < 2000; ++i) noise += static_cast<char>('!' + (i * i * 7 + i / 3) % 90);
  Outcomes outcomes;
  wal->append({"", one_entry(noise, outcomes.receipt())});
  wal->append({"", one_entry("small", outcomes.receipt())});
  ASSERT_TRUE(soon([&] { return outcomes.all().size() == 2; }));
  EXPECT_EQ(outcomes.count(Verdict::kDelivered), 1U);
  EXPECT_EQ(outcomes.count(Verdict::kRejected), 1U);
  EXPECT_THAT(world.lines(), ElementsAre("small"));
  EXPECT_THAT(world.registry.text(), HasSubstr("loki_write_wal_refused_entries_total 1"));
}

}  // namespace
}  // namespace weir::loki

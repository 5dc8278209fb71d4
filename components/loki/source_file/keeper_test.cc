// SPDX-License-Identifier: Apache-2.0
// Files on a real disk, read through rotations, restarts and refusals.

#include "components/loki/source_file/keeper_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace weir::loki {
namespace {

using namespace std::chrono_literals;

class KeeperTest : public KeeperFixture {};

using Lines = std::vector<std::string>;

TEST_F(KeeperTest, ReadsWhatIsThereAndWhatComes) {
  append("a", "one\ntwo\r\nthr");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"one", "two"}));
  append("a", "ee\n\nfive\n");
  ASSERT_TRUE(saw({"one", "two", "three", "", "five"}));
  EXPECT_EQ(sink.filenames().front(), file("a"));
}

TEST_F(KeeperTest, WaitsForAFileThatIsNotThereYet) {
  ASSERT_TRUE(begin({"late"}));
  ASSERT_TRUE(eventually([&] {
    MutexLock lock(trouble_mutex);
    return trouble.find("late") != std::string::npos;
  }));
  append("late", "x\n");
  ASSERT_TRUE(saw({"x"}));
  ASSERT_TRUE(eventually([&] {
    MutexLock lock(trouble_mutex);
    return trouble.empty();
  }));
}

TEST_F(KeeperTest, GoesOnAfterAStop) {
  append("a", "one\ntwo\npart");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"one", "two"}));
  stop();
  append("a", "ial\nfour\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"one", "two", "partial", "four"}));
}

TEST_F(KeeperTest, WhatWasNotSettledIsSentAgainAfterAKill) {
  append("a", "one\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"one"}));
  stop();
  sink.answer(LineSink::Answer::kHold);
  append("a", "two\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"one", "two"}));
  kill();
  sink.take_held();
  sink.answer(LineSink::Answer::kDeliver);
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"one", "two", "two"}));
}

TEST_F(KeeperTest, TheCursorWaitsForTheOldestReceipt) {
  sink.answer(LineSink::Answer::kHold);
  append("a", "one\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"one"}));
  append("a", "two\n");
  ASSERT_TRUE(saw({"one", "two"}));
  auto held = sink.take_held();
  ASSERT_EQ(held.size(), 2u);
  held[1].deliver();
  kill();
  held.clear();
  sink.clear();
  sink.answer(LineSink::Answer::kDeliver);
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"one", "two"}));
}

TEST_F(KeeperTest, AbandonedIsOfferedAgain) {
  sink.answer(LineSink::Answer::kAbandon);
  append("a", "one\ntwo\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(eventually([&] { return sink.count() >= 4; })) << "twice at least";
  append("a", "three\n");
  sink.answer(LineSink::Answer::kDeliver);
  ASSERT_TRUE(eventually([&] { return sink.lines().back() == "three"; }));
  stop();
  sink.clear();
  append("a", "four\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"four"}));
}

TEST_F(KeeperTest, RotationByRename) {
  append("a", "1\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"1"}));
  append("a", "2\n");
  rename("a", "a.1");
  append("a", "3\n");
  ASSERT_TRUE(saw({"1", "2", "3"}));
}

TEST_F(KeeperTest, TheWriterMayWriteOnAfterARename) {
  append("a", "1\n");
  linger = 2s;
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"1"}));
  rename("a", "a.1");
  append("a", "2\n");
  ASSERT_TRUE(saw({"1", "2"}));
  append("a.1", "late\n");
  ASSERT_TRUE(saw({"1", "2", "late"}));
}

TEST_F(KeeperTest, AnUnfinishedLineIsSentWhenItsFileIsDone) {
  append("a", "1\nhalf");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"1"}));
  std::filesystem::remove(file("a"));
  ASSERT_TRUE(saw({"1", "half"}));
}

TEST_F(KeeperTest, DeletedAndWrittenAnew) {
  append("a", "1\n2\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"1", "2"}));
  std::filesystem::remove(file("a"));
  append("a", "3\n");
  ASSERT_TRUE(saw({"1", "2", "3"}));
}

TEST_F(KeeperTest, CopiedAndCut) {
  const std::string head(100, 'h');
  append("a", head + "\n1\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({head, "1"}));
  std::filesystem::copy_file(file("a"), file("a.1"));
  std::filesystem::resize_file(file("a"), 0);
  append("a", "2\n");
  ASSERT_TRUE(saw({head, "1", "2"}));
}

TEST_F(KeeperTest, CopiedAndCutWhileWeirWasDown) {
  const std::string head(100, 'h');
  append("a", head + "\n1\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({head, "1"}));
  stop();
  append("a", "2\n");
  std::filesystem::copy_file(file("a"), file("a.1"));
  std::filesystem::resize_file(file("a"), 0);
  append("a", "3\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({head, "1", "2", "3"}));
}

TEST_F(KeeperTest, CutAndWrittenPastTheOldEnd) {
  append("a", "old\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"old"}));
  stop();
  std::ofstream(file("a")) << "new and much longer\nmore\n";
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"old", "new and much longer", "more"}));
}

TEST_F(KeeperTest, RotatedSeveralTimesWhileWeirWasDown) {
  append("a", "1\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"1"}));
  stop();
  append("a", "2\n");
  for (const char* text : {"3\n", "4\n", "5\n"}) {
    for (int i = 8; i >= 1; --i) {
      if (std::filesystem::exists(file("a." + std::to_string(i))))
        rename("a." + std::to_string(i), "a." + std::to_string(i + 1));
    }
    rename("a", "a.1");
    append("a", text);
    // Rotations lie minutes apart, not within one tick of the disk's clock.
    const auto tick = std::filesystem::last_write_time(file("a"));
    ASSERT_TRUE(eventually([&] {
      append("clock", "x");
      return std::filesystem::last_write_time(file("clock")) > tick;
    }));
  }
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"1", "2", "3", "4", "5"}));
  stop();
  ASSERT_TRUE(begin({"a"}));
  append("a", "6\n");
  ASSERT_TRUE(saw({"1", "2", "3", "4", "5", "6"})) << "nothing is read again";
}

TEST_F(KeeperTest, RotatedAwayWithoutASuccessor) {
  append("a", "1\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"1"}));
  stop();
  append("a", "2\n");
  rename("a", "a.2");
  append("a", "3\n");
  rename("a", "a.1");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"1", "2", "3"}));
  append("a", "4\n");
  rename("a", "a.0");
  ASSERT_TRUE(saw({"1", "2", "3", "4"})) << "it came and went";
}

TEST_F(KeeperTest, ALinkIsPointedElsewhere) {
  append("0.log", "1\n");
  std::filesystem::create_symlink(file("0.log"), file("link"));
  ASSERT_TRUE(begin({"link"}));
  ASSERT_TRUE(saw({"1"}));
  append("0.log", "2\n");
  append("1.log", "3\n");
  std::filesystem::create_symlink(file("1.log"), file("link.new"));
  rename("link.new", "link");
  ASSERT_TRUE(saw({"1", "2", "3"}));
}

TEST_F(KeeperTest, ARenamedFileUnderAnotherTargetIsNotReadTwice) {
  append("a", "1\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"1"}));
  rename("a", "a.1");
  append("a", "2\n");
  follow({"a", "a.1"});
  ASSERT_TRUE(saw({"1", "2"}));
  ASSERT_TRUE(eventually([&] { return keeper->active() == 2; }));
  append("a.1", "3\n");
  ASSERT_TRUE(saw({"1", "2", "3"}));
  stop();
  ASSERT_TRUE(begin({"a", "a.1"}));
  append("a", "4\n");
  ASSERT_TRUE(saw({"1", "2", "3", "4"}));
}

TEST_F(KeeperTest, OneFileOfTwoNamesIsSentUnderBoth) {
  append("real", "1\n");
  std::filesystem::create_symlink(file("real"), file("link"));
  ASSERT_TRUE(begin({"link", "real"}));
  ASSERT_TRUE(eventually([&] { return sink.count() >= 2 || keeper->active() == 1; }));
  append("real", "2\n");
  ASSERT_TRUE(eventually([&] {
    const auto names = sink.filenames();
    return std::count(names.begin(), names.end(), file("link")) >= 1 &&
           std::count(names.begin(), names.end(), file("real")) >= 1;
  }));
}

TEST_F(KeeperTest, ATargetThatComesBackGoesOn) {
  append("a", "1\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"1"}));
  follow({});
  append("a", "2\n");
  follow({"a"});
  ASSERT_TRUE(saw({"1", "2"}));
}

TEST_F(KeeperTest, ADeletedTargetIsReadToItsEnd) {
  append("a", "1\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"1"}));
  append("a", "2\n3");
  std::filesystem::remove(file("a"));
  follow({});
  ASSERT_TRUE(saw({"1", "2", "3"}));
}

TEST_F(KeeperTest, FromTheEndIsFromTheLastUnfinishedLine) {
  append("a", "1\n2\nhal");
  tail_from_end = true;
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(eventually([&] { return keeper->active() == 1; }));
  append("a", "f\n4\n");
  ASSERT_TRUE(saw({"half", "4"}));
}

TEST_F(KeeperTest, ADamagedStoreIsRefused) {
  append("a", "1\n");
  std::ofstream(file("cursors")) << "weir cursors 1\nR 1 2\n";
  const Status begun = begin({"a"});
  ASSERT_FALSE(begun);
  EXPECT_NE(begun.error().message.find("delete it"), std::string::npos);
}

TEST_F(KeeperTest, OldPositionsAreTakenOver) {
  append("a", "1\n2\n");
  append("b", "1\n2\n");
  append("c", "x\n");
  flow = std::make_shared<Flow>();
  flow->next.set(std::make_shared<Fanout<LogBatch>>(std::vector<LogReceiver>{{port}}));
  keeper = std::make_shared<Keeper>(pool, Clock::system(), Logger(LogOutput::null()), flow,
                                    [](const std::string&) { return FileMetrics{}; });
  ASSERT_TRUE(keeper->load(file("cursors")));
  EXPECT_FALSE(keeper->has_store());
  const FollowedPaths paths = {
      {file("a"), {Labels::of({{"filename", file("a")}, {"job", "t\"\\"}})}}};
  keeper->import({{file("a"), "{job=\"other\"}", 0},
                  {file("a"), "{job=\"t\\\"\\\\\"}", 2},
                  {file("b"), "{}", 4},
                  {file("b"), "{x=\"y\"}", 2},
                  {file("c"), "", std::nullopt},
                  {file("gone"), "", 5}},
                 paths, OnBadPosition::kSkip);
  stop();
  keeper.reset();
  // Nothing was started, so nothing was saved: import again, through the store this time.
  keeper = std::make_shared<Keeper>(pool, Clock::system(), Logger(LogOutput::null()), flow,
                                    [](const std::string&) { return FileMetrics{}; });
  ASSERT_TRUE(keeper->load(file("cursors")));
  keeper->import({{file("a"), "{job=\"other\"}", 0},
                  {file("a"), "{job=\"t\\\"\\\\\"}", 2},
                  {file("b"), "{}", 4},
                  {file("b"), "{x=\"y\"}", 2},
                  {file("c"), "", std::nullopt},
                  {file("gone"), "", 5}},
                 paths, OnBadPosition::kSkip);
  keeper->start({});
  stop();
  ASSERT_TRUE(begin({"a", "b", "c"}));
  ASSERT_TRUE(eventually([&] { return sink.count() >= 2; }));
  append("c", "y\n");
  append("b", "3\n");
  ASSERT_TRUE(eventually([&] { return sink.count() >= 3; }));
  auto lines = sink.lines();
  std::sort(lines.begin(), lines.end());
  EXPECT_EQ(lines, (Lines{"2", "2", "3"})) << "c is skipped";
}

TEST_F(KeeperTest, BytesOfEveryKind) {
  using namespace std::string_view_literals;
  const std::string odd("nul\0 bad \xff\xfe utf8"sv);
  append("a", odd + "\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({odd}));
}

TEST_F(KeeperTest, WideEncodings) {
  const std::u16string text = u"h\u00e9\r\nz\u010a!\n";
  std::string bytes = "\xff\xfe";
  for (const char16_t c : text) {
    bytes.push_back(static_cast<char>(c & 0xff));
    bytes.push_back(static_cast<char>(c >> 8));
  }
  append("a", bytes);
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"h\xc3\xa9", "z\xc4\x8a!"}));
}

TEST_F(KeeperTest, NamedEncodings) {
  rules.encoding = "windows-1252";
  append("a", "\x80 1\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"\xe2\x82\xac 1"}));
}

TEST_F(KeeperTest, AUtf8MarkIsLeftOut) {
  append("a",
         "\xef\xbb\xbf"
         "1\n2\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"1", "2"}));
}

TEST_F(KeeperTest, AHugeLineIsCutAndCounted) {
  append("a", "before\n");
  {
    std::ofstream out(file("a"), std::ios::app);
    const std::string piece(1u << 20, 'x');
    for (int i = 0; i < 100; ++i) out << piece;
    out << "\nafter\n";
  }
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(eventually([&] { return sink.count() == 3; }, 30s));
  const auto lines = sink.lines();
  EXPECT_EQ(lines[0], "before");
  EXPECT_EQ(lines[1], std::string(LogFile::kMaxLineBytes, 'x'));
  EXPECT_EQ(lines[2], "after");
  EXPECT_EQ(flow->too_long.value(), 100.0 * (1u << 20) + 1 - LogFile::kMaxLineBytes);
}

TEST_F(KeeperTest, LinesLongerThanAChunkAreWhole) {
  const std::string big(700'000, 'b');
  append("a", "1\n" + big + "\n" + big.substr(0, 300'000));
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"1", big}));
  append("a", big.substr(300'000) + "\n");
  ASSERT_TRUE(saw({"1", big, big}));
}

TEST_F(KeeperTest, AnotherEncodingCountsFromWhereTheFileIs) {
  rules.encoding = "windows-1252";
  append("a", "\x80\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"\xe2\x82\xac"}));
  rules.encoding = "";
  keeper->configure(options(), rules);
  append("a", "\xc3\xa9\n");
  ASSERT_TRUE(saw({"\xe2\x82\xac", "\xc3\xa9"}));
}

TEST_F(KeeperTest, AFullDiskShowsAndPasses) {
  append("a", "1\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"1"}));
  const auto says = [&](const std::string& text) {
    return eventually([&] {
      MutexLock lock(trouble_mutex);
      return text.empty() ? trouble.empty() : trouble.find(text) != std::string::npos;
    });
  };
  ASSERT_TRUE(eventually([&] {
    std::error_code ignored;
    std::filesystem::create_symlink("/dev/full", file("cursors.new"), ignored);
    append("a", "more\n");
    MutexLock lock(trouble_mutex);
    return trouble.find("No space left") != std::string::npos;
  }));
  EXPECT_TRUE(says("cursors cannot be saved"));
  std::filesystem::remove(file("cursors.new"));
  EXPECT_TRUE(says(""));
  stop();
  const std::size_t count = sink.count();
  append("a", "last\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(eventually([&] { return sink.count() > count; }));
  EXPECT_EQ(sink.lines()[count], "last");
}

TEST_F(KeeperTest, FewFilesAreOpenHoweverManyAreRead) {
  open_limit = 16;
  std::vector<std::string> names;
  for (int i = 0; i < 500; ++i) {
    names.push_back("f" + std::to_string(i));
    append(names.back(), "x\n");
  }
  ASSERT_TRUE(begin(names));
  ASSERT_TRUE(eventually([&] { return sink.count() == 500; }));
  EXPECT_TRUE(eventually([&] { return flow->open_files <= 16; }));
  for (const std::string& name : names) append(name, "y\n");
  ASSERT_TRUE(eventually([&] { return sink.count() == 1000; }));
  EXPECT_TRUE(eventually([&] { return flow->open_files <= 16; }));
}

TEST_F(KeeperTest, WhatIsAbandonedAfterADeliveryComesAgainSoon) {
  ASSERT_TRUE(begin({"a"}));
  Duration last{};
  for (std::size_t round = 1; round <= 4; ++round) {
    sink.answer(LineSink::Answer::kAbandon);
    append("a", "x\n");
    ASSERT_TRUE(eventually([&] { return sink.count() == 2 * round - 1; }));
    sink.answer(LineSink::Answer::kDeliver);
    const Duration begun = Clock::system().steady();
    ASSERT_TRUE(eventually([&] { return sink.count() == 2 * round; }));
    last = Clock::system().steady() - begun;
    ASSERT_TRUE(eventually([&] { return flow->unsettled == 0 && !flow->delivered; }));
  }
  EXPECT_LT(last, std::chrono::milliseconds(1500)) << "else it waits 2 s by now";
}

TEST_F(KeeperTest, AnIdleFileIsClosedAndReadOn) {
  append("a", "one\n");
  ASSERT_TRUE(begin({"a"}));
  keeper->set_idle_close(std::chrono::milliseconds(20));
  ASSERT_TRUE(saw({"one"}));
  ASSERT_TRUE(eventually([&] { return flow->open_files == 0; }));
  append("a", "two\n");
  ASSERT_TRUE(saw({"one", "two"}));
  ASSERT_TRUE(eventually([&] { return flow->open_files == 0; }));
  append("a", "three\n");
  rename("a", "a.1");
  append("a", "four\n");
  EXPECT_TRUE(saw({"one", "two", "three", "four"}));
}

TEST_F(KeeperTest, AFullWindowStopsReading) {
  sink.answer(LineSink::Answer::kHold);
  const std::string line(1000, 'w');
  {
    std::ofstream out(file("a"));
    for (int i = 0; i < 40'000; ++i) out << line << "\n";
  }
  ASSERT_TRUE(begin({"a"}));
  std::size_t last = 0;
  ASSERT_TRUE(eventually([&] { return sink.count() * 1000 > Flow::kWindowBytes * 8 / 10; }));
  ::poll(nullptr, 0, 100);
  last = sink.count();
  EXPECT_LT(last * 1000, Flow::kWindowBytes + (1u << 20));
  sink.answer(LineSink::Answer::kDeliver);
  for (Receipt& receipt : sink.take_held()) receipt.deliver();
  EXPECT_TRUE(eventually([&] { return sink.count() == 40'000; }));
}

TEST_F(KeeperTest, ManyFiles) {
  std::vector<std::string> names;
  for (int i = 0; i < 5000; ++i) {
    names.push_back("f" + std::to_string(i));
    append(names.back(), "x\ny\n");
  }
  ASSERT_TRUE(begin(names));
  ASSERT_TRUE(eventually([&] { return sink.count() == 10'000; }, 60s));
  append("f4999", "z\n");
  ASSERT_TRUE(eventually([&] { return sink.count() == 10'001; }));
}

TEST_F(KeeperTest, AFileThatMayNotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  append("a", "1\n");
  ::chmod(file("a").c_str(), 0);
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(eventually([&] {
    MutexLock lock(trouble_mutex);
    return trouble.find("denied") != std::string::npos;
  }));
  ::chmod(file("a").c_str(), 0644);
  ASSERT_TRUE(saw({"1"}));
}

}  // namespace
}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// Files whose lines wait in loki.process: a cursor stands just before what waits.

#include "components/loki/source_file/keeper_fixture.h"
#include "tests/support/component_fixture.h"

#include <algorithm>

namespace weir::loki {
namespace {

using Lines = std::vector<std::string>;

constexpr const char* kBlocks =
    "stage.multiline {\n firstline = \"^A\"\n max_wait_time = \"1h\"\n}\n";

class HeldTest : public KeeperFixture {
 protected:
  /// Reads a.log through stages; with a process of its own, as after a start.
  void run(const std::string& stages) {
    process = test::make_component(component("loki.process"), "forward_to = [next]\n" + stages,
                                   {{"next", out.receiver()}});
    port->open(*process->logs());
    ASSERT_TRUE(begin({"a.log"}));
  }
  /// What is on the way is let go without a word, and no cursor is saved.
  void die() {
    kill();
    out.clear();
    out.answer(Outcome{Verdict::kAbandoned, 0});
    process.reset();
    out.answer(Outcome{});
  }
  void TearDown() override {
    if (keeper) keeper->halt();
    process.reset();
    KeeperFixture::TearDown();
  }
  bool sent(const Lines& lines) {
    const bool good = test::soon([&] { return out.lines() == lines; });
    EXPECT_EQ(out.lines(), lines);
    return good;
  }
  /// How far the file is settled, as a start would find it.
  [[nodiscard]] std::uint64_t stored() const {
    const auto list = load_cursors(file("cursors"));
    if (!list || !*list || (*list)->cursors.size() != 1) return 0;
    return (*list)->cursors.front().offset;
  }
  bool stores(std::size_t offset) {
    const bool good = test::soon([&] { return stored() == offset; });
    EXPECT_EQ(stored(), offset);
    return good;
  }

  test::CaptureLogs out;
  std::unique_ptr<test::TestComponent> process;
};

TEST_F(HeldTest, TheCursorStandsBeforeAnOpenBlock) {
  run(kBlocks);
  append("a.log", "A1\nb\nA2\nc\n");
  ASSERT_TRUE(sent({"A1\nb"}));
  EXPECT_TRUE(stores(5)) << "A2 waits";
  append("a.log", "d\nA3\n");
  ASSERT_TRUE(sent({"A1\nb", "A2\nc\nd"}));
  EXPECT_TRUE(stores(12)) << "A3 waits";
}

TEST_F(HeldTest, OnlyTheOpenBlockIsReadAgain) {
  std::string text;
  Lines blocks;
  for (int i = 0; i < 3000; ++i) {
    text += format("A{}\n more\n", i);
    blocks.push_back(format("A{}\n more", i));
  }
  append("a.log", text);
  const std::string open = blocks.back();
  blocks.pop_back();
  run(kBlocks);
  ASSERT_TRUE(sent(blocks));
  ASSERT_TRUE(stores(text.size() - open.size() - 1));
  die();
  run(kBlocks);
  append("a.log", "A\n");
  EXPECT_TRUE(sent({open}));
}

TEST_F(HeldTest, OfTwoOpenBlocksTheEarlierOneCounts) {
  run("stage.regex { expression = \"^(?P<s>.)\" }\nstage.labels { values = { s = \"\" } }\n"
      "stage.multiline {\n firstline = \"A$\"\n max_wait_time = \"1h\"\n}\n");
  append("a.log", "1A\n2A\n1b\n2A\n2b\n");
  ASSERT_TRUE(sent({"2A"}));
  append("a.log", "1A\n");
  ASSERT_TRUE(sent({"2A", "1A\n1b"}));
  EXPECT_TRUE(stores(9)) << "before the second block of 2";
}

constexpr const char* kWhole = "2024-01-01T00:00:00Z stdout F ";
constexpr const char* kHalf = "2024-01-01T00:00:00Z stdout P ";

TEST_F(HeldTest, TheCursorStandsBeforeAHalfLine) {
  run("stage.cri {}");
  const std::string whole = std::string(kWhole) + "one\n";
  append("a.log", whole + kHalf + "tw");
  ASSERT_TRUE(sent({"one"}));
  append("a.log", std::string("o \n") + kHalf + "and \n");
  EXPECT_TRUE(stores(whole.size()));
  ASSERT_TRUE(test::soon([&] { return keeper->states().front().unread == 0; }));
  die();
  run("stage.cri {}");
  append("a.log", std::string(kWhole) + "three\n");
  EXPECT_TRUE(sent({"two and three"}));
  EXPECT_TRUE(stores(std::filesystem::file_size(file("a.log"))));
}

TEST_F(HeldTest, ABlockThatBeginsWithAHalfLineIsHeldFromThere) {
  run(std::string("stage.cri {}\n") + kBlocks);
  const std::string first = std::string(kWhole) + "A1\n";
  append("a.log", first + kHalf + "A\n");
  ASSERT_TRUE(test::soon([&] { return keeper->states().front().offset == 2 * first.size() - 1; }));
  append("a.log", std::string(kWhole) + "2\n" + kWhole + "b\n");
  ASSERT_TRUE(sent({"A1"}));
  EXPECT_TRUE(stores(first.size()));
  append("a.log", std::string(kWhole) + "A3\n");
  ASSERT_TRUE(sent({"A1", "A2\nb"}));
  EXPECT_TRUE(stores(std::filesystem::file_size(file("a.log")) - first.size()));
}

TEST_F(HeldTest, LinesThatWaitForTheirTurnAreHeldOneBatchAtATime) {
  append("a.log", "one\ntwo\nthree\n");
  run("stage.limit {\n rate = 0.001\n burst = 2\n}");
  ASSERT_TRUE(sent({"one", "two"}));
  EXPECT_TRUE(stores(8));
}

TEST_F(HeldTest, AnEndSendsOpenBlocksAndGivesHalfLinesBack) {
  run(std::string("stage.cri {}\n") + kBlocks);
  const std::string whole = std::string(kWhole) + "A1\n" + kWhole + "b\n";
  append("a.log", whole + kHalf + "A\n");
  ASSERT_TRUE(test::soon([&] {
    return keeper->states().front().offset == std::filesystem::file_size(file("a.log"));
  }));
  EXPECT_EQ(out.lines(), Lines{});
  const auto begun = std::chrono::steady_clock::now();
  keeper->halt();
  process->component().wind_down();
  EXPECT_EQ(out.lines(), Lines{"A1\nb"});
  stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(4)) << "nothing waits";
  EXPECT_EQ(stored(), whole.size());
  out.clear();
  run(std::string("stage.cri {}\n") + kBlocks);
  append("a.log", std::string(kWhole) + "2\n" + kWhole + "A3\n");
  EXPECT_TRUE(sent({"A2"}));
}

}  // namespace
}  // namespace weir::loki

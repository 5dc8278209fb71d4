// SPDX-License-Identifier: Apache-2.0
// Nothing is lost: random writes, rotations, stops, kills and refusals, and at the end every line was delivered.

#include "components/loki/source_file/keeper_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace weir::loki {
namespace {

using namespace std::chrono_literals;

class RotationProperty : public KeeperFixture, public testing::WithParamInterface<unsigned> {
 protected:
  void write_lines() {
    std::string text;
    for (std::size_t n = random() % 30 + 1; n > 0; --n) {
      text += "line " + std::to_string(written++) + std::string(random() % 200, '.') + "\n";
    }
    // Half a line now, the rest with the next write, wherever its file is by then.
    const std::size_t cut = random() % 3 == 0 ? random() % text.size() : text.size();
    append("a", text.substr(0, cut));
    if (cut != text.size()) append("a", text.substr(cut));
  }
  void rotate() {
    for (int i = 30; i >= 1; --i) {
      if (std::filesystem::exists(file("a." + std::to_string(i))))
        rename("a." + std::to_string(i), "a." + std::to_string(i + 1));
    }
    if (std::filesystem::exists(file("a"))) rename("a", "a.1");
    if (random() % 2 == 0) append("a", "");
  }
  void settle_some() {
    auto held = sink.take_held();
    std::shuffle(held.begin(), held.end(), random);
    for (Receipt& receipt : held) {
      switch (random() % 4) {
        case 0: receipt.abandon(); break;
        case 1: receipt.reject(400); break;
        default: receipt.deliver();
      }
    }
  }
  void step() {
    switch (random() % 12) {
      case 0:
      case 1: rotate(); break;
      case 2: sink.answer(LineSink::Answer::kHold); break;
      case 3: sink.answer(LineSink::Answer::kDeliver); break;
      case 4: settle_some(); break;
      case 5:
        if (keeper) {
          kill();
          sink.forget_held();
        } else {
          ASSERT_TRUE(begin({"a"}));
        }
        break;
      case 6:
        if (keeper) {
          settle_some();
          sink.answer(LineSink::Answer::kDeliver);
          ::poll(nullptr, 0, 20);
          settle_some();
          stop();
        }
        break;
      default: write_lines(); ::poll(nullptr, 0, static_cast<int>(random() % 8));
    }
  }

  std::mt19937 random{GetParam()};
  std::size_t written = 0;
};

TEST_P(RotationProperty, LosesNothing) {
  write_lines();
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(eventually([&] { return keeper->active() == 1; }));
  for (int i = 0; i < 120; ++i) step();
  sink.answer(LineSink::Answer::kDeliver);
  for (Receipt& receipt : sink.take_held()) receipt.deliver();
  if (!keeper) {
    ASSERT_TRUE(begin({"a"}));
  }
  const auto seen = [&] {
    std::set<std::string> numbers;
    for (const std::string& line : sink.lines()) numbers.insert(line.substr(0, line.find('.')));
    return numbers;
  };
  EXPECT_TRUE(eventually([&] { return seen().size() >= written; }, 20s));
  const auto numbers = seen();
  for (std::size_t i = 0; i < written; ++i)
    EXPECT_TRUE(numbers.contains("line " + std::to_string(i)))
        << "lost line " << i << " of " << written;
  RecordProperty("sent_again", static_cast<int>(sink.count() - written));
}

INSTANTIATE_TEST_SUITE_P(Seeds, RotationProperty, testing::Range(1u, 9u));

/// How rotation names what it puts aside.
enum class Scheme { kSerial, kDated };

/// Rotates as fast as it can while the reader looks: renames fall between any two of its steps.
class RotationStorm : public KeeperFixture, public testing::WithParamInterface<Scheme> {
 protected:
  static constexpr int kStormRotations = 400;

  void rotate(int turn) {
    if (GetParam() == Scheme::kDated)
      return rename("a", "a.20260101-" + std::to_string(100'000 + turn));
    for (int i = turn; i >= 1; --i) {
      const std::string from = "a." + std::to_string(i);
      if (std::filesystem::exists(file(from))) rename(from, "a." + std::to_string(i + 1));
    }
    rename("a", "a.1");
  }
};

TEST_P(RotationStorm, LosesNothing) {
  append("a", "line 0\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"line 0"}));
  {
    const auto writer = pool.spawn("storm", [&](const std::stop_token&) {
      for (int turn = 1; turn <= kStormRotations; ++turn) {
        rotate(turn);
        append("a", "line " + std::to_string(turn) + "\n");
      }
    });
  }
  const auto seen = [&] {
    const auto lines = sink.lines();
    return std::set<std::string>(lines.begin(), lines.end());
  };
  EXPECT_TRUE(eventually([&] { return seen().size() > kStormRotations; }));
  for (int turn = 0; turn <= kStormRotations; ++turn)
    EXPECT_TRUE(seen().contains("line " + std::to_string(turn))) << "lost line " << turn;
  EXPECT_EQ(sink.count(), kStormRotations + 1u) << "each once";
}

INSTANTIATE_TEST_SUITE_P(Schemes, RotationStorm, testing::Values(Scheme::kSerial, Scheme::kDated),
                         [](const auto& scheme) {
                           return scheme.param == Scheme::kSerial ? "Serial" : "Dated";
                         });

}  // namespace
}  // namespace weir::loki

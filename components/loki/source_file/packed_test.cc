// SPDX-License-Identifier: Apache-2.0
// Compressed files: those that the configuration names, and those that rotation made.

#include "components/loki/source_file/keeper_fixture.h"

#include <gtest/gtest.h>

namespace weir::loki {
namespace {

using namespace std::chrono_literals;

using Lines = std::vector<std::string>;

/// What the kubelet does with a container's log: the latest rotated file lies there as it is, the
/// elder ones are packed.
class KubeletLogs : public KeeperFixture {
 protected:
  void rotate() {
    if (!last.empty()) pack(last);
    last = "0.log.20261121-10000" + std::to_string(rotations++);
    rename("0.log", last);
    append("0.log", "");
  }
  void pack(const std::string& name) {
    std::ifstream in(file(name));
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::ofstream(file(name + ".tmp")) << codec::gzip(text);
    rename(name + ".tmp", name + ".gz");
    std::filesystem::remove(file(name));
  }
  const std::string head = std::string(100, 'h');
  std::string last;
  int rotations = 0;
};

TEST_F(KubeletLogs, PackedWhileWeirWasDown) {
  append("0.log", head + "\n1\n");
  ASSERT_TRUE(begin({"0.log"}));
  ASSERT_TRUE(saw({head, "1"}));
  stop();
  Lines lines = {head, "1"};
  for (int i = 2; i < 5; ++i) {
    lines.push_back(std::to_string(i) + head);
    append("0.log", lines.back() + "\n");
    rotate();
  }
  ASSERT_TRUE(begin({"0.log"}));
  ASSERT_TRUE(saw(lines));
  for (int i = 5; i < 8; ++i) {
    stop();
    rotate();
    lines.push_back(std::to_string(i) + head);
    append("0.log", lines.back() + "\n");
    ASSERT_TRUE(begin({"0.log"}));
    ASSERT_TRUE(saw(lines)) << "and nothing is read again";
  }
  EXPECT_EQ(flow->lost.value(), 0);
}

TEST_F(KubeletLogs, PackedBetweenTwoLooks) {
  open_limit = 0;  // files are closed as soon as they are read
  append("0.log", head + "\n1\n");
  ASSERT_TRUE(begin({"0.log"}));
  ASSERT_TRUE(saw({head, "1"}));
  ASSERT_TRUE(eventually([&] { return flow->open_files == 0; }));
  append("0.log", "2\n");
  rotate();
  append("0.log", "3\n");
  rotate();
  append("0.log", "4\n");
  ASSERT_TRUE(saw({head, "1", "2", "3", "4"}));
  EXPECT_EQ(flow->lost.value(), 0);
}

TEST_F(KubeletLogs, WhatLayThereBeforeIsNotReadWhenItIsPacked) {
  append("0.log", head + "before\n");
  rotate();
  append("0.log", head + "1\n");
  ASSERT_TRUE(begin({"0.log"}));
  ASSERT_TRUE(saw({head + "1"}));
  rotate();
  append("0.log", "2\n");
  ASSERT_TRUE(saw({head + "1", "2"}));
  stop();
  rotate();
  append("0.log", "3\n");
  ASSERT_TRUE(begin({"0.log"}));
  ASSERT_TRUE(saw({head + "1", "2", "3"}));
}

TEST_F(KubeletLogs, WhatIsDeletedUnreadIsCounted) {
  sink.answer(LineSink::Answer::kHold);
  append("0.log", head + "\n1\n");
  ASSERT_TRUE(begin({"0.log"}));
  ASSERT_TRUE(saw({head, "1"}));
  kill();
  sink.forget_held();
  sink.clear();
  sink.answer(LineSink::Answer::kDeliver);
  rotate();
  std::filesystem::remove(file(last));
  append("0.log", "2\n");
  ASSERT_TRUE(begin({"0.log"}));
  ASSERT_TRUE(saw({"2"}));
  EXPECT_EQ(flow->lost.value(), static_cast<double>(head.size() + 3));
}

/// What a packed file says once it lay still for a while.
class PackedLogs : public KeeperFixture {
 protected:
  void read_packed(codec::Compression kind, std::string_view packed) {
    rules.compression = kind;
    initial_delay = 300ms;
    append("a", std::string(packed));
    const auto begun = std::chrono::steady_clock::now();
    ASSERT_TRUE(begin({"a"}));
    ASSERT_TRUE(saw({"one", "two", "last"}));
    EXPECT_GE(std::chrono::steady_clock::now() - begun, 300ms);
  }
};

TEST_F(PackedLogs, Bzip2) {
  using namespace std::string_view_literals;
  read_packed(
      codec::Compression::kBzip2,
      "\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x56\x81\x50\xb7\x00\x00\x03\xc1\x80\x00\x10\x22\x05\x8c\x80\x20\x00\x31\x06\x4c\x41\x0d\x31\x1a\x32\x9a\x52\x74\x67\xc5\xdc\x91\x4e\x14\x24\x15\xa0\x54\x2d\xc0"sv);
}

TEST_F(PackedLogs, Zlib) {
  using namespace std::string_view_literals;
  read_packed(codec::Compression::kZlib,
              "\x78\x9c\xcb\xcf\x4b\xe5\x2a\x29\xcf\xe7\xca\x49\x2c\x2e\x01\x00\x1c\x20\x04\x65"sv);
}

TEST_F(PackedLogs, CompressedFilesAreReadOnce) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i) + "\n";
  text += "unfinished";
  std::ofstream(file("a.gz")) << codec::gzip(text);
  rules.compression = codec::Compression::kGzip;
  ASSERT_TRUE(begin({"a.gz"}));
  ASSERT_TRUE(eventually([&] { return sink.count() == 20'001; }));
  EXPECT_EQ(sink.lines().back(), "unfinished");
  EXPECT_EQ(sink.lines()[12'345], "line 12345");
  stop();
  ASSERT_TRUE(begin({"a.gz"}));
  ASSERT_TRUE(eventually([&] { return keeper->states().at(0).offset == text.size(); }));
  EXPECT_EQ(sink.count(), 20'001u);
}

}  // namespace
}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/cursor_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace weir::loki {
namespace {

CursorList some_cursors(std::uint64_t serial = 7) {
  Cursor a;
  a.identity = {{8, 12345}, Fingerprint::of("2026-11-21 hello")};
  a.offset = 1'234'567'890'123;
  a.size = 1'234'567'890'124;
  a.modified_ns = -5;
  a.path = "/var/log/with space/\xc3\xa9%\n.log";
  a.place = "/x";
  Cursor b = a;
  b.state = Cursor::State::kFinished;
  b.identity.key.inode = 1;
  return {{a, b}, serial};
}

TEST(CursorStore, KeepsEverything) {
  const auto read = parse_cursors(print_cursors(some_cursors()));
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->cursors.size(), 2u);
  EXPECT_EQ(read->serial, 7u);
  const Cursor want = some_cursors().cursors[0], got = read->cursors[0];
  EXPECT_EQ(got.path, want.path);
  EXPECT_EQ(got.place, want.place);
  EXPECT_EQ(got.offset, want.offset);
  EXPECT_EQ(got.size, want.size);
  EXPECT_EQ(got.modified_ns, want.modified_ns);
  EXPECT_EQ(got.identity.key, want.identity.key);
  EXPECT_EQ(got.identity.fingerprint, want.identity.fingerprint);
  EXPECT_EQ(read->cursors[1].state, Cursor::State::kFinished);
}

TEST(CursorStore, RefusesEveryDamage) {
  const std::string good = print_cursors(some_cursors());
  for (std::size_t i = 0; i < good.size(); ++i) {
    EXPECT_FALSE(parse_cursors(good.substr(0, i))) << "cut at " << i;
    std::string flipped = good;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    EXPECT_FALSE(parse_cursors(flipped)) << "flipped at " << i;
  }
  EXPECT_FALSE(parse_cursors(std::string(200, '\0')));
  EXPECT_FALSE(parse_cursors(good + "x"));
}

TEST(CursorStore, SaysWhatToDo) {
  const std::string file = testing::TempDir() + "weir_cursors";
  std::filesystem::remove(file);
  auto none = load_cursors(file);
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
  ASSERT_TRUE(save_cursors(file, some_cursors()));
  EXPECT_EQ((*load_cursors(file))->cursors.size(), 2u);

  std::ofstream(file) << "weir cursors 99\n";
  const auto newer = load_cursors(file);
  ASSERT_FALSE(newer);
  EXPECT_NE(newer.error().message.find("version 99"), std::string::npos) << newer.error().message;
  EXPECT_NE(newer.error().message.find("delete it to start over"), std::string::npos)
      << newer.error().message;
  EXPECT_NE(newer.error().message.find(file), std::string::npos) << newer.error().message;
  std::filesystem::remove(file);
}

TEST(CursorStore, WhatWasSavedQuicklyCountsWhileItIsAheadAndWhole) {
  const std::string file = testing::TempDir() + "weir_quick_cursors";
  const auto serial = [&] { return (*load_cursors(file))->serial; };
  ASSERT_TRUE(save_cursors_quickly(file, some_cursors(9)));
  std::filesystem::remove(file);
  EXPECT_FALSE(load_cursors(file)->has_value()) << "who deletes the store starts over";
  ASSERT_TRUE(save_cursors(file, some_cursors(3)));
  EXPECT_EQ(serial(), 3u);
  ASSERT_TRUE(save_cursors_quickly(file, some_cursors(4)));
  EXPECT_EQ(serial(), 4u);
  ASSERT_TRUE(save_cursors(file, some_cursors(5)));
  EXPECT_EQ(serial(), 5u) << "the quick one is behind";
  ASSERT_TRUE(save_cursors_quickly(file, some_cursors(6)));
  std::filesystem::resize_file(file + ".quick", 100);
  EXPECT_EQ(serial(), 5u) << "the quick one is torn";
  std::filesystem::remove(file);
  std::filesystem::remove(file + ".quick");
}

}  // namespace
}  // namespace weir::loki

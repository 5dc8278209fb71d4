// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/cursor_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace weir::loki {
namespace {

std::vector<Cursor> some_cursors() {
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
  return {a, b};
}

TEST(CursorStore, KeepsEverything) {
  const auto read = parse_cursors(print_cursors(some_cursors()));
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 2u);
  const Cursor want = some_cursors()[0], got = (*read)[0];
  EXPECT_EQ(got.path, want.path);
  EXPECT_EQ(got.place, want.place);
  EXPECT_EQ(got.offset, want.offset);
  EXPECT_EQ(got.size, want.size);
  EXPECT_EQ(got.modified_ns, want.modified_ns);
  EXPECT_EQ(got.identity.key, want.identity.key);
  EXPECT_EQ(got.identity.fingerprint, want.identity.fingerprint);
  EXPECT_EQ((*read)[1].state, Cursor::State::kFinished);
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
  EXPECT_EQ((*load_cursors(file))->size(), 2u);

  std::ofstream(file) << "weir cursors 99\n";
  const auto newer = load_cursors(file);
  ASSERT_FALSE(newer);
  EXPECT_NE(newer.error().message.find("version 99"), std::string::npos) << newer.error().message;
  EXPECT_NE(newer.error().message.find("delete it to start over"), std::string::npos)
      << newer.error().message;
  EXPECT_NE(newer.error().message.find(file), std::string::npos) << newer.error().message;
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace weir::loki

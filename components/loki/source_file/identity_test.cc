// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/identity.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace weir::loki {
namespace {

TEST(Fingerprint, GrowsWithTheFile) {
  const std::string text(2000, 'x');
  const Fingerprint young = Fingerprint::of(text.substr(0, 10));
  EXPECT_EQ(young.length, 10u);
  EXPECT_TRUE(young.begins(text));
  EXPECT_TRUE(Fingerprint::of("").begins(text)) << "an empty file may become any";
  EXPECT_FALSE(young.begins(text.substr(0, 9))) << "shorter than it was";
  EXPECT_FALSE(young.begins("xxxxxxxxxy"));
  EXPECT_EQ(Fingerprint::of(text).length, Fingerprint::kMaxLength);
  EXPECT_EQ(Fingerprint::of(text), Fingerprint::of(text.substr(0, 1024)));
}

TEST(FileHandle, KnowsItsPathAfterARename) {
  const std::string folder = testing::TempDir() + "weir_identity";
  std::filesystem::create_directories(folder);
  const std::string a = folder + "/a b.log", b = folder + "/b.log";
  std::ofstream(a) << "hello";
  auto handle = FileHandle::open(a);
  ASSERT_TRUE(handle);
  std::filesystem::rename(a, b);
  EXPECT_EQ(handle->current_path(), std::filesystem::canonical(b).string());
  EXPECT_EQ(*read_first_bytes(handle->fd()), "hello");
  EXPECT_EQ(file_facts(b)->key, file_facts(handle->fd())->key);
  std::filesystem::remove(b);
  EXPECT_EQ(handle->current_path(), std::nullopt);
  EXPECT_TRUE(file_facts(handle->fd())->unlinked);
  EXPECT_EQ(FileHandle::open(a).error().code, Code::kNotFound);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace weir::loki

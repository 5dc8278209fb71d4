// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/rotation.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace weir::loki {
namespace {

TEST(Rotation, NamesThatRotationMakes) {
  const std::tuple<const char*, const char*, bool> cases[] = {
      {"app.log", "app.log.1", true},
      {"app.log", "app.log-20261121", true},
      {"app.log", "app-20261121.log", true},
      {"app.log", "app.2026-11-21.0.log", true},
      {"0.log", "0.log.20261121-101010", true},
      {"0.log", "1.log", true},
      {"syslog", "syslog.1", true},
      {"app.log", "app.log", false},
      {"app.log", "app.log.1.gz", false},
      {"app.log", "app.log~", false},
      {"app.log", "app.logs", false},
      {"app.log", "app-2.log", false},
      {"app.log", "app-web.log", false},
      {"app.log", "other.log.1", false},
  };
  for (const auto& [base, name, rotated] : cases)
    EXPECT_EQ(looks_rotated(base, name), rotated) << base << " " << name;
}

class RotationTree : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "rotXXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  std::string write(const std::string& name, const std::string& text, int age_seconds) {
    const std::string path = folder + "/" + name;
    std::ofstream(path) << text;
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::seconds(age_seconds));
    return path;
  }
  FileIdentity identity(const std::string& path, const std::string& text) {
    return {file_facts(path)->key, Fingerprint::of(text)};
  }
  std::string folder;
};

TEST_F(RotationTree, ARenamedFileIsFoundByIdentity) {
  const std::string path = write("x.log", "hello", 10);
  const FileIdentity id = identity(path, "hello");
  std::filesystem::rename(path, folder + "/anything");
  ASSERT_TRUE(find_identity(folder, id));
  EXPECT_EQ(find_identity(folder, id)->path, folder + "/anything");
  EXPECT_FALSE(find_identity(folder, {id.key, Fingerprint::of("other")})) << "an inode used again";
}

TEST_F(RotationTree, ACopyBeginsTheSame) {
  std::string text(100, 'a');
  text += "\nmore\n";
  const std::string path = write("x.log", text, 10);
  const FileIdentity id = identity(path, std::string(80, 'a'));
  write("x.log.2", text, 100);
  const std::string copy = write("x.log.1", text, 5);
  write("x.log.3", "something else altogether", 1);
  ASSERT_TRUE(find_copy(path, id, 80));
  EXPECT_EQ(find_copy(path, id, 80)->path, copy);
  EXPECT_FALSE(find_copy(path, id, text.size())) << "nothing of it is unread";
  EXPECT_FALSE(find_copy(path, {id.key, Fingerprint::of("aaa")}, 1)) << "too little to tell";
}

TEST_F(RotationTree, GenerationsComeOldestFirst) {
  const std::string current = write("x.log", "5", 0);
  const std::string first = write("x.log.4", "1", 50), second = write("x.log.3", "2", 40),
                    third = write("x.log.2", "3", 30);
  write("x.log.9", "0", 500);
  const auto found =
      find_generations(current, file_facts(first)->modified_ns, {file_facts(first)->key});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].path, second);
  EXPECT_EQ(found[1].path, third);
}

}  // namespace
}  // namespace weir::loki

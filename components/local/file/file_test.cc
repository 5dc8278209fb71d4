// SPDX-License-Identifier: Apache-2.0
#include "tests/support/component_fixture.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace weir::local {
namespace {

class LocalFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "lfileXXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    path = folder + "/f";
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  void write(const std::string& text) { std::ofstream(path) << text; }
  std::string content() {
    const value::Value exports = file.exports();
    const value::OptionalSecret* secret = exports.as_object().find("content")->as_optional_secret();
    return secret == nullptr ? "no content" : secret->text;
  }
  std::string body(const std::string& more = "") {
    return format("filename = \"{}\"\n{}", path, more);
  }

  std::string folder, path;
  test::TestComponent file{component("local.file")};
};

TEST_F(LocalFile, FollowsChanges) {
  write("one");
  ASSERT_EQ(file.update(body()), "");
  ASSERT_TRUE(file.start());
  EXPECT_EQ(content(), "one");
  EXPECT_GT(
      file.metric(
          "local_file_timestamp_last_accessed_unix_seconds{component_id=\"local.file.test\"}") +
          file.metric("local_file_timestamp_last_accessed_unix_seconds"),
      0);
  write("two and more");
  EXPECT_TRUE(test::soon([&] { return content() == "two and more"; }));
}

TEST_F(LocalFile, AMissingFileFailsTheBuild) {
  EXPECT_NE(file.update(body()).find("failed to read file"), std::string::npos);
}

TEST_F(LocalFile, LaterErrorsKeepTheContent) {
  write("one");
  ASSERT_EQ(file.update(body()), "");
  ASSERT_TRUE(file.start());
  std::filesystem::remove(path);
  EXPECT_TRUE(test::soon([&] { return file.health().first == graph::Health::kUnhealthy; }));
  EXPECT_EQ(content(), "one");
  write("two");
  EXPECT_TRUE(test::soon(
      [&] { return file.health().first == graph::Health::kHealthy && content() == "two"; }));
}

TEST_F(LocalFile, SecretsAndMarks) {
  write("\xef\xbb\xbfhello");
  ASSERT_EQ(file.update(body("is_secret = true")), "");
  EXPECT_EQ(content(), "hello");
  EXPECT_TRUE(file.exports().as_object().find("content")->as_optional_secret()->secret);
  write(std::string("\xff\xfeh\0i\0", 6));
  ASSERT_EQ(file.update(body()), "");
  EXPECT_EQ(content(), "hi");
  EXPECT_FALSE(file.exports().as_object().find("content")->as_optional_secret()->secret);
}

TEST_F(LocalFile, RefusesWrongArguments) {
  EXPECT_NE(file.update(body("detector = \"magic\"")), "");
  EXPECT_NE(file.update(body("poll_frequency = \"0s\"")), "");
  EXPECT_NE(file.update(""), "");
}

}  // namespace
}  // namespace weir::local

// SPDX-License-Identifier: Apache-2.0
#include "base/fs.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace weir::fs {
namespace {

class FsTest : public testing::Test {
 protected:
  FsTest() {
    std::string name = testing::TempDir() + "weir-fs-XXXXXX";
    dir_ = ::mkdtemp(name.data());
  }
  ~FsTest() override { std::filesystem::remove_all(dir_); }
  void touch(const std::string& name) const {
    std::filesystem::create_directories(std::filesystem::path(dir_ + "/" + name).parent_path());
    std::ofstream(dir_ + "/" + name) << name;
  }
  [[nodiscard]] std::vector<std::string> find(const std::string& pattern) const {
    std::vector<std::string> names;
    for (const std::string& path : Glob::parse(dir_ + "/" + pattern)->find().paths)
      names.push_back(path.substr(dir_.size() + 1));
    return names;
  }
  std::string dir_;
};

TEST(Glob, Matches) {
  const struct {
    std::string_view pattern, path;
    bool want;
  } kCases[] = {
      {"/var/log/*.log", "/var/log/a.log", true},
      {"/var/log/*.log", "/var/log/x/a.log", false},
      {"/var/**/a.log", "/var/a.log", true},
      {"/var/**/a.log", "/var/x/y/a.log", true},
      {"/var/**", "/var/x/y", true},
      {"/a{b,c{d,e}}f", "/acef", true},
      {"/a{b,c{d,e}}f", "/acf", false},
      {"/[a-c]?", "/bz", true},
      {"/[^a-c]?", "/bz", false},
      {"/a\\*b", "/a*b", true},
      {"/a\\*b", "/axb", false},
      {"/*a*b*c", "/xxaxxbxxbxxc", true},
      {"/[]a]", "/]", true},
      {"/*", "/", true},
      {"/**/a/**/b", "/a/x/a/b", true},
      {"/**/a/**/b", "/x/b/a", false},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(Glob::parse(c.pattern)->matches(c.path), c.want) << c.pattern << " " << c.path;
}

TEST(Glob, RefusesWhatDoesNotClose) {
  EXPECT_FALSE(Glob::parse("/a{b"));
  EXPECT_FALSE(Glob::parse("/a[b"));
  EXPECT_FALSE(Glob::parse("/{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"));
}

TEST_F(FsTest, GlobFinds) {
  for (const char* name : {"a.log", "b.txt", "x/c.log", "x/y/d.log", ".hidden.log"}) touch(name);
  std::filesystem::create_directory_symlink(dir_ + "/x", dir_ + "/link");
  EXPECT_EQ(find("*.log"), (std::vector<std::string>{".hidden.log", "a.log"}));
  EXPECT_EQ(find("**/*.log"),
            (std::vector<std::string>{".hidden.log", "a.log", "x/c.log", "x/y/d.log"}));
  EXPECT_EQ(find("{x,link}/*.log"), (std::vector<std::string>{"link/c.log", "x/c.log"}));
  EXPECT_EQ(find("x/y/d.log"), (std::vector<std::string>{"x/y/d.log"}));
  EXPECT_EQ(find("**/x/**/*.log"), (std::vector<std::string>{"x/c.log", "x/y/d.log"}));
  EXPECT_TRUE(find("none/*").empty());
  EXPECT_TRUE(Glob::parse(dir_ + "/**")->find(2).truncated);
}

TEST_F(FsTest, WritesAllOrNothing) {
  const std::string path = dir_ + "/state";
  ASSERT_TRUE(write_file_atomic(path, "one"));
  ASSERT_TRUE(write_file_atomic(path, "two"));
  EXPECT_EQ(read_file(path).value_or("?"), "two");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
  EXPECT_FALSE(write_file_atomic(dir_ + "/none/state", "x"));
}

TEST_F(FsTest, ReadsWithinItsBound) {
  touch("a");
  EXPECT_FALSE(read_file(dir_ + "/a", 0));
  EXPECT_FALSE(read_file(dir_));
  const auto missing = read_file(dir_ + "/b");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::kNotFound);
}

TEST(Fs, EscapesFileNames) {
  EXPECT_EQ(escape_file_name("loki.write.x"), "loki.write.x");
  EXPECT_EQ(escape_file_name("../a b"), "..%2Fa%20b");
  EXPECT_EQ(escape_file_name(".."), "%2E.");
  EXPECT_EQ(escape_file_name(""), "%");
}

}  // namespace
}  // namespace weir::fs

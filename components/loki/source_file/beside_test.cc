// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/beside.h"

#include "components/loki/source_file/few_descriptors.h"
#include "components/loki/source_file/folder_fixture.h"

#include <limits>
#include <set>

namespace weir::loki {
namespace {

constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::min();

class Beside : public FolderFixture {};

std::vector<std::string> names_of(const std::vector<FoundFile>& files) {
  std::vector<std::string> names;
  for (const FoundFile& file : files) names.emplace_back(name_of(file.path));
  return names;
}
using Names = std::vector<std::string>;

TEST_F(Beside, ARenamedFileIsFoundByIdentity) {
  const std::string path = write("x.log", "hello", 10);
  const FileIdentity id = identity(path, "hello");
  std::filesystem::rename(path, folder + "/anything");
  const auto found = find_identity(folder, id);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->path, folder + "/anything");
  const auto other = find_identity(folder, {id.key, Fingerprint::of("other")});
  EXPECT_TRUE(other && !*other) << "an inode used again";
  const auto nowhere = find_identity(folder + "/none", id);
  EXPECT_TRUE(nowhere && !*nowhere) << "a folder that is not there has no files";
}

TEST_F(Beside, WhatCannotBeLookedAtIsNotGone) {
  if (!kDescriptorsCanRunOut) GTEST_SKIP() << "the sanitizer needs one, too";
  const std::string path = write("x.log", "hello", 10);
  const FileIdentity id = identity(path, "hello");
  for (int more : {0, 1}) {  // the folder, or the file in it
    const FewDescriptors few(more);
    const auto found = find_identity(folder, id);
    ASSERT_FALSE(found) << more;
    EXPECT_EQ(found.error().code, Code::kThrottled) << found.error().message;
    EXPECT_FALSE(open_rotated(path, kEver)) << more;
  }
  EXPECT_TRUE(find_identity(folder, id).value());
}

TEST_F(Beside, AFileThatMayNotBeReadHidesNoOther) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const std::string path = write("x.log.1", "hello", 10);
  write("x.log.2", "hello", 20);
  const FileIdentity id = identity(path, "hello");
  std::filesystem::permissions(path, std::filesystem::perms::none);
  EXPECT_EQ(names_of(*open_rotated(folder + "/x.log", kEver)), Names{"x.log.2"});
  EXPECT_FALSE(find_identity(folder, id));
}

TEST_F(Beside, GenerationsComeOldestFirst) {
  const std::string current = write("x.log", "5", 0);
  const std::string first = write("x.log.4", "1", 50);
  write("x.log.3", "2", 40);
  write("x.log.2", "3", 30);
  write("x.log.9", "0", 500);
  write("y.log.1", "0", 1);
  const auto found = open_rotated(current, file_facts(first)->modified_ns);
  ASSERT_TRUE(found);
  EXPECT_EQ(names_of(*found), (Names{"x.log.4", "x.log.3", "x.log.2"}));
}

TEST_F(Beside, NamesTellTheOrderOfFilesThatWerePackedLate) {
  const std::string current = write("0.log", "3", 0);
  write("0.log.20261121-100000.gz", "packed after the next was put aside", 1);
  write("0.log.20261121-110000", "2", 30);
  EXPECT_EQ(names_of(*open_rotated(current, kEver)),
            (Names{"0.log.20261121-100000.gz", "0.log.20261121-110000"}));
}

TEST_F(Beside, WhatIsBeingPackedIsTakenUnpacked) {
  const std::string current = write("x.log", "3", 0);
  write("x.log.1", "whole", 30);
  write("x.log.1.gz", "half", 1);
  EXPECT_EQ(names_of(*open_rotated(current, kEver)), (Names{"x.log.1"}));
}

/// Renames at the worst moment: between the reading of the folder and the opening of its files.
TEST_F(Beside, RotationWhileTheFolderIsReadHidesNothing) {
  write("x.log.1", "1", 30);
  write("x.log.2", "0", 40);
  const std::string current = write("x.log", "2", 20);
  int rotations = 0;
  const auto rotate = [&] {
    if (++rotations > 5) return;
    for (int i = 9; i >= 1; --i) {
      const std::string from = folder + "/x.log." + std::to_string(i);
      if (std::filesystem::exists(from))
        std::filesystem::rename(from, folder + "/x.log." + std::to_string(i + 1));
    }
    std::filesystem::rename(current, folder + "/x.log.1");
    write("x.log", std::to_string(2 + rotations), 20 - rotations);
  };
  std::set<std::string> first;
  const auto files = open_files(folder, {[](auto...) { return true; },
                                         [&](const FoundFile& file) {
                                           if (first.insert(file.first).second) rotate();
                                           return true;
                                         }});
  ASSERT_TRUE(files);
  std::set<std::string> texts;
  for (const FoundFile& file : *files) texts.insert(file.first);
  EXPECT_EQ(texts, (std::set<std::string>{"0", "1", "2", "3", "4", "5", "6", "7"}));
  for (const FoundFile& file : *files)
    EXPECT_EQ(file_facts(file.path)->key, file.facts.key) << "its name of now";
}

TEST_F(Beside, NamesAreOfferedByTheirStem) {
  write("x.log", "", 0);
  for (const char* name : {"x.log.1", "x-20261121.log", "xy.log.1", "y.log.1", "x.log.2.gz"})
    write(name, "", 0);
  FolderNames names;
  std::set<std::string> found;
  names.each_rotated(folder + "/x.log",
                     [&](const std::string& path) { found.emplace(name_of(path)); });
  EXPECT_EQ(found, (std::set<std::string>{"x.log.1", "x-20261121.log", "x.log.2.gz"}));
}

}  // namespace
}  // namespace weir::loki

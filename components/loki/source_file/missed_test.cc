// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/missed.h"

#include "components/loki/source_file/folder_fixture.h"

#include <limits>

namespace weir::loki {
namespace {

using Fate = KnownFile::Fate;

class Missed : public FolderFixture {
 protected:
  KnownFile known(const std::string& path, const std::string& text, Fate fate,
                  std::uint64_t offset) {
    return {identity(path, text), fate, offset, file_facts(path)->modified_ns};
  }
  /// "name@offset" of each file to be read, "lost" for each that is.
  std::vector<std::string> find(const std::vector<KnownFile>& files) {
    auto beside = open_rotated(folder + "/x.log", std::numeric_limits<std::int64_t>::min());
    const MissedFiles missed = find_missed(std::move(*beside), files);
    std::vector<std::string> out;
    for (const MissedFile& one : missed.files)
      out.push_back(std::string(name_of(one.file.path)) + "@" + std::to_string(one.offset));
    for (const bool lost : missed.lost) {
      if (lost) out.emplace_back("lost");
    }
    return out;
  }
  const std::string head = std::string(100, 'h') + "\n";
};
using Found = std::vector<std::string>;

TEST_F(Missed, WhatIsUnreadGoesOnBeforeWhatIsNew) {
  const auto x = known(write("x.log.3", "one", 30), "one", Fate::kUnread, 2);
  write("x.log.2", "two", 20);
  write("x.log.1", "three", 10);
  write("x.log.9", "old", 90);
  EXPECT_EQ(find({x}), (Found{"x.log.3@2", "x.log.2@0", "x.log.1@0"}));
}

TEST_F(Missed, WhatIsInLineDoneOrWasThereBeforeIsLeft) {
  const std::vector<KnownFile> files = {
      known(write("x.log.3", "lay here", 30), "lay here", Fate::kBeside, 3),
      known(write("x.log.2", "done", 20), "done", Fate::kDone, 4),
      known(write("x.log.1", "in line", 10), "in line", Fate::kInLine, 3)};
  EXPECT_EQ(find(files), Found{});
}

TEST_F(Missed, AFileThatGrewAfterItWasDoneGoesOn) {
  EXPECT_EQ(find({known(write("x.log.1", "done and more", 10), "done", Fate::kDone, 4)}),
            Found{"x.log.1@4"});
}

TEST_F(Missed, AnInodeUsedAgainIsANewFile) {
  EXPECT_EQ(find({known(write("x.log.1", "another", 10), "done", Fate::kDone, 4)}),
            Found{"x.log.1@0"});
}

TEST_F(Missed, APackedFileGoesOnWhereItWasLeft) {
  const std::string text = head + "read\nunread\n";
  const KnownFile x = known(write("gone", text, 30), head, Fate::kUnread, head.size() + 5);
  write("x.log.1.gz", codec::gzip(text), 20);
  EXPECT_EQ(find({x}), Found{"x.log.1.gz@106"});
  KnownFile all = x;
  all.offset = text.size();
  EXPECT_EQ(find({all}), Found{}) << "all of it was read";
  all.fate = Fate::kBeside;
  EXPECT_EQ(find({all}), Found{});
  all.fate = Fate::kInLine;
  EXPECT_EQ(find({all}), Found{});
}

TEST_F(Missed, APackedFileThatNobodySawIsRead) {
  const KnownFile x = known(write("x.log.2", head, 30), head, Fate::kDone, head.size());
  write("x.log.1.gz", codec::gzip("never seen\n"), 20);
  EXPECT_EQ(find({x}), Found{"x.log.1.gz@0"});
}

TEST_F(Missed, WhatIsNowhereIsLost) {
  const KnownFile x = known(write("gone", head, 30), head, Fate::kUnread, 5);
  write("x.log.1.gz", "no gzip at all", 40);
  EXPECT_EQ(find({x}), Found{"lost"});
}

TEST_F(Missed, GenerationsThatBeginAlikeAreToldApartByTheirLength) {
  const KnownFile x = known(write("x.log.3", head, 30), head, Fate::kDone, head.size());
  write("x.log.2", head + "a\n", 20);
  write("x.log.1", head + "b\n", 10);
  EXPECT_EQ(find({x}), (Found{"x.log.2@101", "x.log.1@101"})) << "their common head was sent";
}

}  // namespace
}  // namespace weir::loki

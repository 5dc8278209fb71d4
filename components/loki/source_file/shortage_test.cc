// SPDX-License-Identifier: Apache-2.0
// Files that cannot be looked at for a while are read when they can be.

#include "components/loki/source_file/few_descriptors.h"
#include "components/loki/source_file/keeper_fixture.h"
#include "components/loki/source_file/look_again.h"

#include <cstdlib>

namespace weir::loki {
namespace {

class ShortageTest : public KeeperFixture {
 protected:
  bool says_why() {
    return eventually([&] {
      const auto states = keeper->states();
      return !states.empty() &&
             states.front().error.find("Too many open files") != std::string::npos;
    });
  }
  bool nothing_is_lost() const { return metrics.text().find("lost 0") != std::string::npos; }
};

TEST_F(ShortageTest, AFileThatIsRotatedMeanwhileIsRead) {
  if (!kDescriptorsCanRunOut) GTEST_SKIP() << "the sanitizer needs one, too";
  open_limit = 0;  // what is read to its end is closed
  append("a", "one\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"one"}));
  ASSERT_TRUE(eventually([&] { return flow->open_files == 0; }));
  {
    std::ofstream out(file("a"), std::ios::app);
    const FewDescriptors none;
    out << "two\n" << std::flush;
    rename("a", "a.1");
    EXPECT_TRUE(says_why());
  }
  EXPECT_TRUE(saw({"one", "two"}));
  EXPECT_TRUE(eventually([&] { return keeper->active() == 0; }));
  EXPECT_TRUE(nothing_is_lost()) << metrics.text();
}

TEST_F(ShortageTest, AFileThatWasRotatedWhileNobodyRanIsReadBeforeItsSuccessor) {
  if (!kDescriptorsCanRunOut) GTEST_SKIP() << "the sanitizer needs one, too";
  append("a", "one\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"one"}));
  stop();
  append("a", "two\n");
  rename("a", "a.1");
  append("a", "three\n");
  ASSERT_TRUE(begin({}));
  {
    const FewDescriptors one(1);
    follow({"a"});
    EXPECT_TRUE(says_why());
  }
  EXPECT_TRUE(saw({"one", "two", "three"}));
  EXPECT_TRUE(nothing_is_lost()) << metrics.text();
}

/// The open descriptor of a file, as long as it is one of a folder instead: reading it fails.
class Unreadable {
 public:
  explicit Unreadable(const std::string& path) {
    for (const auto& link : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      if (std::filesystem::read_symlink(link.path(), gone) == path)
        fd_ = std::atoi(link.path().filename().c_str());
    }
    WEIR_CHECK(fd_ >= 0, "the file is open");
    real_ = FileHandle(::dup(fd_));
    const FileHandle folder(::open("/", O_RDONLY | O_CLOEXEC));
    ::dup2(folder.fd(), fd_);
  }
  ~Unreadable() { ::dup2(real_.fd(), fd_); }
  Unreadable(const Unreadable&) = delete;
  Unreadable& operator=(const Unreadable&) = delete;

 private:
  int fd_ = -1;
  FileHandle real_;
};

TEST_F(ShortageTest, ARotatedFileWhoseReadsFailHoldsUpNoOtherAndIsNotGivenUp) {
  append("a", "one\n");
  ASSERT_TRUE(begin({"a"}));
  ASSERT_TRUE(saw({"one"}));
  {
    const Unreadable broken(file("a"));
    append("a", "two\n");
    rename("a", "a.1");
    append("a", "three\n");
    ASSERT_TRUE(saw({"one", "three"})) << "longer than a rotated file lingers";
    EXPECT_NE(keeper->states().front().error.find("Is a directory"), std::string::npos)
        << keeper->states().front().error;
  }
  EXPECT_TRUE(saw({"one", "three", "two"}));
  EXPECT_TRUE(eventually([&] { return keeper->states().front().error.empty(); }));
  EXPECT_TRUE(nothing_is_lost()) << metrics.text();
}

TEST(LookAgain, WaitsLongerEachTime) {
  using namespace std::chrono_literals;
  LookAgain look;
  EXPECT_TRUE(look.due(0s));
  const Error error{Code::kThrottled, "none left"};
  Duration now{};
  for (const Duration wait : {100ms, 200ms, 400ms}) {
    look.failed(error, now);
    look.failed(error, now);  // the same look
    EXPECT_FALSE(look.due(now + wait - 1ms));
    EXPECT_TRUE(look.due(now + wait));
    now += wait;
  }
  for (int i = 0; i < 20; ++i) look.failed(error, now += 1h);
  EXPECT_TRUE(look.due(now + 30s));
  EXPECT_EQ(look.why(), "none left");
  EXPECT_TRUE(look.is_shortage());
  look.done();
  EXPECT_EQ(look.why(), "");
  EXPECT_TRUE(look.due(now));
}

}  // namespace
}  // namespace weir::loki

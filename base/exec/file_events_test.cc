// SPDX-License-Identifier: Apache-2.0
#include "base/exec/file_events.h"

#include "base/mutex.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdlib.h>
#include <unistd.h>

namespace weir::exec {
namespace {

using std::chrono::milliseconds;
namespace files = std::filesystem;

/// Counts calls and waits for them.
class CallCounter {
 public:
  Task task() {
    return [this] {
      MutexLock lock(mutex_);
      ++count_;
      condition_.notify_all();
    };
  }
  /// True once it was called since the last time this was asked.
  bool called() {
    MutexLock lock(mutex_);
    const bool came =
        condition_.wait_for(mutex_, std::chrono::seconds(10),
                            [this]() WEIR_REQUIRES(mutex_) { return count_ > seen_; });
    seen_ = count_;
    return came;
  }
  /// As if it had not been called yet.
  void forget() {
    MutexLock lock(mutex_);
    seen_ = count_;
  }
  int count() {
    MutexLock lock(mutex_);
    return count_;
  }

 private:
  Mutex mutex_;
  Condition condition_;
  int count_ WEIR_GUARDED_BY(mutex_) = 0;
  int seen_ WEIR_GUARDED_BY(mutex_) = 0;
};

class FileEventsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (files::temp_directory_path() / "weir-events-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    auto opened = FileEvents::open(pool);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    events = std::move(*opened);
  }
  void TearDown() override { files::remove_all(folder); }

  FileEvents::Watch watch(const files::path& path, CallCounter& counter) {
    auto made = events->watch(path, strand, counter.task(), milliseconds(1));
    EXPECT_TRUE(made.has_value()) << made.error().message;
    return std::move(*made);
  }
  static void write(const files::path& path, std::string_view text) { std::ofstream(path) << text; }
  /// Waits until all that happened so far has been told, and forgets it.
  void settle(CallCounter& counter) {
    CallCounter last;
    const auto barrier = watch(folder / "barrier", last);
    write(folder / "barrier", "x");
    EXPECT_TRUE(last.called());
    counter.forget();
  }

  files::path folder;
  Pool pool{2};
  Strand strand = pool.strand();
  std::unique_ptr<FileEvents> events;
};

TEST_F(FileEventsTest, SeesAFileThroughItsLife) {
  CallCounter counter;
  const auto path = folder / "file";
  const auto watched = watch(path, counter);
  write(path, "made");
  EXPECT_TRUE(counter.called()) << "made";
  settle(counter);
  std::ofstream(path, std::ios::app) << "more";
  EXPECT_TRUE(counter.called()) << "written";
  write(folder / "new", "replaced");
  settle(counter);
  files::rename(folder / "new", path);
  EXPECT_TRUE(counter.called()) << "replaced";
  settle(counter);
  files::remove(path);
  EXPECT_TRUE(counter.called()) << "removed";
  settle(counter);
  write(path, "again");
  EXPECT_TRUE(counter.called()) << "made again";
}

TEST_F(FileEventsTest, KeepsQuietAboutOthers) {
  CallCounter counter;
  write(folder / "file", "x");
  settle(counter);
  const auto watched = watch(folder / "file", counter);
  for (int i = 0; i < 20; ++i) write(folder / "another", "y");
  settle(counter);
  EXPECT_EQ(counter.count(), 0);
}

TEST_F(FileEventsTest, FollowsSwappedLinks) {
  files::create_directories(folder / "mount" / "..one");
  files::create_directories(folder / "mount" / "..two");
  write(folder / "mount" / "..one" / "file", "1");
  write(folder / "mount" / "..two" / "file", "2");
  files::create_symlink("..one", folder / "mount" / "..data");
  files::create_symlink("..data/file", folder / "mount" / "file");
  CallCounter counter;
  const auto watched = watch(folder / "mount" / "file", counter);
  files::create_symlink("..two", folder / "mount" / "..tmp");
  files::rename(folder / "mount" / "..tmp", folder / "mount" / "..data");
  EXPECT_TRUE(counter.called()) << "swapped";
  settle(counter);
  std::ofstream(folder / "mount" / "..two" / "file", std::ios::app) << "in place";
  EXPECT_TRUE(counter.called()) << "written behind the new link";
}

TEST_F(FileEventsTest, WaitsForFoldersThatAreNotThere) {
  CallCounter counter;
  const auto watched = watch(folder / "a" / "b" / "c", counter);
  files::create_directories(folder / "a" / "b");
  write(folder / "a" / "b" / "c", "x");
  EXPECT_TRUE(counter.called()) << "made";
  settle(counter);
  files::remove_all(folder / "a");
  EXPECT_TRUE(counter.called()) << "removed with its folders";
  settle(counter);
  files::create_directories(folder / "a" / "b");
  settle(counter);
  write(folder / "a" / "b" / "c", "y");
  EXPECT_TRUE(counter.called()) << "made again";
}

TEST_F(FileEventsTest, AFolderChangesWithWhatIsInIt) {
  CallCounter counter;
  files::create_directory(folder / "sub");
  const auto watched = watch(folder / "sub", counter);
  write(folder / "sub" / "x", "1");
  EXPECT_TRUE(counter.called());
  settle(counter);
  files::remove(folder / "sub" / "x");
  EXPECT_TRUE(counter.called());
}

TEST_F(FileEventsTest, ManyChangesMakeFewCalls) {
  CallCounter counter;
  auto watched = events->watch(folder / "file", strand, counter.task(), milliseconds(100));
  ASSERT_TRUE(watched.has_value());
  for (int i = 0; i < 500; ++i) write(folder / "file", "x");
  EXPECT_TRUE(counter.called());
  EXPECT_LT(counter.count(), 20);
}

TEST_F(FileEventsTest, ADroppedWatchIsSilentAndMayOutliveItsEvents) {
  CallCounter dropped;
  CallCounter left;
  auto first = watch(folder / "file", dropped);
  auto second = watch(folder / "file", left);
  first = FileEvents::Watch();
  write(folder / "file", "x");
  EXPECT_TRUE(left.called());
  EXPECT_EQ(dropped.count(), 0);
  events.reset();
  write(folder / "file", "y");
  second = FileEvents::Watch();
}

}  // namespace
}  // namespace weir::exec

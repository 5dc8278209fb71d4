// SPDX-License-Identifier: Apache-2.0
// For tests of reading: a folder, a keeper on it, and a sink that remembers every line.

#pragma once

#include "components/loki/source_file/keeper.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <poll.h>
#include <random>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace weir::loki {

/// Remembers lines; delivers, holds or abandons their receipts.
class LineSink final : public LogSink {
 public:
  enum class Answer { kDeliver, kHold, kAbandon };

  void consume(LogBatch batch) override {
    MutexLock lock(mutex_);
    for (const Entry& entry : batch.entries()) {
      lines_.emplace_back(entry.line);
      filenames_.emplace_back(batch.labels(entry).get("filename"));
      EXPECT_GT(entry.time.ns, 0);
    }
    if (answer_ == Answer::kDeliver)
      batch.receipt.deliver();
    else if (answer_ == Answer::kHold)
      held_.push_back(std::move(batch.receipt));
    else
      batch.receipt.abandon();
  }
  void answer(Answer answer) {
    MutexLock lock(mutex_);
    answer_ = answer;
  }
  std::vector<Receipt> take_held() {
    MutexLock lock(mutex_);
    return std::exchange(held_, {});
  }
  /// Lets held receipts go without a word.
  void forget_held() { const auto gone = take_held(); }
  std::vector<std::string> lines() const {
    MutexLock lock(mutex_);
    return lines_;
  }
  std::vector<std::string> filenames() const {
    MutexLock lock(mutex_);
    return filenames_;
  }
  std::size_t count() const {
    MutexLock lock(mutex_);
    return lines_.size();
  }
  void clear() {
    MutexLock lock(mutex_);
    lines_.clear();
    filenames_.clear();
  }

 private:
  mutable Mutex mutex_;
  std::vector<std::string> lines_;
  std::vector<std::string> filenames_;
  std::vector<Receipt> held_;
  Answer answer_ = Answer::kDeliver;
};

template <class Condition>
bool eventually(Condition condition, Duration limit = std::chrono::seconds(10)) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
    ::poll(nullptr, 0, 2);
  }
  return true;
}

class KeeperFixture : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "keepXXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = std::filesystem::canonical(name).string();
    port->open(sink);
  }
  void TearDown() override {
    if (keeper) keeper->halt();
    keeper.reset();
    std::filesystem::remove_all(folder);
  }

  std::string file(const std::string& name) const { return folder + "/" + name; }
  void append(const std::string& name, const std::string& text) {
    std::ofstream(file(name), std::ios::app) << text;
  }
  void rename(const std::string& from, const std::string& to) {
    std::filesystem::rename(file(from), file(to));
  }

  [[nodiscard]] KeeperOptions options() const {
    KeeperOptions out;
    out.min_poll = out.max_poll = std::chrono::milliseconds(10);
    out.save_every = std::chrono::milliseconds(5);
    out.tail_from_end = tail_from_end;
    out.initial_delay = initial_delay;
    return out;
  }
  Status begin(const std::vector<std::string>& names) {
    flow = std::make_shared<Flow>();
    flow->too_long = MetricScope(metrics, {}).counter("too_long", "Bytes.");
    flow->lost = MetricScope(metrics, {}).counter("lost", "Bytes.");
    flow->next.set(std::make_shared<Fanout<LogBatch>>(std::vector<LogReceiver>{{port}}));
    keeper = std::make_shared<Keeper>(pool, Clock::system(), Logger(LogOutput::null()), flow,
                                      [](const std::string&) { return FileMetrics{}; });
    if (open_limit) flow->open_limit = *open_limit;
    WEIR_TRY_STATUS(keeper->load(file("cursors")));
    keeper->configure(options(), rules);
    keeper->set_linger(linger);
    follow(names);
    keeper->start([this](const std::string& text) {
      MutexLock lock(trouble_mutex);
      trouble = text;
    });
    return {};
  }
  void follow(const std::vector<std::string>& names) {
    FollowedPaths paths;
    for (const std::string& name : names)
      paths[file(name)] = {Labels::of({{"filename", file(name)}, {"job", "t"}})};
    keeper->follow(std::move(paths));
  }
  void stop() {
    keeper->stop(std::chrono::seconds(10));
    keeper.reset();
  }
  void kill() {
    keeper->halt();
    keeper.reset();
  }
  bool saw(const std::vector<std::string>& lines) {
    const bool good = eventually([&] { return sink.lines() == lines; });
    if (!good) {
      EXPECT_EQ(sink.lines(), lines);
    }
    return good;
  }

  exec::Pool pool{2};
  LineSink sink;
  std::shared_ptr<LogPort> port = std::make_shared<LogPort>();
  std::shared_ptr<Keeper> keeper;
  MetricRegistry metrics;
  std::shared_ptr<Flow> flow;
  std::optional<std::size_t> open_limit;
  std::string folder;
  TextRules rules;
  bool tail_from_end = false;
  Duration initial_delay{};
  Duration linger = std::chrono::milliseconds(100);
  Mutex trouble_mutex;
  std::string trouble;
};

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// The promise of the log path: every line that was written arrives, whatever happens on the way.
//
// Numbered lines go into container log files that are rotated by rename, while the program is killed and
// started, reloaded, and its destination answers errors, resets connections and stalls. Then every line is
// there at least once. WEIR_LOSS_LINES sets how many lines in all.

#include "base/codec/snappy.h"
#include "base/format.h"
#include "base/mutex.h"
#include "base/net/http_server.h"
#include "components/wire/loki/push_decode.h"
#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <random>
#include <sys/stat.h>
#include <thread>

namespace weir {
namespace {

using namespace std::chrono_literals;

constexpr int kFiles = 20;
constexpr int kRounds = 20;
constexpr int kRotations = 5;  // of each file
constexpr auto kStallTime = 10s;

/// Lines seen, by file and number.
class Tally {
 public:
  explicit Tally(int lines_per_file)
      : seen_(kFiles, std::vector<std::uint8_t>(static_cast<std::size_t>(lines_per_file))) {}

  void add(const LogBatch& batch) {
    MutexLock lock(mutex_);
    for (const Entry& entry : batch.entries()) {
      int file = -1;
      int number = -1;
      if (std::sscanf(std::string(entry.line).c_str(), "file=%d seq=%d", &file, &number) != 2) {
        ++strange_;
        continue;
      }
      std::uint8_t& count = seen_[static_cast<std::size_t>(file)][static_cast<std::size_t>(number)];
      if (count == 0)
        ++distinct_;
      else
        ++duplicates_;
      count = 1;
    }
  }
  [[nodiscard]] long distinct() const {
    MutexLock lock(mutex_);
    return distinct_;
  }
  [[nodiscard]] long duplicates() const {
    MutexLock lock(mutex_);
    return duplicates_;
  }
  [[nodiscard]] long strange() const {
    MutexLock lock(mutex_);
    return strange_;
  }
  /// "file 3: 17, 18, ..." of the first that are missing.
  [[nodiscard]] std::string missing() const {
    MutexLock lock(mutex_);
    std::string text;
    int shown = 0;
    for (std::size_t file = 0; file < seen_.size(); ++file) {
      for (std::size_t number = 0; number < seen_[file].size() && shown < 20; ++number) {
        if (seen_[file][number] == 0) {
          text += format("{}:{} ", file, number);
          ++shown;
        }
      }
    }
    return text;
  }

 private:
  mutable Mutex mutex_;
  std::vector<std::vector<std::uint8_t>> seen_ WEIR_GUARDED_BY(mutex_);
  long distinct_ WEIR_GUARDED_BY(mutex_) = 0;
  long duplicates_ WEIR_GUARDED_BY(mutex_) = 0;
  long strange_ WEIR_GUARDED_BY(mutex_) = 0;
};

/// A destination that keeps what it accepted, and misbehaves when told to.
class Destination {
 public:
  enum class Mood { kGood, kError, kThrottle, kStall };

  explicit Destination(Tally& tally) : tally_(tally) { listen(0); }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  void set(Mood mood) { mood_ = mood; }
  /// Lines it took without saying so in time: they have to come again.
  [[nodiscard]] long unanswered() const { return unanswered_; }
  /// Closes every connection and the door, then opens it again on the same port.
  void reset_connections() {
    server_->stop(Duration(0));
    server_.reset();
    listen(port_);
  }

 private:
  void listen(std::uint16_t port) {
    net::HttpServerConfig config;
    config.port = port;
    auto server = net::HttpServer::listen(
        pool_, config, [this](net::ServerRequest request, net::Responder responder) {
          answer(std::move(request), std::move(responder));
        });
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
    port_ = server_->port();
  }

  void answer(net::ServerRequest request, net::Responder responder) {
    const Mood mood = mood_;
    if (mood == Mood::kError) return responder.send({500, "out of order", "text/plain", {}});
    if (mood == Mood::kThrottle)
      return responder.send({429, "slow down", "text/plain", {{"Retry-After", "1"}}});
    const auto text = codec::snappy_decode(request.body, 64u << 20);
    ASSERT_TRUE(text) << text.error().message;
    const auto push = wire::decode_loki_push(std::make_shared<const std::string>(*text),
                                             [](LabelsBuilder& labels) { return labels.build(); });
    ASSERT_TRUE(push) << push.error().message;
    tally_.add(push->batch);
    if (mood != Mood::kStall) return responder.send({204, "", "", {}});
    unanswered_ += static_cast<long>(push->batch.size());
    const auto late =
        std::make_shared<net::Responder>(std::move(responder));  // kept, so answered too late
    timers_.push_back(strand_.after(kStallTime, [late] { late->send({204, "", "", {}}); }));
  }

  Tally& tally_;
  exec::Pool pool_{2};
  exec::Strand strand_ = pool_.strand();
  std::vector<exec::Timer> timers_;
  std::atomic<Mood> mood_ = Mood::kGood;
  std::atomic<long> unanswered_ = 0;
  std::uint16_t port_ = 0;
  std::unique_ptr<net::HttpServer> server_;
};

/// Writes the files as containerd does, a share of the lines at a time, renaming full ones.
class Writer {
 public:
  Writer(std::string folder, int lines_per_file)
      : folder_(std::move(folder)), lines_per_file_(lines_per_file) {
    for (int file = 0; file < kFiles; ++file) std::filesystem::create_directories(dir(file));
  }

  /// Appends to every file until it holds `upto` lines.
  void write(int upto) {
    for (; written_ < std::min(upto, lines_per_file_); ++written_) {
      for (int file = 0; file < kFiles; ++file) {
        std::FILE*& out = open_[file];
        if (out == nullptr) out = std::fopen((dir(file) + "/0.log").c_str(), "ab");
        fmt::print(out,
                   "2026-11-20T08:00:00.{:09}Z stdout F file={} seq={} some text to make the line "
                   "a usual one\n",
                   written_, file, written_);
        if ((written_ + 1) % (lines_per_file_ / kRotations) == 0) rotate(file);
      }
    }
    for (std::FILE* out : open_) {
      if (out != nullptr) std::fflush(out);
    }
  }
  [[nodiscard]] int written() const { return written_; }

 private:
  [[nodiscard]] std::string dir(int file) const {
    return format("{}/ns_pod-{}_uid-{}/app", folder_, file, file);
  }
  /// As the runtime does it for kubelet: the new file is there at once.
  void rotate(int file) {
    std::fclose(open_[file]);
    const std::string path = dir(file) + "/0.log";
    std::filesystem::rename(path, format("{}.20261120-{:06}", path, written_));
    open_[file] = std::fopen(path.c_str(), "ab");
  }

  const std::string folder_;
  const int lines_per_file_;
  int written_ = 0;
  std::FILE* open_[kFiles] = {};
};

std::string config_text(const std::string& pods, std::uint16_t port, int generation) {
  return format(R"(
local.file_match "pods" {{
	path_targets = [{{"__path__" = "{}/*/*/0.log"}}]
	sync_period  = "500ms"
}}
loki.source.file "pods" {{
	targets    = local.file_match.pods.targets
	forward_to = [loki.process.pods.receiver]
}}
loki.process "pods" {{
	stage.cri {{ }}
	stage.static_labels {{ values = {{generation = "{}"}} }}
	forward_to = [loki.write.out.receiver]
}}
loki.write "out" {{
	endpoint {{
		url                = "http://127.0.0.1:{}/loki/api/v1/push"
		batch_wait         = "200ms"
		remote_timeout     = "3s"
		min_backoff_period = "100ms"
		max_backoff_period = "1s"
		max_backoff_retries = 0
	}}
}}
)",
                pods, generation, port);
}

TEST(Loss, EveryLineArrives) {
  const char* asked = std::getenv("WEIR_LOSS_LINES");
  const int lines_per_file = (asked == nullptr ? 2'000'000 : std::atoi(asked)) / kFiles;
  const test::TempDir dir;
  Tally tally(lines_per_file);
  Destination destination(tally);
  Writer writer(dir / "pods", lines_per_file);
  std::mt19937 random(20261120);
  const auto chance = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
  };
  const auto pause = [&](std::chrono::milliseconds time) {
    test::eventually([] { return false; }, time);
  };

  const std::string config = dir / "config.alloy";
  const auto start = [&] {
    return std::make_unique<test::Process>(
        test::Process::Options{{test::weir_binary(), "run", "--server.http.listen-addr=127.0.0.1:0",
                                "--storage.path=" + dir / "data", config},
                               {},
                               dir / "log"});
  };
  test::write_file(config, config_text(dir / "pods", destination.port(), 0));
  auto weir = start();
  for (int round = 0; round < kRounds; ++round) {
    writer.write(lines_per_file * (2 * round + 1) / (2 * kRounds));
    const auto mood = static_cast<Destination::Mood>(round % 4);
    destination.set(mood);
    pause(std::chrono::milliseconds(chance(200, 900)));
    if (mood == Destination::Mood::kGood) destination.reset_connections();
    test::write_file(config, config_text(dir / "pods", destination.port(), round + 1));
    weir->signal(SIGHUP);
    pause(std::chrono::milliseconds(chance(100, 600)));
    destination.set(Destination::Mood::kGood);
    pause(std::chrono::milliseconds(chance(0, 600)));
    weir->signal(SIGKILL);
    const auto ended = weir->wait(10s);
    ASSERT_TRUE(ended.has_value());
    ASSERT_EQ(ended->signal, SIGKILL) << "it ended by itself:\n" << test::read_file(dir / "log");
    writer.write(lines_per_file * (2 * round + 2) /
                 (2 * kRounds));  // and rotates while nobody runs
    weir = start();
  }
  ASSERT_EQ(writer.written(), lines_per_file);
  const long wanted = static_cast<long>(lines_per_file) * kFiles;
  const bool all = test::eventually([&] { return tally.distinct() == wanted; }, 180s);
  weir->signal(SIGTERM);
  const auto ended = weir->wait(60s);
  EXPECT_TRUE(ended && ended->code == 0);
  fmt::print("lines {} missing {} duplicates {}, of lines that were not answered in time {}\n",
             wanted, wanted - tally.distinct(), tally.duplicates(), destination.unanswered());
  EXPECT_TRUE(all) << "missing " << wanted - tally.distinct() << ": " << tally.missing() << "\n"
                   << test::read_file(dir / "log").substr(0, 20'000);
  EXPECT_EQ(tally.strange(), 0);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
// import.git's source: a copy of the repository, pulled now and then by a thread of its own.
//
// What was pulled last is kept in the storage folder, so that a program that starts while the
// server is away goes on with what it had. Source: spec 16.

#include "base/codec/sha.h"
#include "interpreter/graph/git_repository.h"
#include "interpreter/graph/import_source.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>
#include <unistd.h>
#include <utility>

namespace weir::graph {
namespace {

/// A folder for the copy: below `storage`, one for each repository, or if it is empty one that is
/// gone with its owner.
class CopyFolder {
 public:
  CopyFolder(const std::string& storage, const std::string& repository)
      : passing_(storage.empty()) {
    if (!passing_) {
      path_ = storage + "/" + codec::sha256_hex(repository).substr(0, 16);
      return;
    }
    path_ = (std::filesystem::temp_directory_path() / "weir-git-XXXXXX").string();
    ::mkdtemp(path_.data());
  }
  CopyFolder(const CopyFolder&) = delete;
  CopyFolder& operator=(const CopyFolder&) = delete;
  ~CopyFolder() {
    std::error_code ignored;
    if (passing_) std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  const bool passing_;
  std::string path_;
};

/// Beyond which adding to a clock is not safe.
constexpr Duration kLongestPeriod = std::chrono::hours(24 * 365);

class GitSource final : public ImportSource {
 public:
  GitSource(const catalog::ImportGitBlock& block, const std::string& storage,
            const Environment& environment)
      : path_(block.path),
        period_(std::min(block.pull_frequency, kLongestPeriod)),
        pool_(environment.pool),
        folder_(storage, block.repository),
        repository_(block, folder_.path()) {
    const Status fetched = repository_.fetch({});
    const Status taken = take({});
    stale_ = !fetched && taken;  // what was pulled before must do until begin() asks again
    if (!taken) offer({{}, {}, fetched ? taken.error() : fetched.error(), {}});
  }

 private:
  void begin() override {
    if (period_ == Duration::zero() && !stale_) return;
    puller_ = pool_.spawn("git pull", [this](const std::stop_token& stop) { pull_on(stop); });
  }

  void pull_on(const std::stop_token& stop) {
    if (stale_) pull(stop);
    while (period_ > Duration::zero() && rest(stop)) pull(stop);
  }

  /// False if it was woken to stop.
  bool rest(const std::stop_token& stop) {
    std::unique_lock lock(resting_);
    woken_.wait_for(lock, stop, period_, [] { return false; });
    return !stop.stop_requested();
  }

  void pull(const std::stop_token& stop) {
    Status done = repository_.fetch(stop);
    if (done) done = take(stop);
    if (!done && !stop.stop_requested()) offer({{}, {}, done.error(), {}});
  }

  /// Offers what the copy has.
  Status take(const std::stop_token& stop) {
    WEIR_TRY(const std::string commit, repository_.resolve(stop));
    if (checkout_ == nullptr || commit != commit_) {
      WEIR_TRY(auto checkout, repository_.check_out(commit, stop));
      checkout_ = std::move(checkout);
      commit_ = commit;
    }
    const std::string& root = checkout_->path();
    WEIR_TRY(auto parts, read_module_files(root + "/" + path_));
    offer({std::move(parts), root, {}, checkout_});
    return {};
  }

  const std::string path_;
  const Duration period_;
  exec::Pool& pool_;
  const CopyFolder folder_;
  GitRepository repository_;
  std::shared_ptr<GitCheckout> checkout_;  // the last that was taken out
  std::string commit_;                     // what it is of
  bool stale_ = false;
  std::mutex resting_;
  std::condition_variable_any woken_;
  std::jthread puller_;  // last: it ends before what it uses
};

}  // namespace

std::shared_ptr<ImportSource> make_git_source(const catalog::ImportGitBlock& block,
                                              const std::string& storage,
                                              const Environment& environment) {
  return std::make_shared<GitSource>(block, storage, environment);
}

}  // namespace weir::graph

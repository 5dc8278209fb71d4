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
#include <filesystem>
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
/// All that git does for one load or pull.
constexpr Duration kGitPatience = std::chrono::minutes(2);

class GitSource final : public ImportSource {
 public:
  GitSource(const catalog::ImportGitBlock& block, const std::string& storage,
            const Environment& environment)
      : path_(block.path),
        period_(std::min(block.pull_frequency, kLongestPeriod)),
        pool_(environment.pool),
        folder_(storage, block.repository),
        repository_(block, folder_.path()) {
    const GitPatience patience(kGitPatience, environment.stopping);
    const Status fetched = repository_.fetch(patience);
    const Status taken = take(patience);
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
    while (period_ > Duration::zero() && rest(stop, period_)) pull(stop);
  }

  void pull(const std::stop_token& stop) {
    const GitPatience patience(kGitPatience, stop);
    Status done = repository_.fetch(patience);
    if (done) done = take(patience);
    if (!done && !stop.stop_requested()) offer({{}, {}, done.error(), {}});
  }

  /// Offers what the copy has.
  Status take(const GitPatience& patience) {
    WEIR_TRY(checkout_, repository_.check_out(checkout_, patience));
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
  bool stale_ = false;
  std::jthread puller_;  // last: it ends before what it uses
};

}  // namespace

std::shared_ptr<ImportSource> make_git_source(const catalog::ImportGitBlock& block,
                                              const std::string& storage,
                                              const Environment& environment) {
  return std::make_shared<GitSource>(block, storage, environment);
}

}  // namespace weir::graph

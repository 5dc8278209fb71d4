// SPDX-License-Identifier: Apache-2.0
// A copy of a git repository, kept up to date and taken out into folders, by the program `git`.
//
// The copy is bare; each revision that is asked for is taken out into a folder of its own, so that
// who reads one sees all of it or nothing of it. Nothing asks questions, runs longer or grows larger
// than it may, or follows a symbolic link of the repository. docs/decisions/0003 says why it is the
// program.

#pragma once

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/result.h"
#include "interpreter/catalog/language_blocks.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace weir::graph {

/// How large a copy may become before it is fetched anew, what one fetch may bring, and what the
/// files of a revision may take.
inline constexpr std::uint64_t kMaxRepositoryBytes = 1U << 30;

/// How long the runs of git that belong together may take in all, and what ends them before.
struct GitPatience {
  GitPatience(Duration all, std::stop_token s)
      : total(all), deadline(std::chrono::steady_clock::now() + all), stop(std::move(s)) {}
  /// Errors: kUnavailable when the time is over, kCancelled.
  [[nodiscard]] Status check() const;

  const Duration total;
  const std::chrono::steady_clock::time_point deadline;
  const std::stop_token stop;
};

/// Waits; false if it was stopped.
bool rest(const std::stop_token& stop, Duration pause);

/// The files of one revision; removed when the last owner lets go. Immutable. Threads: any.
class GitCheckout {
 public:
  /// Makes an empty folder for a commit below `parent`, and holds it against sweep().
  static Result<std::shared_ptr<GitCheckout>> make(const std::string& parent, std::string commit);
  /// Removes what crashed programs have left below `parent`.
  static void sweep(const std::string& parent);
  ~GitCheckout();
  GitCheckout(const GitCheckout&) = delete;
  GitCheckout& operator=(const GitCheckout&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& commit() const { return commit_; }

 private:
  GitCheckout(std::string path, std::string commit, Descriptor held)
      : path_(std::move(path)), commit_(std::move(commit)), held_(std::move(held)) {}
  const std::string path_;
  const std::string commit_;
  const Descriptor held_;
};

/// Threads: one at a time. Other copies of the same folder, in this program too, are waited for.
/// Errors: kUnavailable, also of what is too large or takes too long; kCancelled.
class GitRepository {
 public:
  /// `folder` is where the copy is kept.
  GitRepository(const catalog::ImportGitBlock& block, std::string folder,
                std::uint64_t max_bytes = kMaxRepositoryBytes);

  /// Brings the copy up to date.
  Status fetch(const GitPatience& patience);
  /// The files of the block's revision as the copy has it: `last`, if it is of the same commit. A
  /// revision is a tag, else a branch, else any other name git knows. Errors: kNotFound, too.
  Result<std::shared_ptr<GitCheckout>> check_out(const std::shared_ptr<GitCheckout>& last,
                                                 const GitPatience& patience);

 private:
  struct Run {
    std::vector<std::string> arguments;
    std::string variable = {};  ///< for the environment: "NAME=value"
    std::size_t max_output_bytes = 1U << 20;
  };
  Result<std::string> git(Run run, const GitPatience& patience) const;
  /// Holds the folder against other programs and other copies of it as long as it is open.
  Result<Descriptor> lock(const GitPatience& patience) const;
  /// Removes what programs that were killed have left; under the lock.
  void tidy_up() const;
  Result<std::string> resolve(const GitPatience& patience) const;
  Status check_size(const std::string& commit, const GitPatience& patience) const;
  Status write_secrets() const;
  std::vector<std::string> environment() const;
  std::string ssh_command() const;
  [[nodiscard]] Error too_large() const;

  const catalog::ImportGitBlock block_;
  const std::string folder_;
  const std::string copy_;
  const std::string index_;  // of a checkout under way
  const std::uint64_t max_bytes_;
};

}  // namespace weir::graph

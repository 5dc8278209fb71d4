// SPDX-License-Identifier: Apache-2.0
// A copy of a git repository, kept up to date and taken out into folders, by the program `git`.
//
// The copy is bare; each revision that is asked for is taken out into a folder of its own, so that
// who reads one sees all of it or nothing of it. Nothing asks questions, runs longer than it may,
// or follows a symbolic link of the repository. docs/decisions/0003 says why it is the program.

#pragma once

#include "base/exec/subprocess.h"
#include "base/result.h"
#include "interpreter/catalog/language_blocks.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace weir::graph {

/// The files of one revision; removed when the last owner lets go. Immutable. Threads: any.
class GitCheckout {
 public:
  /// Makes an empty folder below `parent`, and holds it against sweep().
  static Result<std::shared_ptr<GitCheckout>> make(const std::string& parent);
  /// Removes what crashed programs have left below `parent`.
  static void sweep(const std::string& parent);
  ~GitCheckout();
  GitCheckout(const GitCheckout&) = delete;
  GitCheckout& operator=(const GitCheckout&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  GitCheckout(std::string path, int held) : path_(std::move(path)), held_(held) {}
  const std::string path_;
  const int held_;
};

/// Threads: one at a time. Other copies of the same folder, in this program too, are waited for.
class GitRepository {
 public:
  /// `folder` is where the copy is kept.
  GitRepository(const catalog::ImportGitBlock& block, std::string folder);

  /// Brings the copy up to date. Errors: kUnavailable, kCancelled.
  Status fetch(const std::stop_token& stop);
  /// The commit that the block's revision is in the copy: a tag, else a branch, else any other name
  /// git knows. Errors: kNotFound.
  Result<std::string> resolve(const std::stop_token& stop);
  Result<std::shared_ptr<GitCheckout>> check_out(const std::string& commit,
                                                 const std::stop_token& stop);

 private:
  class Lock;
  Result<std::string> git(std::vector<std::string> arguments, const std::stop_token& stop,
                          std::optional<std::string> extra = std::nullopt);
  Status write_secrets();
  std::vector<std::string> environment() const;
  std::string ssh_command() const;

  const catalog::ImportGitBlock block_;
  const std::string folder_;
  const std::string copy_;
};

}  // namespace weir::graph

// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/git_repository.h"

#include "base/exec/subprocess.h"
#include "base/format.h"
#include "base/fs.h"
#include "base/mutex.h"
#include "base/units.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <sstream>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace weir::graph {

namespace {

namespace stdfs = std::filesystem;

/// A server that says nothing for so long is given up.
constexpr int kSilenceSeconds = 30;
constexpr std::size_t kMaxMessage = 500;
/// Of the names of a revision's files.
constexpr std::size_t kMaxListing = 16U << 20;
/// How often a lock that is held is asked for.
constexpr Duration kLockPause = std::chrono::milliseconds(50);

/// Answers git and ssh, which ask for user names, passwords and passphrases by their question.
constexpr std::string_view kAnswers = R"(#!/bin/sh
case "$1" in
  Username*) printf '%s\n' "$WEIR_GIT_USERNAME" ;;
  *) printf '%s\n' "$WEIR_GIT_PASSWORD" ;;
esac
)";

/// One word for the shell, whatever is in it.
std::string shell_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// What git complains about, on one line.
std::string complaint(std::string_view text) {
  const std::size_t fatal = text.find("fatal: ");
  if (fatal != std::string_view::npos) text.remove_prefix(fatal + 7);
  std::string out(text.substr(0, std::min(text.find_last_not_of(" \n") + 1, kMaxMessage)));
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

/// Of the files below a folder; nothing if there is none.
struct FileSizes {
  std::uint64_t total = 0;
  std::uint64_t largest = 0;
};
FileSizes sizes_in(const std::string& folder) {
  FileSizes sizes;
  std::error_code error;
  for (stdfs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code gone;
    if (!at->is_regular_file(gone)) continue;
    const std::uint64_t size = at->file_size(gone);
    if (gone) continue;
    sizes.total += size;
    sizes.largest = std::max(sizes.largest, size);
  }
  return sizes;
}

}  // namespace

bool rest(const std::stop_token& stop, Duration pause) {
  Mutex mutex;
  Condition woken;
  const std::stop_callback wake(stop, [&] {
    MutexLock lock(mutex);
    woken.notify_all();
  });
  MutexLock lock(mutex);
  return !woken.wait_for(mutex, pause, [&] { return stop.stop_requested(); });
}

Status GitPatience::check() const {
  if (stop.stop_requested()) return make_error(Code::kCancelled, "git was stopped");
  if (std::chrono::steady_clock::now() < deadline) return {};
  return make_error(Code::kUnavailable, "git was not done within {}", print_duration(total));
}

Result<std::shared_ptr<GitCheckout>> GitCheckout::make(const std::string& parent,
                                                       std::string commit) {
  std::string path = parent + "/checkout-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) return system_error(errno, parent);
  Descriptor held(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!held) return system_error(errno, path);
  ::flock(held.get(), LOCK_SH);
  using Made = std::shared_ptr<GitCheckout>;
  return Made(new GitCheckout(path, std::move(commit), std::move(held)));  // style: private
}

void GitCheckout::sweep(const std::string& parent) {
  std::error_code error;
  for (stdfs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error)) {
    if (!at->path().filename().string().starts_with("checkout-")) continue;
    const Descriptor folder(::open(at->path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    std::error_code ignored;
    if (folder && ::flock(folder.get(), LOCK_EX | LOCK_NB) == 0)
      stdfs::remove_all(at->path(), ignored);
  }
}

GitCheckout::~GitCheckout() {
  std::error_code ignored;
  stdfs::remove_all(path_, ignored);
}

GitRepository::GitRepository(const catalog::ImportGitBlock& block, std::string folder,
                             std::uint64_t max_bytes)
    : block_(block),
      folder_(std::move(folder)),
      copy_(folder_ + "/copy"),
      index_(folder_ + "/index"),
      max_bytes_(max_bytes) {}

Status GitRepository::fetch(const GitPatience& patience) {
  WEIR_TRY_STATUS(fs::make_folders(folder_));
  WEIR_TRY(const Descriptor locked, lock(patience));
  tidy_up();
  std::error_code ignored;
  if (sizes_in(copy_).total > max_bytes_) stdfs::remove_all(copy_, ignored);
  if (const auto made = git({{"init", "--quiet"}}, patience); !made) return made.error();
  WEIR_TRY_STATUS(write_secrets());
  const auto fetched =
      git({{"fetch", "--quiet", "--prune", "--force", "--no-tags", "--no-recurse-submodules", "--",
            block_.repository, "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"}},
          patience);
  stdfs::remove(folder_ + "/key", ignored);
  if (!fetched) tidy_up();
  return fetched ? Status() : fetched.error();
}

Result<std::string> GitRepository::resolve(const GitPatience& patience) const {
  for (const char* where : {"refs/tags/", "refs/remotes/origin/", ""}) {
    auto found = git({{"rev-parse", "--verify", "--quiet", "--end-of-options",
                       where + block_.revision + "^{commit}"}},
                     patience);
    if (!found && patience.stop.stop_requested()) return found.error();
    if (!found) continue;
    found->erase(found->find_last_not_of('\n') + 1);
    return found;
  }
  WEIR_TRY_STATUS(patience.check());
  return make_error(Code::kNotFound, "the repository has no branch, tag or commit \"{}\"",
                    block_.revision);
}

/// What packs into little may be much once it is taken out.
Status GitRepository::check_size(const std::string& commit, const GitPatience& patience) const {
  WEIR_TRY(const std::string listed,
           git({{"ls-tree", "-r", "-l", "--full-tree", commit}, {}, kMaxListing}, patience));
  if (listed.size() == kMaxListing) return too_large();
  std::istringstream lines(listed);
  std::uint64_t total = 0;
  for (std::string mode, type, name, size, path; lines >> mode >> type >> name >> size;) {
    std::getline(lines, path);
    total += std::strtoull(size.c_str(), nullptr, 10);  // "-" of a submodule is nothing
    if (total > max_bytes_) return too_large();
  }
  return {};
}

Result<std::shared_ptr<GitCheckout>> GitRepository::check_out(
    const std::shared_ptr<GitCheckout>& last, const GitPatience& patience) {
  WEIR_TRY(const Descriptor locked, lock(patience));
  WEIR_TRY(const std::string commit, resolve(patience));
  if (last != nullptr && last->commit() == commit) return last;
  WEIR_TRY_STATUS(check_size(commit, patience));
  tidy_up();
  WEIR_TRY(auto checkout, GitCheckout::make(folder_, commit));
  const auto done =
      git({{"--work-tree=" + checkout->path(), "checkout", "--quiet", "--force", commit, "--", "."},
           "GIT_INDEX_FILE=" + index_},
          patience);
  std::error_code ignored;
  stdfs::remove(index_, ignored);
  if (!done) return done.error();
  return checkout;
}

Result<Descriptor> GitRepository::lock(const GitPatience& patience) const {
  const std::string path = folder_ + "/lock";
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file) return system_error(errno, path);
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return system_error(errno, path);
    rest(patience.stop, kLockPause);
    if (const Status left = patience.check(); !left)
      return left.error().within(path + " is held by another program");
  }
  return file;
}

void GitRepository::tidy_up() const {
  GitCheckout::sweep(folder_);
  std::error_code ignored;
  stdfs::remove(index_, ignored);
  stdfs::remove(index_ + ".lock", ignored);
  std::vector<stdfs::path> litter;
  std::error_code error;
  for (stdfs::recursive_directory_iterator at(copy_, error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    const bool is_object = at->path().string().starts_with(copy_ + "/objects/");
    const bool left = name.ends_with(".lock") || (is_object && name.starts_with("tmp_"));
    if (left && at->is_regular_file(ignored)) litter.push_back(at->path());
  }
  for (const stdfs::path& path : litter) stdfs::remove(path, ignored);
}

Error GitRepository::too_large() const {
  return make_error(Code::kUnavailable, "the repository is larger than {} MiB", max_bytes_ >> 20);
}

Result<std::string> GitRepository::git(Run run, const GitPatience& patience) const {
  WEIR_TRY_STATUS(patience.check());
  exec::Command command{.argv = {"git", "--git-dir=" + copy_, "--bare"},
                        .env = environment(),
                        .timeout = patience.deadline - std::chrono::steady_clock::now(),
                        .max_output_bytes = run.max_output_bytes,
                        .max_file_bytes = max_bytes_};
  // What a fetch brings stays one file, so that a bound of files bounds it.
  for (const char* setting :
       {"gc.autoDetach=false", "maintenance.autoDetach=false", "core.hooksPath=/dev/null",
        "core.symlinks=false", "fetch.unpackLimit=1"})
    command.argv.insert(command.argv.end(), {"-c", setting});
  // Who is given a password does not want one that the user of this program once typed.
  if (block_.basic_auth) command.argv.insert(command.argv.end(), {"-c", "credential.helper="});
  command.argv.insert(command.argv.end(), std::make_move_iterator(run.arguments.begin()),
                      std::make_move_iterator(run.arguments.end()));
  if (!run.variable.empty()) command.env.push_back(std::move(run.variable));
  auto finished = exec::run(command, patience.stop);
  if (!finished) {
    WEIR_TRY_STATUS(patience.check());
    return finished.error();
  }
  if (finished->exit_code == 0) return std::move(finished->out);
  // Which of its processes ran into the bound it does not say: the file that is full does.
  if (sizes_in(copy_).largest >= max_bytes_) return too_large();
  return make_error(Code::kUnavailable, "git: {}", complaint(finished->err));
}

std::vector<std::string> GitRepository::environment() const {
  std::vector<std::string> out = exec::environment_without("GIT_");
  const bool asks =
      block_.basic_auth || (block_.ssh_key && !block_.ssh_key->passphrase.text.empty());
  const std::string answers = asks ? folder_ + "/answers" : "";
  out.insert(out.end(), {"LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=" + answers,
                         "SSH_ASKPASS=" + answers, "SSH_ASKPASS_REQUIRE=force",
                         "GIT_ALLOW_PROTOCOL=file:git:http:https:ssh", "GIT_HTTP_LOW_SPEED_LIMIT=1",
                         format("GIT_HTTP_LOW_SPEED_TIME={}", kSilenceSeconds),
                         "GIT_SSH_VARIANT=ssh", "GIT_SSH_COMMAND=" + ssh_command()});
  if (block_.basic_auth) {
    out.push_back("WEIR_GIT_USERNAME=" + block_.basic_auth->username);
    out.push_back("WEIR_GIT_PASSWORD=" + block_.basic_auth->password.text);
  } else if (block_.ssh_key) {
    out.push_back("WEIR_GIT_PASSWORD=" + block_.ssh_key->passphrase.text);
  }
  return out;
}

std::string GitRepository::ssh_command() const {
  // A question about an unknown host has one answer here, or it would be asked again and again.
  std::string out = format(
      "ssh -o StrictHostKeyChecking=yes -o ConnectTimeout={0} "
      "-o ServerAliveInterval={0}",
      kSilenceSeconds);
  if (!block_.ssh_key) return out + " -o BatchMode=yes";
  const auto& key = *block_.ssh_key;
  if (key.passphrase.text.empty()) out += " -o BatchMode=yes";
  if (!key.username.empty()) out += " -l " + shell_word(key.username);
  const std::string file =
      key.key_file.empty() ? stdfs::absolute(folder_).string() + "/key" : key.key_file;
  return out + " -o IdentitiesOnly=yes -i " + shell_word(file);
}

Status GitRepository::write_secrets() const {
  if (block_.ssh_key && block_.ssh_key->key_file.empty()) {
    WEIR_TRY_STATUS(fs::write_file_atomic(folder_ + "/key", block_.ssh_key->key.text + "\n", 0600));
  }
  return fs::write_file_atomic(folder_ + "/answers", kAnswers, 0700);
}

}  // namespace weir::graph

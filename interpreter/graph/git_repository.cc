// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/git_repository.h"

#include "base/format.h"
#include "base/fs.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace weir::graph {

namespace {

namespace stdfs = std::filesystem;

/// Of one run of git. A server that says nothing for kSilenceSeconds is given up before.
constexpr Duration kGitTimeout = std::chrono::minutes(2);
constexpr int kSilenceSeconds = 30;
constexpr std::size_t kMaxMessage = 500;

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

}  // namespace

Result<std::shared_ptr<GitCheckout>> GitCheckout::make(const std::string& parent) {
  std::string path = parent + "/checkout-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) return system_error(errno, parent);
  const int held = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (held < 0) return system_error(errno, path);
  ::flock(held, LOCK_SH);
  return std::shared_ptr<GitCheckout>(new GitCheckout(std::move(path), held));  // style: private
}

void GitCheckout::sweep(const std::string& parent) {
  std::error_code error;
  for (stdfs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error)) {
    if (!at->path().filename().string().starts_with("checkout-")) continue;
    const int folder = ::open(at->path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    std::error_code ignored;
    if (folder >= 0 && ::flock(folder, LOCK_EX | LOCK_NB) == 0)
      stdfs::remove_all(at->path(), ignored);
    if (folder >= 0) ::close(folder);
  }
}

GitCheckout::~GitCheckout() {
  std::error_code ignored;
  stdfs::remove_all(path_, ignored);
  ::close(held_);
}

/// Holds the folder against other programs and other copies of it.
class GitRepository::Lock {
 public:
  explicit Lock(const std::string& folder)
      : fd_(::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    while (fd_ >= 0 && ::flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() {
    if (fd_ >= 0) ::close(fd_);
  }

 private:
  const int fd_;
};

GitRepository::GitRepository(const catalog::ImportGitBlock& block, std::string folder)
    : block_(block), folder_(std::move(folder)), copy_(folder_ + "/copy") {}

Status GitRepository::fetch(const std::stop_token& stop) {
  if (const Status made = fs::make_folders(folder_); !made) return made;
  const Lock lock(folder_);
  GitCheckout::sweep(folder_);
  if (const auto made = git({"init", "--quiet"}, stop); !made) return made.error();
  if (const Status written = write_secrets(); !written) return written;
  const auto fetched =
      git({"fetch", "--quiet", "--prune", "--force", "--no-tags", "--no-recurse-submodules", "--",
           block_.repository, "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"},
          stop);
  std::error_code ignored;
  stdfs::remove(folder_ + "/key", ignored);
  return fetched ? Status() : fetched.error();
}

Result<std::string> GitRepository::resolve(const std::stop_token& stop) {
  for (const char* where : {"refs/tags/", "refs/remotes/origin/", ""}) {
    auto found = git({"rev-parse", "--verify", "--quiet", "--end-of-options",
                      where + block_.revision + "^{commit}"},
                     stop);
    if (!found) continue;
    found->erase(found->find_last_not_of('\n') + 1);
    return found;
  }
  return make_error(Code::kNotFound, "the repository has no branch, tag or commit \"{}\"",
                    block_.revision);
}

Result<std::shared_ptr<GitCheckout>> GitRepository::check_out(const std::string& commit,
                                                              const std::stop_token& stop) {
  const Lock lock(folder_);
  WEIR_TRY(auto checkout, GitCheckout::make(folder_));
  const std::string index = checkout->path() + ".index";
  const auto done =
      git({"--work-tree=" + checkout->path(), "checkout", "--quiet", "--force", commit, "--", "."},
          stop, "GIT_INDEX_FILE=" + index);
  std::error_code ignored;
  stdfs::remove(index, ignored);
  if (!done) return done.error();
  return checkout;
}

Result<std::string> GitRepository::git(std::vector<std::string> arguments,
                                       const std::stop_token& stop,
                                       std::optional<std::string> extra) {
  exec::Command command{.argv = {"git", "--git-dir=" + copy_, "--bare"},
                        .env = environment(),
                        .timeout = kGitTimeout};
  for (const char* setting : {"gc.autoDetach=false", "maintenance.autoDetach=false",
                              "core.hooksPath=/dev/null", "core.symlinks=false"})
    command.argv.insert(command.argv.end(), {"-c", setting});
  // Who is given a password does not want one that the user of this program once typed.
  if (block_.basic_auth) command.argv.insert(command.argv.end(), {"-c", "credential.helper="});
  command.argv.insert(command.argv.end(), std::make_move_iterator(arguments.begin()),
                      std::make_move_iterator(arguments.end()));
  if (extra) command.env.push_back(*std::move(extra));
  WEIR_TRY(auto finished, exec::run(command, stop));
  if (finished.exit_code != 0)
    return make_error(Code::kUnavailable, "git: {}", complaint(finished.err));
  return std::move(finished.out);
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

Status GitRepository::write_secrets() {
  if (block_.ssh_key && block_.ssh_key->key_file.empty()) {
    const auto written =
        fs::write_file_atomic(folder_ + "/key", block_.ssh_key->key.text + "\n", 0600);
    if (!written) return written;
  }
  return fs::write_file_atomic(folder_ + "/answers", kAnswers, 0700);
}

}  // namespace weir::graph

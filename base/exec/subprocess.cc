// SPDX-License-Identifier: Apache-2.0
#include "base/exec/subprocess.h"

#include "base/units.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace weir::exec {
namespace {

class OwnedFd {
 public:
  explicit OwnedFd(int fd = -1) : fd_(fd) {}
  OwnedFd(OwnedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OwnedFd& operator=(OwnedFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~OwnedFd() { close(); }
  [[nodiscard]] int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

struct PipeEnds {
  OwnedFd read_end;
  OwnedFd write_end;
  static Result<PipeEnds> open() {
    std::array<int, 2> fds{};
    if (::pipe2(fds.data(), O_CLOEXEC) != 0) return system_error(errno, "pipe");
    ::fcntl(fds[0], F_SETFL, O_NONBLOCK);
    return PipeEnds{OwnedFd(fds[0]), OwnedFd(fds[1])};
  }
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

/// Starts the program, with signals as they are by default.
Result<pid_t> start(const Command& command, int in, int out, int err) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t how;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&how);
  ::posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, err, STDERR_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&how, &none);
  ::posix_spawnattr_setsigdefault(&how, &all);
  ::posix_spawnattr_setflags(&how,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t pid = -1;
  const auto argv = pointers(command.argv);
  const auto env = pointers(command.env);
  const int error =
      ::posix_spawnp(&pid, command.argv.front().c_str(), &files, &how, argv.data(), env.data());
  ::posix_spawnattr_destroy(&how);
  ::posix_spawn_file_actions_destroy(&files);
  if (error != 0) return system_error(error, command.argv.front());
  return pid;
}

/// Takes what is there to read; false at the end.
bool drain(const OwnedFd& from, std::string& into, std::size_t limit) {
  std::array<char, 16384> buffer{};
  for (;;) {
    const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
    if (got == 0) return false;
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    into.append(buffer.data(), std::min(static_cast<std::size_t>(got), limit - into.size()));
  }
}

/// A program under way; killed and reaped with its group in the destructor.
class Running {
 public:
  explicit Running(pid_t pid)
      : pid_(pid), ended_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { reap(); }

  /// Readable once it has ended.
  [[nodiscard]] int ended() const { return ended_.get(); }

  int reap() {
    if (pid_ < 0) return 0;
    ::kill(-pid_, SIGKILL);  // the group is there as long as its first process is not reaped
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_;
  OwnedFd ended_;
};

int milliseconds_until(std::chrono::steady_clock::time_point deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, INT_MAX));
}

}  // namespace

Result<Finished> run(const Command& command, const std::stop_token& stop) {
  const auto deadline = std::chrono::steady_clock::now() + command.timeout;
  const std::string& name = command.argv.front();
  WEIR_TRY(PipeEnds in, PipeEnds::open());
  in.write_end.close();  // nothing to read, and the end at once
  WEIR_TRY(PipeEnds out, PipeEnds::open());
  WEIR_TRY(PipeEnds err, PipeEnds::open());
  const OwnedFd cancelled(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (cancelled.get() < 0) return system_error(errno, "eventfd");
  const std::stop_callback wake(stop, [&cancelled] { ::eventfd_write(cancelled.get(), 1); });
  WEIR_TRY(const pid_t pid,
           start(command, in.read_end.get(), out.write_end.get(), err.write_end.get()));
  Running running(pid);
  if (running.ended() < 0) return system_error(errno, "pidfd_open");
  out.write_end.close();
  err.write_end.close();

  Finished finished;
  std::array<pollfd, 4> waits = {{{running.ended(), POLLIN, 0},
                                  {cancelled.get(), POLLIN, 0},
                                  {out.read_end.get(), POLLIN, 0},
                                  {err.read_end.get(), POLLIN, 0}}};
  for (bool over = false; !over;) {
    const int ready = ::poll(waits.data(), waits.size(), milliseconds_until(deadline));
    if (ready < 0 && errno != EINTR) return system_error(errno, "poll");
    if (ready == 0)
      return make_error(Code::kUnavailable, "{} took longer than {}", name,
                        print_duration(command.timeout));
    if (waits[1].revents != 0) return make_error(Code::kCancelled, "{} was stopped", name);
    over = waits[0].revents != 0;
    // At its end a pipe is always ready: it is not asked about again.
    if (!drain(out.read_end, finished.out, command.max_output_bytes)) waits[2].fd = -1;
    if (!drain(err.read_end, finished.err, command.max_output_bytes)) waits[3].fd = -1;
  }
  finished.exit_code = running.reap();
  return finished;
}

std::vector<std::string> environment_without(std::string_view prefix) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with(prefix)) out.emplace_back(*entry);
  }
  return out;
}

}  // namespace weir::exec

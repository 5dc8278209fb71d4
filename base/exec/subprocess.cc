// SPDX-License-Identifier: Apache-2.0
#include "base/exec/subprocess.h"

#include "base/descriptor.h"
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
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace weir::exec {
namespace {

/// How long a program may take to end once it was asked to.
constexpr Duration kGrace = std::chrono::seconds(2);

struct PipeEnds {
  Descriptor read_end;
  Descriptor write_end;
  static Result<PipeEnds> open() {
    std::array<int, 2> fds{};
    if (::pipe2(fds.data(), O_CLOEXEC) != 0) return system_error(errno, "pipe");
    ::fcntl(fds[0], F_SETFL, O_NONBLOCK);
    return PipeEnds{Descriptor(fds[0]), Descriptor(fds[1])};
  }
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
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

/// Takes some of what is there to read, as much as a pipe holds; false at the end.
bool drain(const Descriptor& from, std::string& into, std::size_t limit) {
  std::array<char, 64U << 10> buffer{};
  const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  into.append(buffer.data(), std::min(static_cast<std::size_t>(got), limit - into.size()));
  return got > 0;
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

  /// No file that it or what it starts writes from now on may become larger.
  void bound_files(std::uint64_t bytes) const {
    const rlimit most{bytes, bytes};
    const rlimit none{0, 0};  // who runs into the bound leaves no picture of its memory
    ::prlimit(pid_, RLIMIT_FSIZE, &most, nullptr);
    ::prlimit(pid_, RLIMIT_CORE, &none, nullptr);
  }

  /// Asks all of its group to end.
  void ask_to_end() const { ::kill(-pid_, SIGTERM); }

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
  Descriptor ended_;
};

using SteadyTime = std::chrono::steady_clock::time_point;

int milliseconds_until(SteadyTime deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, INT_MAX));
}

/// What a program says, until it ends.
class Listener {
 public:
  Listener(int ended, int cancelled, Descriptor out, Descriptor err, std::size_t limit)
      : out_(std::move(out)),
        err_(std::move(err)),
        limit_(limit),
        waits_{{{ended, POLLIN, 0},
                {cancelled, POLLIN, 0},
                {out_.get(), POLLIN, 0},
                {err_.get(), POLLIN, 0}}} {}

  enum class Outcome { kEnded, kLate, kCancelled };
  /// The clock is asked each round, so that a program which never stops talking ends in time too.
  Result<Outcome> listen_until(SteadyTime deadline) {
    while (std::chrono::steady_clock::now() < deadline) {
      if (::poll(waits_.data(), waits_.size(), milliseconds_until(deadline)) < 0) {
        if (errno != EINTR) return system_error(errno, "poll");
        continue;
      }
      // At its end a pipe is always ready: it is not asked about again.
      if (!drain(out_, finished_.out, limit_)) waits_[2].fd = -1;
      if (!drain(err_, finished_.err, limit_)) waits_[3].fd = -1;
      if (waits_[0].revents != 0) return Outcome::kEnded;
      if (waits_[1].revents != 0) return Outcome::kCancelled;
    }
    return Outcome::kLate;
  }
  /// From here on nothing but the program's end is waited for.
  void ignore_cancelling() { waits_[1] = {-1, 0, 0}; }

  Finished take(int exit_code) {
    finished_.exit_code = exit_code;
    return std::move(finished_);
  }

 private:
  const Descriptor out_;
  const Descriptor err_;
  const std::size_t limit_;
  std::array<pollfd, 4> waits_;
  Finished finished_;
};

}  // namespace

Result<Finished> run(const Command& command, const std::stop_token& stop) {
  const SteadyTime deadline = std::chrono::steady_clock::now() + command.timeout;
  const std::string& name = command.argv.front();
  WEIR_TRY(PipeEnds in, PipeEnds::open());
  in.write_end.close();  // nothing to read, and the end at once
  WEIR_TRY(PipeEnds out, PipeEnds::open());
  WEIR_TRY(PipeEnds err, PipeEnds::open());
  const Descriptor cancelled(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!cancelled) return system_error(errno, "eventfd");
  const std::stop_callback wake(stop, [&cancelled] { ::eventfd_write(cancelled.get(), 1); });
  WEIR_TRY(const pid_t pid,
           start(command, in.read_end.get(), out.write_end.get(), err.write_end.get()));
  Running running(pid);
  if (running.ended() < 0) return system_error(errno, "pidfd_open");
  if (command.max_file_bytes != 0) running.bound_files(command.max_file_bytes);
  out.write_end.close();
  err.write_end.close();

  Listener listener(running.ended(), cancelled.get(), std::move(out.read_end),
                    std::move(err.read_end), command.max_output_bytes);
  WEIR_TRY(const auto outcome, listener.listen_until(deadline));
  if (outcome == Listener::Outcome::kEnded) return listener.take(running.reap());
  running.ask_to_end();
  listener.ignore_cancelling();
  if (const auto late = listener.listen_until(std::chrono::steady_clock::now() + kGrace); !late)
    return late.error();
  if (outcome == Listener::Outcome::kCancelled)
    return make_error(Code::kCancelled, "{} was stopped", name);
  return make_error(Code::kUnavailable, "{} took longer than {}", name,
                    print_duration(command.timeout));
}

std::vector<std::string> environment_without(std::string_view prefix) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with(prefix)) out.emplace_back(*entry);
  }
  return out;
}

}  // namespace weir::exec

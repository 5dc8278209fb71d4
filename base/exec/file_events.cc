// SPDX-License-Identifier: Apache-2.0
#include "base/exec/file_events.h"

#include "base/mutex.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace weir::exec {
namespace {

constexpr std::uint32_t kFolderEvents = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                        IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF |
                                        IN_MOVE_SELF | IN_ONLYDIR;

constexpr auto kRest = std::chrono::milliseconds(10);
constexpr int kMostRounds = 8;

/// What tells one content of a path from another without reading it.
struct FileStamp {
  bool present = false;
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;

  static FileStamp of(const std::string& path) {
    struct stat s {};
    if (::stat(path.c_str(), &s) != 0) return {};
    const auto ns = [](const timespec& t) {
      return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
    };
    return {true, s.st_dev, s.st_ino, s.st_size, ns(s.st_mtim), ns(s.st_ctim)};
  }
};

/// `folder`, or the nearest folder above it that exists.
std::string nearest_folder(std::filesystem::path folder) {
  std::error_code ignored;
  while (folder.has_relative_path() && !std::filesystem::is_directory(folder, ignored))
    folder = folder.parent_path();
  return folder.empty() ? "." : folder.string();
}

/// The folders whose events can mean a change of `path`.
std::set<std::string> folders_to_watch(const std::string& path) {
  std::error_code ignored;
  std::set<std::string> folders{nearest_folder(std::filesystem::path(path).parent_path())};
  const auto resolved = std::filesystem::weakly_canonical(path, ignored);
  if (!resolved.empty()) folders.insert(nearest_folder(resolved.parent_path()));
  if (std::filesystem::is_directory(path, ignored)) folders.insert(path);
  return folders;
}

}  // namespace

struct FileEvents::Watch::State : std::enable_shared_from_this<Watch::State> {
  State(std::string p, Strand s, Task c, Duration d, std::weak_ptr<FileEvents::State> e)
      : path(std::move(p)),
        strand(std::move(s)),
        changed(std::move(c)),
        settle(d),
        events(std::move(e)) {}
  /// Whether something that happened to `name` in a watched folder may have happened to `path`.
  [[nodiscard]] bool is_named(std::string_view name) const {
    return !name.empty() && std::string_view(path).ends_with(name);
  }
  /// Calls `changed` after a while, once for all calls till then.
  void announce() WEIR_EXCLUDES(mutex);
  void drop() WEIR_EXCLUDES(mutex);

  const std::string path;
  const Strand strand;
  const Task changed;
  const Duration settle;
  const std::weak_ptr<FileEvents::State> events;
  // These three are guarded by the mutex of FileEvents::State.
  std::set<int> folders;  ///< inotify's descriptors
  int own_folder = -1;    ///< the one of `path` itself
  FileStamp stamp;

  Mutex mutex;
  bool announced WEIR_GUARDED_BY(mutex) = false;
  bool dropped WEIR_GUARDED_BY(mutex) = false;
  Timer timer WEIR_GUARDED_BY(mutex);
};

struct FileEvents::State : std::enable_shared_from_this<FileEvents::State> {
  using Watched = std::shared_ptr<Watch::State>;

  State(boost::asio::io_context& io, int fd) : pause(io), stream(io, fd) {}
  void wait() WEIR_EXCLUDES(mutex);
  void rest() WEIR_EXCLUDES(mutex);
  void read_events() WEIR_EXCLUDES(mutex);
  /// Notes whom an event concerns, and whether it speaks of their path by name.
  void note(const inotify_event& event, std::string_view name, std::map<Watched, bool>& concerned)
      WEIR_REQUIRES(mutex);
  /// Watches the folders that now matter to `watch` and no others, and takes its stamp. True if
  /// that changed.
  Result<bool> follow(const Watched& watch) WEIR_REQUIRES(mutex);
  void forget(const Watched& watch, int folder) WEIR_REQUIRES(mutex);
  void close() WEIR_EXCLUDES(mutex);

  Mutex mutex;
  std::map<int, std::set<Watched>> watched WEIR_GUARDED_BY(mutex);  ///< by folder
  bool closed WEIR_GUARDED_BY(mutex) = false;
  boost::asio::steady_timer pause WEIR_GUARDED_BY(mutex);
  boost::asio::posix::stream_descriptor stream WEIR_GUARDED_BY(mutex);
};

void FileEvents::Watch::State::announce() {
  MutexLock lock(mutex);
  if (announced || dropped) return;
  announced = true;
  timer = strand.after(settle, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    {
      MutexLock relock(self->mutex);
      if (self->dropped) return;
      self->announced = false;
    }
    self->changed();
  });
}

void FileEvents::Watch::State::drop() {
  {
    MutexLock lock(mutex);
    dropped = true;
    timer.cancel();
  }
  const auto alive = events.lock();
  if (!alive) return;
  MutexLock lock(alive->mutex);
  for (const int folder : std::exchange(folders, {})) alive->forget(shared_from_this(), folder);
}

void FileEvents::State::wait() {
  MutexLock lock(mutex);
  if (closed) return;
  const auto readable = boost::asio::posix::stream_descriptor::wait_read;
  stream.async_wait(readable, [weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!self || error) return;
    self->read_events();
    self->rest();
  });
}

/// Lets events gather: in a busy folder each round costs some system calls a watch, however many
/// there were.
void FileEvents::State::rest() {
  MutexLock lock(mutex);
  if (closed) return;
  pause.expires_after(kRest);
  pause.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (self && !error) self->wait();
  });
}

void FileEvents::State::read_events() {
  std::vector<Watched> changed;
  {
    MutexLock lock(mutex);
    if (closed) return;
    std::map<Watched, bool> concerned;
    std::array<char, 16384> buffer;
    ssize_t size = 0;
    while ((size = ::read(stream.native_handle(), buffer.data(), buffer.size())) > 0) {
      for (auto at = std::size_t{0}; at < static_cast<std::size_t>(size);) {
        inotify_event event;
        std::memcpy(&event, buffer.data() + at, sizeof event);
        note(event, event.len > 0 ? buffer.data() + at + sizeof event : "", concerned);
        at += sizeof event + event.len;
      }
    }
    for (const auto& [watch, named] : concerned) {
      const auto moved =
          follow(watch);  // if nothing can be watched the next event near it tries again
      if (named || !moved || *moved) changed.push_back(watch);
    }
  }
  for (const Watched& watch : changed) watch->announce();
}

void FileEvents::State::note(const inotify_event& event, std::string_view name,
                             std::map<Watched, bool>& concerned) {
  if ((event.mask & IN_Q_OVERFLOW) != 0) {
    for (const auto& [folder, watches] : watched) {
      for (const Watched& watch : watches) concerned[watch] = true;
    }
    return;
  }
  const auto at = watched.find(event.wd);
  if (at == watched.end()) return;
  // A write within the clock's grain leaves no trace in the stamp, so the name counts too.
  for (const Watched& watch : at->second)
    concerned[watch] |= watch->is_named(name) || watch->own_folder == event.wd;
  if ((event.mask & IN_IGNORED) == 0) return;
  for (const Watched& watch : at->second) watch->folders.erase(event.wd);
  watched.erase(at);
}

Result<bool> FileEvents::State::follow(const Watched& watch) {
  Error failure;
  std::set<int> wanted;
  std::set<std::string> folders;
  for (int round = 0; round < kMostRounds; ++round) {
    // What was made between looking and watching sends no event: look again until nothing is new.
    const auto now = folders_to_watch(watch->path);
    if (now == folders) break;
    folders = now;
    wanted.clear();
    watch->own_folder = -1;
    for (const std::string& folder : folders) {
      const int descriptor =
          ::inotify_add_watch(stream.native_handle(), folder.c_str(), kFolderEvents);
      if (descriptor < 0)
        failure = system_error(errno, "watch " + folder);
      else
        wanted.insert(descriptor);
      if (folder == watch->path) watch->own_folder = descriptor;
    }
  }
  for (const int folder : wanted) watched[folder].insert(watch);
  for (const int folder : std::exchange(watch->folders, wanted)) {
    if (!wanted.contains(folder)) forget(watch, folder);
  }
  const FileStamp before = std::exchange(watch->stamp, FileStamp::of(watch->path));
  if (wanted.empty()) return failure;
  return watch->stamp != before;
}

void FileEvents::State::forget(const Watched& watch, int folder) {
  const auto at = watched.find(folder);
  if (at == watched.end()) return;
  at->second.erase(watch);
  if (!at->second.empty()) return;
  watched.erase(at);
  ::inotify_rm_watch(stream.native_handle(), folder);
}

void FileEvents::State::close() {
  std::map<int, std::set<Watched>> freed;  // after the lock
  MutexLock lock(mutex);
  closed = true;
  freed.swap(watched);
  pause.cancel();
  boost::system::error_code ignored;
  stream.close(ignored);
}

Result<std::unique_ptr<FileEvents>> FileEvents::open(Pool& pool) {
  const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0) return system_error(errno, "watch files");
  auto state =
      std::make_shared<State>(*static_cast<boost::asio::io_context*>(pool.io_context()), fd);
  state->wait();
  return std::unique_ptr<FileEvents>(new FileEvents(std::move(state)));
}

FileEvents::~FileEvents() {
  state_->close();
}

Result<FileEvents::Watch> FileEvents::watch(std::string path, Strand strand, Task changed,
                                            Duration settle) {
  auto watch = std::make_shared<Watch::State>(std::move(path), std::move(strand),
                                              std::move(changed), settle, state_);
  MutexLock lock(state_->mutex);
  if (const auto followed = state_->follow(watch); !followed) return followed.error();
  return Watch(std::move(watch));
}

FileEvents::Watch& FileEvents::Watch::operator=(Watch&& other) noexcept {
  if (this != &other) {
    if (state_) state_->drop();
    state_ = std::move(other.state_);
  }
  return *this;
}

FileEvents::Watch::~Watch() {
  if (state_) state_->drop();
}

}  // namespace weir::exec

// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/identity.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::loki {
namespace {

FileFacts facts_of(const struct stat& info) {
  return {{static_cast<std::uint64_t>(info.st_dev), static_cast<std::uint64_t>(info.st_ino)},
          static_cast<std::uint64_t>(info.st_size),
          static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec,
          S_ISREG(info.st_mode),
          info.st_nlink == 0};
}

}  // namespace

Error file_error(int errno_value, std::string_view what) {
  Error error = system_error(errno_value, what);
  switch (errno_value) {
    case ENOTDIR:
    case ESTALE: error.code = Code::kNotFound; break;
    case EMFILE:
    case ENFILE:
    case ENOMEM: error.code = Code::kThrottled; break;
    default: break;
  }
  return error;
}

std::uint64_t fnv1a(std::string_view bytes, std::uint64_t hash) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

Fingerprint Fingerprint::of(std::string_view first_bytes) {
  first_bytes = first_bytes.substr(0, kMaxLength);
  return {static_cast<std::uint32_t>(first_bytes.size()), fnv1a(first_bytes)};
}

bool Fingerprint::begins(std::string_view first_bytes) const {
  return first_bytes.size() >= length && fnv1a(first_bytes.substr(0, length)) == hash;
}

Result<FileFacts> file_facts(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return file_error(errno, path);
  return facts_of(info);
}

Result<FileFacts> file_facts(int fd) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return file_error(errno, "stat");
  return facts_of(info);
}

Result<std::size_t> read_at(int fd, char* out, std::size_t size, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t n = ::pread(fd, out + done, size - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(errno, "read");
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

Result<std::string> read_first_bytes(int fd) {
  std::string bytes(Fingerprint::kMaxLength, '\0');
  WEIR_TRY(const std::size_t size, read_at(fd, bytes.data(), bytes.size(), 0));
  bytes.resize(size);
  return bytes;
}

Result<FileHandle> FileHandle::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd >= 0) return FileHandle(fd);
  return file_error(errno, path);
}

std::optional<std::string> FileHandle::current_path() const {
  char link[32];
  const auto end = fmt::format_to_n(link, sizeof link - 1, "/proc/self/fd/{}", fd()).out;
  *end = '\0';
  char target[4096];
  const ssize_t size = ::readlink(link, target, sizeof target);
  if (size <= 0 || size == static_cast<ssize_t>(sizeof target)) return std::nullopt;
  std::string path(target, static_cast<std::size_t>(size));
  const auto named = file_facts(path);
  const auto open = file_facts(fd());
  if (!named || !open || named->key != open->key)
    return std::nullopt;  // "... (deleted)", or another mount's view
  return path;
}

}  // namespace weir::loki

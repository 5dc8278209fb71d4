// SPDX-License-Identifier: Apache-2.0
#include "base/fs.h"

#include "base/descriptor.h"

#include <cctype>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace weir::fs {
namespace {

Status write_all(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t wrote = ::write(fd, content.data(), content.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return system_error(errno, path);
    content.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return {};
}

/// Writes beside `path` and renames over it.
Status write_beside(const std::string& path, std::string_view content, unsigned mode, bool synced) {
  const std::string beside = path + ".new";
  {
    const Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (!file) return system_error(errno, beside);
    WEIR_TRY_STATUS(write_all(file.get(), content, beside));
    if (synced && ::fsync(file.get()) != 0) return system_error(errno, beside);
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return system_error(errno, path);
  return {};
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return system_error(errno, path);
  struct stat info {};
  if (::fstat(file.get(), &info) == 0 && S_ISDIR(info.st_mode))
    return invalid("{}: is a directory", path);
  std::string content;
  char chunk[1 << 16];
  while (true) {
    const ssize_t got = ::read(file.get(), chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(errno, path);
    if (got == 0) return content;
    content.append(chunk, static_cast<std::size_t>(got));
    if (content.size() > max_bytes)
      return invalid("{}: larger than the {} bytes that are read", path, max_bytes);
  }
}

Status write_file_atomic(const std::string& path, std::string_view content, unsigned mode) {
  WEIR_TRY_STATUS(write_beside(path, content, mode, true));
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const Descriptor above(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (above) ::fsync(above.get());  // some file systems refuse to sync folders: the rename stands
  return {};
}

Status replace_file(const std::string& path, std::string_view content, unsigned mode) {
  return write_beside(path, content, mode, false);
}

Status make_folders(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return make_error(Code::kUnavailable, "{}: {}", path, error.message());
  return {};
}

std::string escape_file_name(std::string_view part) {
  std::string out;
  for (const char c : part) {
    const bool plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
    if (plain && static_cast<unsigned char>(c) < 128) {
      out += c;
    } else {
      out += format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  if (out == "." || out == "..") out.replace(0, 1, "%2E");
  return out.empty() ? "%" : out;
}

}  // namespace weir::fs

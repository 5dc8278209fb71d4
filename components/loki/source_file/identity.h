// SPDX-License-Identifier: Apache-2.0
// What makes a file the same file: where its bytes lie (device, inode) and how they begin (a
// fingerprint).
//
// A path says nothing: log files are renamed, copied, cut and replaced under it. An inode alone is
// used again after its file was deleted, so the first bytes have to agree too. The fingerprint
// grows with a young file, up to 1 KiB: two files that begin alike are told apart as early as they
// differ.

#pragma once

#include "base/descriptor.h"
#include "base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace weir::loki {

/// FNV-1a over bytes; continued by giving the last result.
std::uint64_t fnv1a(std::string_view bytes, std::uint64_t hash = 0xcbf29ce484222325u);

/// Where a file's bytes lie.
struct FileKey {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  friend auto operator<=>(const FileKey&, const FileKey&) = default;
};

/// How a file begins.
struct Fingerprint {
  static constexpr std::uint32_t kMaxLength = 1024;
  /// From here on two files of equal fingerprint are taken for copies of each other.
  static constexpr std::uint32_t kTelling = 64;

  std::uint32_t length = 0;
  std::uint64_t hash = fnv1a({});

  static Fingerprint of(std::string_view first_bytes);
  /// Whether a file that begins with `first_bytes` (at most kMaxLength are looked at) began like
  /// this one.
  [[nodiscard]] bool begins(std::string_view first_bytes) const;
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

struct FileIdentity {
  FileKey key;
  Fingerprint fingerprint;
};

/// What stat tells about a file, as far as we ask.
struct FileFacts {
  FileKey key;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  bool regular = false;
  bool unlinked = false;  ///< no name leads to it any more
};
/// What errno says about a file. Errors: kNotFound if it is not there; kThrottled if there are not
/// enough descriptors or memory to look, kUnavailable if it cannot be looked at for another reason.
Error file_error(int errno_value, std::string_view what);

/// Follows symbolic links. Errors: file_error().
Result<FileFacts> file_facts(const std::string& path);
Result<FileFacts> file_facts(int fd);

/// Reads up to `size` bytes at `offset`; fewer only at the end of the file. Errors: file_error().
Result<std::size_t> read_at(int fd, char* out, std::size_t size, std::uint64_t offset);
/// The first bytes, at most Fingerprint::kMaxLength.
Result<std::string> read_first_bytes(int fd);

/// An open file, closed when dropped.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int fd) : fd_(fd) {}

  /// For reading. Errors: file_error().
  static Result<FileHandle> open(const std::string& path);
  explicit operator bool() const { return static_cast<bool>(fd_); }
  [[nodiscard]] int fd() const { return fd_.get(); }
  void close() { fd_.close(); }
  /// The path that leads to the open file now, after whatever renames; nothing if it was deleted.
  [[nodiscard]] std::optional<std::string> current_path() const;

 private:
  Descriptor fd_;
};

}  // namespace weir::loki

template <>
struct std::hash<weir::loki::FileKey> {
  std::size_t operator()(const weir::loki::FileKey& key) const noexcept {
    return key.inode * 0x9e3779b97f4a7c15u ^ key.device;
  }
};

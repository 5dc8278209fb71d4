// SPDX-License-Identifier: Apache-2.0
// The files beside a path, as they lie at one moment.
//
// Rotation renames files while we look: a name read from the folder may lead elsewhere when it is
// opened, and a file may slip past under a name that was already looked at. So a file is opened
// first, and everything said of it is said of the open file; and the folder is read again until it
// reads as it did before, so that no file of it was missed.

#pragma once

#include "components/loki/source_file/identity.h"
#include "components/loki/source_file/rotation.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::loki {

/// A file that was found, open.
struct FoundFile {
  std::string path;
  FileHandle handle;
  FileFacts facts;
  std::string first;  ///< its first bytes
  std::optional<codec::Compression> packed = {};

  /// Errors: file_error(); kInvalid if it is no regular file.
  static Result<FoundFile> open(std::string path);
  /// The first bytes of its text: unpacked. Empty if they cannot be read.
  [[nodiscard]] std::string first_text() const;
  /// How far its text goes, as far as it takes to know whether it goes beyond `offset`.
  [[nodiscard]] std::uint64_t extent(std::uint64_t offset) const;
};

/// Which entries of a folder are to be opened, and which of these kept.
struct Wanted {
  std::function<bool(std::string_view name, std::uint64_t inode)> open;
  std::function<bool(const FoundFile&)> keep;
  bool each = false;  ///< one that cannot be looked at is an error, not left out
};
/// Regular files of a folder. What is there but may not be read is left out, unless `each` counts.
/// Errors: kThrottled if there are not enough descriptors to look; of `each` kUnavailable.
Result<std::vector<FoundFile>> open_files(const std::string& folder, const Wanted& wanted);
/// What rotation made of earlier files at `place`, changed at `since_ns` or later, oldest first.
Result<std::vector<FoundFile>> open_rotated(const std::string& place, std::int64_t since_ns);
/// The file of that identity, under whatever name; nothing if it is not there. Errors: kThrottled,
/// kUnavailable if that cannot be told.
Result<std::optional<FoundFile>> find_identity(const std::string& folder,
                                               const FileIdentity& identity);

/// Names of the files in folders, each folder read once: for what need not be of this moment.
/// Threads: one at a time.
class FolderNames {
 public:
  void clear() { folders_.clear(); }
  /// Calls `take(path)` for what rotation made of earlier files at `place`.
  void each_rotated(const std::string& place, const std::function<void(std::string)>& take);

 private:
  std::unordered_map<std::string, std::vector<std::string>> folders_;  // sorted
};

}  // namespace weir::loki

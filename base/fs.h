// SPDX-License-Identifier: Apache-2.0
// Files: reading within a bound, writing all or nothing, and the globs of the field.

#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace weir::fs {

/// The content of a regular file, a pipe or a device. Errors: kNotFound, kUnavailable, kInvalid if larger.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes = 64u << 20);
/// Replaces a file so that a crash leaves the old or the new one: written beside it, synced, renamed,
/// and the folder synced.
Status write_file_atomic(const std::string& path, std::string_view content, unsigned mode = 0644);
/// The same without syncing: survives the end of the program, perhaps not that of the machine.
Status replace_file(const std::string& path, std::string_view content, unsigned mode = 0644);
/// Makes a folder and those above it.
Status make_folders(const std::string& path);
/// `part` as one file name: letters, digits, `.`, `-` and `_` stay, other bytes become %XX; "." and ".." too.
std::string escape_file_name(std::string_view part);

/// A doublestar pattern: `*` any text without `/`, `**` as a whole part any number of folders, `?` one
/// character, `[a-z]` and `[^a]`, `{a,b}`, `\` takes the next character as it is. Case matters.
class Glob {
 public:
  /// Errors: kInvalid if brackets or braces do not close, or braces make more than 1,000 patterns.
  static Result<Glob> parse(std::string_view pattern);

  [[nodiscard]] bool matches(std::string_view path) const;
  /// Regular files and folders that match, sorted, without repeats. Symbolic links are followed, but not to a
  /// folder by `**`. What cannot be read is left out. Shapes: at most `limit` paths; `truncated` says more exist.
  struct Found {
    std::vector<std::string> paths;
    bool truncated = false;
  };
  [[nodiscard]] Found find(std::size_t limit = 1'000'000) const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<std::vector<std::string>> alternatives_;  ///< braces expanded, each split at '/'
};

}  // namespace weir::fs

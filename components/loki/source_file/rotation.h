// SPDX-License-Identifier: Apache-2.0
// Where earlier generations of a log file went: files beside it, known by identity, by name and
// age, or as copies.
//
// A file that was being read and is no longer at its path was renamed (then it lies beside, under
// any name), copied and cut (then a file beside begins like it), or deleted. Generations that
// nobody ever saw, because the file was rotated twice while Weir was down, look rotated by their
// names and changed after the last one seen.

#pragma once

#include "components/loki/source_file/identity.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace weir::loki {

struct FoundFile {
  std::string path;
  FileFacts facts;
};

/// The folder of a path, "." if it names none.
std::string folder_of(const std::string& path);
/// `path` with links resolved, or as it is if it leads nowhere.
std::string resolved(const std::string& path);

/// Whether `name` is what rotation makes of `base`: base.1, base-20261121, stem-20261121.log, 1.log
/// for 0.log. Compressed files are not: their bytes are not lines.
bool looks_rotated(std::string_view base, std::string_view name);

/// The file of that identity in a folder.
std::optional<FoundFile> find_identity(const std::string& folder, const FileIdentity& identity);
/// A copy of the file made before it was cut: it begins like it, is another file, and holds more
/// than `offset` bytes. Of several, the youngest.
std::optional<FoundFile> find_copy(const std::string& place, const FileIdentity& identity,
                                   std::uint64_t offset);
/// Rotated generations of `place` changed at `since_ns` or later and not in `known`, oldest first.
std::vector<FoundFile> find_generations(const std::string& place, std::int64_t since_ns,
                                        const std::unordered_set<FileKey>& known);

}  // namespace weir::loki

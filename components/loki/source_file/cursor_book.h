// SPDX-License-Identifier: Apache-2.0
// The cursors of files that nobody reads now: loaded, left behind by targets that went, finished.

#pragma once

#include "components/loki/source_file/cursor_store.h"

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace weir::loki {

/// Threads: one at a time.
class CursorBook {
 public:
  void put(Cursor cursor);
  void erase(const FileKey& key);
  /// Null if unknown; good until the next change.
  [[nodiscard]] const Cursor* find(const FileKey& key) const;
  /// Those read under a path, longest unchanged first.
  [[nodiscard]] std::vector<Cursor> of_path(const std::string& path) const;
  [[nodiscard]] const std::unordered_map<FileKey, Cursor>& all() const { return cursors_; }
  /// Forgets cursors of files that are no more: not at their place, not beside it, and unchanged
  /// since `before_ns`.
  void forget_gone(std::int64_t before_ns);

 private:
  std::unordered_map<FileKey, Cursor> cursors_;
  std::map<std::string, std::set<FileKey>> by_path_;
};

}  // namespace weir::loki

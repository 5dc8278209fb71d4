// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/cursor_book.h"

#include "components/loki/source_file/beside.h"

#include <algorithm>
#include <utility>

namespace weir::loki {

void CursorBook::put(Cursor cursor) {
  erase(cursor.identity.key);
  by_path_[cursor.path].insert(cursor.identity.key);
  cursors_[cursor.identity.key] = std::move(cursor);
}

void CursorBook::erase(const FileKey& key) {
  const auto known = cursors_.find(key);
  if (known == cursors_.end()) return;
  const auto path = by_path_.find(known->second.path);
  path->second.erase(key);
  if (path->second.empty()) by_path_.erase(path);
  cursors_.erase(known);
}

const Cursor* CursorBook::find(const FileKey& key) const {
  const auto known = cursors_.find(key);
  return known == cursors_.end() ? nullptr : &known->second;
}

std::vector<Cursor> CursorBook::of_path(const std::string& path) const {
  std::vector<Cursor> out;
  if (const auto keys = by_path_.find(path); keys != by_path_.end()) {
    for (const FileKey& key : keys->second) out.push_back(cursors_.at(key));
  }
  std::sort(out.begin(), out.end(),
            [](const Cursor& a, const Cursor& b) { return a.modified_ns < b.modified_ns; });
  return out;
}

void CursorBook::forget_gone(std::int64_t before_ns) {
  std::vector<FileKey> gone;
  for (auto& [key, cursor] : cursors_) {
    if (cursor.modified_ns >= before_ns) continue;
    if (const auto facts = file_facts(cursor.place); facts && facts->key == key) continue;
    auto found = find_identity(folder_of(cursor.place), cursor.identity);
    if (!found) continue;  // it may be there
    if (*found)
      cursor.place = std::move((*found)->path);
    else
      gone.push_back(key);
  }
  for (const FileKey& key : gone) erase(key);
}

}  // namespace weir::loki

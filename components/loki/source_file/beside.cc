// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/beside.h"

#include "components/loki/source_file/text_form.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

namespace weir::loki {
namespace {

/// A folder that changes faster than it is read is looked at so often and no more.
constexpr int kMostLooks = 64;

using Listed = std::pair<std::string, std::uint64_t>;  // name, inode

/// Whether it says that there may be something which was not seen.
bool hides(const Error& error, const Wanted& wanted) {
  return error.code == Code::kThrottled || (wanted.each && error.code == Code::kUnavailable);
}

/// Nothing of a folder that is not there. Errors: those that hide something.
Result<std::vector<Listed>> list_wanted(const std::string& folder, const Wanted& wanted) {
  std::vector<Listed> names;
  const auto unseen = [&]() -> Result<std::vector<Listed>> {
    Error error = file_error(errno, folder);
    if (hides(error, wanted)) return error;
    return std::move(names);
  };
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(folder.c_str()), &::closedir);
  if (!directory) return unseen();
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(directory.get());
    if (entry == nullptr && errno != 0) return unseen();
    if (entry == nullptr) break;
    if ((entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN) &&
        wanted.open(entry->d_name, entry->d_ino))
      names.emplace_back(entry->d_name, entry->d_ino);
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Oldest first: by their names if these tell of all, else by their times of change.
void sort_by_age(std::string_view base, std::vector<FoundFile>& files) {
  std::sort(files.begin(), files.end(), [](const FoundFile& a, const FoundFile& b) {
    return std::tie(a.facts.modified_ns, a.path) < std::tie(b.facts.modified_ns, b.path);
  });
  const auto told = std::all_of(files.begin(), files.end(), [&](const FoundFile& file) {
    return rotated_before(base, name_of(files.front().path), name_of(file.path)).has_value();
  });
  if (!told) return;
  std::stable_sort(files.begin(), files.end(), [&](const FoundFile& a, const FoundFile& b) {
    return rotated_before(base, name_of(a.path), name_of(b.path)).value_or(false);
  });
}

}  // namespace

Result<FoundFile> FoundFile::open(std::string path) {
  FoundFile file;
  WEIR_TRY(file.handle, FileHandle::open(path));
  WEIR_TRY(file.facts, file_facts(file.handle.fd()));
  if (!file.facts.regular) return make_error(Code::kInvalid, "{}: no regular file", path);
  WEIR_TRY(file.first, read_first_bytes(file.handle.fd()));
  file.packed = packed_as(name_of(path));
  file.path = std::move(path);
  return file;
}

std::string FoundFile::first_text() const {
  if (!packed) return first;
  std::string text(Fingerprint::kMaxLength, '\0');
  const auto size = make_feed({{}, packed}, handle.fd())->read(text.data(), text.size(), 0);
  text.resize(size ? *size : 0);
  return text;
}

std::uint64_t FoundFile::extent(std::uint64_t offset) const {
  if (!packed) return facts.size;
  const auto extent = make_feed({{}, packed}, handle.fd())->extent(offset + 1);
  return extent ? *extent : 0;
}

Result<std::vector<FoundFile>> open_files(const std::string& folder, const Wanted& wanted) {
  std::map<FileKey, FoundFile> found;
  WEIR_TRY(std::vector<Listed> before, list_wanted(folder, wanted));
  for (int look = 0; look < kMostLooks; ++look) {
    for (const Listed& listed : before) {
      auto file = FoundFile::open(folder + "/" + listed.first);
      if (!file && hides(file.error(), wanted)) return file.error();
      if (!file || !wanted.keep(*file)) continue;
      const FileKey key = file->facts.key;
      found.insert_or_assign(key, std::move(*file));
    }
    WEIR_TRY(std::vector<Listed> after, list_wanted(folder, wanted));
    if (after == before) break;
    before = std::move(after);
  }
  std::vector<FoundFile> files;
  for (auto& [key, file] : found) {
    WEIR_TRY(file.facts, file_facts(file.handle.fd()));
    files.push_back(std::move(file));
  }
  return files;
}

Result<std::vector<FoundFile>> open_rotated(const std::string& place, std::int64_t since_ns) {
  const std::string_view base = name_of(place);
  const auto lies_at_base = [base](const FoundFile& file) { return name_of(file.path) == base; };
  const auto is_ours = [base](std::string_view name, std::uint64_t) {
    return name == base || looks_rotated(base, name);
  };
  const auto is_new = [&](const FoundFile& file) {
    return file.facts.modified_ns >= since_ns || lies_at_base(file);
  };
  WEIR_TRY(auto files, open_files(folder_of(place), {is_ours, is_new}));
  std::set<std::string, std::less<>> names;
  for (const FoundFile& file : files) names.emplace(name_of(file.path));
  const auto now = file_facts(place);
  std::erase_if(files, [&](const FoundFile& file) {
    if (lies_at_base(file)) return now && now->key == file.facts.key;
    // What is being packed lies there unpacked, too.
    return file.packed && names.contains(unpacked_name(name_of(file.path)));
  });
  sort_by_age(base, files);
  return files;
}

Result<std::optional<FoundFile>> find_identity(const std::string& folder,
                                               const FileIdentity& identity) {
  const auto is_it = [&](const FoundFile& file) {
    return file.facts.key == identity.key && identity.fingerprint.begins(file.first);
  };
  const auto may_be = [&](std::string_view, std::uint64_t inode) {
    return inode == identity.key.inode;
  };
  WEIR_TRY(auto files, open_files(folder, {may_be, is_it, true}));
  if (files.empty()) return std::optional<FoundFile>();
  return std::optional<FoundFile>(std::move(files.front()));
}

void FolderNames::each_rotated(const std::string& place,
                               const std::function<void(std::string)>& take) {
  const std::string folder = folder_of(place);
  const auto [at, fresh] = folders_.try_emplace(folder);
  std::vector<std::string>& names = at->second;
  if (fresh) {
    if (auto listed = list_wanted(folder, {[](auto...) { return true; }, {}})) {
      for (auto& [name, inode] : *listed) names.push_back(std::move(name));
    }
  }
  const std::string_view base = name_of(place);
  const std::string_view stem = base.substr(0, std::max<std::size_t>(base.rfind('.'), 1));
  for (auto name = std::lower_bound(names.begin(), names.end(), stem);
       name != names.end() && name->starts_with(stem); ++name) {
    if (looks_rotated(base, *name)) take(folder + "/" + *name);
  }
}

}  // namespace weir::loki

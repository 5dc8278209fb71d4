// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/rotation.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <dirent.h>
#include <memory>
#include <tuple>

namespace weir::loki {
namespace {

struct Listed {
  std::string name;
  std::uint64_t inode;
};

std::vector<Listed> list_folder(const std::string& folder) {
  std::vector<Listed> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(folder.c_str()), &::closedir);
  if (!directory) return names;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN)
      names.push_back({entry->d_name, entry->d_ino});
  }
  return names;
}

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_separator(char c) {
  return c == '.' || c == '-' || c == '_' || c == '@';
}

/// "12.log": how the kubelet names the logs of a container's restarts.
bool is_restart_name(std::string_view name) {
  const std::size_t digits =
      static_cast<std::size_t>(std::find_if_not(name.begin(), name.end(), is_digit) - name.begin());
  return digits != 0 && name.substr(digits) == ".log";
}

/// A separator and a date or serial number of at least six digits: "-20261121", ".2026-11-21_1".
bool is_date(std::string_view text) {
  const bool shaped =
      !text.empty() && is_separator(text.front()) &&
      std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_separator(c); });
  return shaped && std::count_if(text.begin(), text.end(), is_digit) >= 6;
}

bool begins_like(const std::string& path, const Fingerprint& fingerprint) {
  const auto handle = FileHandle::open(path);
  if (!handle) return false;
  const auto bytes = read_first_bytes(handle->fd());
  return bytes && fingerprint.begins(*bytes);
}

}  // namespace

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

std::string resolved(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), &::free);
  return real ? std::string(real.get()) : path;
}

bool looks_rotated(std::string_view base, std::string_view name) {
  static constexpr std::array<std::string_view, 12> kNotLines = {
      ".gz", ".bz2", ".zst", ".xz", ".zip", ".lz4", ".Z", ".tmp", ".swp", ".lock", ".pos", "~"};
  if (name == base || std::any_of(kNotLines.begin(), kNotLines.end(),
                                  [&](std::string_view end) { return name.ends_with(end); }))
    return false;
  if (name.starts_with(base)) return is_separator(name[base.size()]);
  if (is_restart_name(base) && is_restart_name(name)) return true;
  const std::size_t dot = base.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string_view stem = base.substr(0, dot), end = base.substr(dot);
  return name.size() > base.size() && name.starts_with(stem) && name.ends_with(end) &&
         is_date(name.substr(stem.size(), name.size() - base.size()));
}

std::optional<FoundFile> find_identity(const std::string& folder, const FileIdentity& identity) {
  for (const Listed& listed : list_folder(folder)) {
    if (listed.inode != identity.key.inode) continue;
    std::string path = folder + "/" + listed.name;
    const auto facts = file_facts(path);
    if (facts && facts->key == identity.key && begins_like(path, identity.fingerprint))
      return FoundFile{std::move(path), *facts};
  }
  return std::nullopt;
}

std::optional<FoundFile> find_copy(const std::string& place, const FileIdentity& identity,
                                   std::uint64_t offset) {
  if (identity.fingerprint.length < Fingerprint::kTelling) return std::nullopt;
  const std::string folder = folder_of(place);
  std::optional<FoundFile> best;
  for (const Listed& listed : list_folder(folder)) {
    if (!looks_rotated(name_of(place), listed.name)) continue;
    std::string path = folder + "/" + listed.name;
    const auto facts = file_facts(path);
    if (!facts || facts->key == identity.key || facts->size <= offset ||
        !begins_like(path, identity.fingerprint))
      continue;
    if (!best || facts->modified_ns > best->facts.modified_ns)
      best = FoundFile{std::move(path), *facts};
  }
  return best;
}

std::vector<FoundFile> find_generations(const std::string& place, std::int64_t since_ns,
                                        const std::unordered_set<FileKey>& known) {
  const std::string folder = folder_of(place);
  std::vector<FoundFile> found;
  for (const Listed& listed : list_folder(folder)) {
    if (!looks_rotated(name_of(place), listed.name)) continue;
    std::string path = folder + "/" + listed.name;
    const auto facts = file_facts(path);
    if (facts && facts->regular && facts->modified_ns >= since_ns && !known.contains(facts->key))
      found.push_back({std::move(path), *facts});
  }
  std::sort(found.begin(), found.end(), [](const FoundFile& a, const FoundFile& b) {
    return std::tie(a.facts.modified_ns, a.path) < std::tie(b.facts.modified_ns, b.path);
  });
  return found;
}

}  // namespace weir::loki

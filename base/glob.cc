// SPDX-License-Identifier: Apache-2.0
// Doublestar patterns: braces are expanded first, so that the rest is a list of parts between slashes;
// matching and walking both go through the parts.

#include "base/fs.h"

#include <algorithm>
#include <dirent.h>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <sys/stat.h>
#include <utility>

namespace weir::fs {
namespace {

constexpr std::size_t kMaxAlternatives = 1000;
constexpr std::size_t kMaxPattern = 4096;
constexpr int kMaxFolderDepth = 64;

using Parts = std::span<const std::string>;

/// Where the brace at `open` closes, or npos.
std::size_t closing_brace(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '{') {
      ++depth;
    } else if (text[i] == '}' && --depth == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

std::size_t first_brace(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '{')
      return i;
  }
  return std::string_view::npos;
}

/// Splits `a,{b,c}` at the commas of its own level.
std::vector<std::string_view> split_choices(std::string_view text) {
  std::vector<std::string_view> choices;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '{')
      ++depth;
    else if (text[i] == '}')
      --depth;
    else if (text[i] == ',' && depth == 0) {
      choices.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  choices.push_back(text.substr(begin));
  return choices;
}

Status expand_braces(const std::string& pattern, std::vector<std::string>& out) {
  const std::size_t open = first_brace(pattern);
  if (open == std::string::npos) {
    if (out.size() >= kMaxAlternatives)
      return invalid("braces make more than {} patterns", kMaxAlternatives);
    out.push_back(pattern);
    return {};
  }
  const std::size_t close = closing_brace(pattern, open);
  if (close == std::string::npos) return invalid("`{{` without `}}` in \"{}\"", pattern);
  for (const std::string_view choice :
       split_choices(std::string_view(pattern).substr(open + 1, close - open - 1))) {
    WEIR_TRY_STATUS(expand_braces(
        pattern.substr(0, open) + std::string(choice) + pattern.substr(close + 1), out));
  }
  return {};
}

/// Reads one character of a class or pattern, taking `\` off; false at the end.
bool take(std::string_view& text, char& c) {
  if (text.starts_with('\\') && text.size() > 1) text.remove_prefix(1);
  if (text.empty()) return false;
  c = text.front();
  text.remove_prefix(1);
  return true;
}

/// Matches `c` against the class after `[`; moves `pattern` behind `]`. Nothing if it does not close.
std::optional<bool> in_class(std::string_view& pattern, char c) {
  const bool negated = pattern.starts_with('^') || pattern.starts_with('!');
  if (negated) pattern.remove_prefix(1);
  bool found = false;
  for (bool first = true; first || !pattern.starts_with(']'); first = false) {
    char low = 0;
    if (!take(pattern, low)) return std::nullopt;
    char high = low;
    if (pattern.size() > 1 && pattern[0] == '-' && pattern[1] != ']') {
      pattern.remove_prefix(1);
      if (!take(pattern, high)) return std::nullopt;
    }
    found = found || (low <= c && c <= high);
  }
  pattern.remove_prefix(1);
  return found != negated;
}

bool classes_close(std::string_view part) {
  while (!part.empty()) {
    const char c = part.front();
    part.remove_prefix(1);
    if (c == '\\' && !part.empty()) part.remove_prefix(1);
    if (c == '[' && !in_class(part, 0)) return false;
  }
  return true;
}

/// One part against one name; `*` by going back to the last star, so linear in practice, quadratic at worst.
bool part_matches(std::string_view pattern, std::string_view name) {
  std::string_view star_pattern;
  std::string_view star_name;
  bool star = false;
  while (true) {
    if (!pattern.empty() && pattern.front() == '*') {
      pattern.remove_prefix(1);
      star = true;
      star_pattern = pattern;
      star_name = name;
      continue;
    }
    if (pattern.empty() && name.empty()) return true;
    bool fits = false;
    std::string_view rest = pattern;
    if (!name.empty() && !rest.empty()) {
      if (rest.front() == '?') {
        rest.remove_prefix(1);
        fits = true;
      } else if (rest.front() == '[') {
        rest.remove_prefix(1);
        fits = in_class(rest, name.front()).value_or(false);
      } else {
        char c = 0;
        fits = take(rest, c) && c == name.front();
      }
    }
    if (fits) {
      pattern = rest;
      name.remove_prefix(1);
    } else if (star && !star_name.empty()) {
      star_name.remove_prefix(1);
      name = star_name;
      pattern = star_pattern;
    } else {
      return false;
    }
  }
}

/// Goes back to the last `**` only, as part_matches does to the last star.
bool parts_match(Parts pattern, Parts path) {
  std::optional<Parts> after_stars;
  Parts star_path;
  while (true) {
    if (!pattern.empty() && pattern.front() == "**") {
      pattern = pattern.subspan(1);
      after_stars = pattern;
      star_path = path;
    } else if (pattern.empty() && path.empty()) {
      return true;
    } else if (!pattern.empty() && !path.empty() && part_matches(pattern.front(), path.front())) {
      pattern = pattern.subspan(1);
      path = path.subspan(1);
    } else if (after_stars && !star_path.empty()) {
      star_path = star_path.subspan(1);
      path = star_path;
      pattern = *after_stars;
    } else {
      return false;
    }
  }
}

std::vector<std::string> split_path(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t slash = text.find('/');
    parts.emplace_back(text.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    text.remove_prefix(slash + 1);
  }
}

bool is_plain_part(const std::string& part) {
  return part.find_first_of("*?[\\") == std::string::npos;
}

/// Walks the file system along one alternative.
class Walk {
 public:
  Walk(Parts pattern, std::size_t limit, std::set<std::string>& found)
      : several_stars_(std::count(pattern.begin(), pattern.end(), "**") > 1),
        limit_(limit),
        found_(found) {}

  void at(const std::string& folder, Parts parts, int depth) {
    if (full() || depth > kMaxFolderDepth) return;
    if (several_stars_ && !seen_.emplace(folder, parts.size()).second) return;
    if (parts.empty()) {
      struct stat info {};
      if (::stat(folder.c_str(), &info) == 0) found_.insert(folder);
      return;
    }
    const std::string& part = parts.front();
    if (part == "**") {
      at(folder, parts.subspan(1), depth + 1);
      each(folder, [&](const std::string& name, bool is_real_folder) {
        if (is_real_folder)
          at(join(folder, name), parts, depth + 1);
        else if (parts.size() == 1)
          at(join(folder, name), parts.subspan(1), depth + 1);
      });
    } else if (is_plain_part(part)) {
      at(join(folder, part), parts.subspan(1), depth + 1);
    } else {
      each(folder, [&](const std::string& name, bool) {
        if (part_matches(part, name)) at(join(folder, name), parts.subspan(1), depth + 1);
      });
    }
  }
  [[nodiscard]] bool full() const { return found_.size() >= limit_; }

 private:
  static std::string join(const std::string& folder, const std::string& name) {
    if (folder.empty()) return name;
    return folder.ends_with('/') ? folder + name : folder + "/" + name;
  }

  template <class Visit>
  void each(const std::string& folder, Visit visit) {
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.empty() ? "." : folder.c_str()),
                                                   &::closedir);
    if (open == nullptr) return;
    while (const dirent* entry = ::readdir(open.get())) {
      const std::string name = entry->d_name;
      if (name == "." || name == ".." || full()) continue;
      bool is_folder = entry->d_type == DT_DIR;
      if (entry->d_type == DT_UNKNOWN) {
        struct stat info {};
        is_folder = ::lstat(join(folder, name).c_str(), &info) == 0 && S_ISDIR(info.st_mode);
      }
      visit(name, is_folder);
    }
  }

  const bool several_stars_;  ///< then a folder is reached in several ways, and walked once
  const std::size_t limit_;
  std::set<std::string>& found_;
  std::set<std::pair<std::string, std::size_t>> seen_;
};

}  // namespace

Result<Glob> Glob::parse(std::string_view pattern) {
  if (pattern.size() > kMaxPattern)
    return invalid("a pattern of {} bytes, more than {}", pattern.size(), kMaxPattern);
  std::vector<std::string> expanded;
  WEIR_TRY_STATUS(expand_braces(std::string(pattern), expanded));
  Glob glob;
  glob.text_ = pattern;
  for (const std::string& alternative : expanded) {
    glob.alternatives_.push_back(split_path(alternative));
    for (const std::string& part : glob.alternatives_.back()) {
      if (!classes_close(part)) return invalid("`[` without `]` in \"{}\"", pattern);
    }
  }
  return glob;
}

bool Glob::matches(std::string_view path) const {
  const std::vector<std::string> parts = split_path(path);
  return std::any_of(alternatives_.begin(), alternatives_.end(),
                     [&](const auto& pattern) { return parts_match(pattern, parts); });
}

Glob::Found Glob::find(std::size_t limit) const {
  std::set<std::string> found;
  for (const std::vector<std::string>& pattern : alternatives_) {
    const bool absolute = pattern.size() > 1 && pattern.front().empty();
    Walk(pattern, limit, found)
        .at(absolute ? "/" : "", Parts(pattern).subspan(absolute ? 1 : 0), 0);
  }
  return {{found.begin(), found.end()}, found.size() >= limit};
}

}  // namespace weir::fs

// SPDX-License-Identifier: Apache-2.0
#include "cli/files.h"

#include "interpreter/syntax/parse.h"
#include "interpreter/text/encoding.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

namespace weir::cli {
namespace {
namespace fs = std::filesystem;

template <class Iterator>
Result<std::vector<std::string>> collect(const std::string& directory) {
  std::error_code error;
  std::vector<std::string> files;
  Iterator entry(directory, fs::directory_options::skip_permission_denied, error);
  for (; !error && entry != Iterator(); entry.increment(error)) {
    std::error_code ignored;
    if (entry->path().extension() == ".alloy" && entry->is_regular_file(ignored))
      files.push_back(entry->path().string());
  }
  if (error) return make_error(Code::kUnavailable, "{}: {}", directory, error.message());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Result<std::vector<NamedText>> read_config(const std::string& path) {
  std::vector<std::string> files = {path};
  if (is_directory(path)) {
    WEIR_TRY(files, alloy_files(path, false));
    if (files.empty()) return invalid("{}: no *.alloy file in this directory", path);
  }
  std::vector<NamedText> texts;
  for (const std::string& file : files) {
    WEIR_TRY(std::string raw, read_text(file));
    texts.push_back({file, text::decode_file(std::move(raw))});
  }
  return texts;
}

Result<std::string> read_text(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (file == nullptr) return system_error(errno, path);
  std::string text;
  char chunk[1 << 16];
  for (std::size_t got = 0; (got = std::fread(chunk, 1, sizeof chunk, file.get())) != 0;) {
    text.append(chunk, got);
    if (text.size() > syntax::kMaxSourceBytes) {
      return invalid("{}: larger than {} MiB, the most a configuration may have", path,
                     syntax::kMaxSourceBytes >> 20);
    }
  }
  if (std::ferror(file.get()) != 0) return system_error(errno, path);
  return text;
}

Result<std::vector<std::string>> alloy_files(const std::string& directory, bool recursive) {
  return recursive ? collect<fs::recursive_directory_iterator>(directory)
                   : collect<fs::directory_iterator>(directory);
}

bool is_directory(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

Status replace_text(const std::string& path, const std::string& text) {
  std::error_code error;
  const fs::path target =
      fs::canonical(path, error);  // through a symlink, so that the link stays one
  if (error) return make_error(Code::kUnavailable, "{}: {}", path, error.message());
  const fs::path beside = target.string() + ".weir-new";
  const fs::perms mode = fs::status(target, error).permissions();
  {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(beside.c_str(), "wb"),
                                                               &std::fclose);
    if (file == nullptr) return system_error(errno, path);
    if (std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() ||
        std::fflush(file.get()) != 0) {
      const int why = errno;
      fs::remove(beside, error);
      return system_error(why, path);
    }
  }
  fs::permissions(beside, mode, error);
  fs::rename(beside, target, error);
  if (!error) return {};
  std::error_code ignored;
  fs::remove(beside, ignored);
  return make_error(Code::kUnavailable, "{}: {}", path, error.message());
}

}  // namespace weir::cli

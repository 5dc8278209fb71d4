// SPDX-License-Identifier: Apache-2.0
#include "components/core/file_match.h"

#include "base/fs.h"
#include "interpreter/value/unknown.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <sys/stat.h>

namespace weir {
namespace {

/// Absolute, without `.`, `..` and a slash at the end.
std::string clean_path(std::string_view path) {
  std::error_code ignored;
  std::string clean =
      std::filesystem::absolute(std::filesystem::path(path), ignored).lexically_normal().string();
  while (clean.size() > 1 && clean.back() == '/') clean.pop_back();
  return clean;
}

/// Patterns repeat from target to target: each is read once.
class PatternReader {
 public:
  explicit PatternReader(const std::function<void(std::string_view, const Error&)>& trouble)
      : trouble_(trouble) {}

  const fs::Glob* read(std::string_view pattern) {
    const auto [at, fresh] = globs_.try_emplace(std::string(pattern));
    if (fresh) {
      auto glob = fs::Glob::parse(clean_path(pattern));
      if (glob)
        at->second = std::move(*glob);
      else
        trouble_(pattern, glob.error());
    }
    return at->second ? &*at->second : nullptr;
  }

 private:
  const std::function<void(std::string_view, const Error&)>& trouble_;
  std::map<std::string, std::optional<fs::Glob>, std::less<>> globs_;
};

}  // namespace

std::vector<Target> match_files(
    const std::vector<Target>& patterns, Duration ignore_older_than, Time now,
    const std::function<void(std::string_view, const Error&)>& trouble) {
  PatternReader reader(trouble);
  std::vector<Target> found;
  for (const Target& pattern : patterns) {
    const std::string_view path = pattern.get(kPathLabel);
    const std::string_view exclude = pattern.get(kPathExcludeLabel);
    const fs::Glob* wanted = path.empty() ? nullptr : reader.read(path);
    const fs::Glob* unwanted = exclude.empty() ? nullptr : reader.read(exclude);
    if (wanted == nullptr) continue;
    for (const std::string& file : wanted->find().paths) {
      if (unwanted != nullptr && unwanted->matches(file)) continue;
      struct stat info {};
      if (::stat(file.c_str(), &info) != 0 || S_ISDIR(info.st_mode)) continue;
      const Time changed{static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 +
                         info.st_mtim.tv_nsec};
      if (ignore_older_than > Duration{} && now - changed > ignore_older_than) continue;
      found.push_back(file == path ? pattern : pattern.with(kPathLabel, file));
    }
  }
  return found;
}

void lint_paths(std::string_view field, catalog::Lint& lint) {
  const value::Value* targets = lint.value_of(field);
  if (targets == nullptr) {
    return lint.wants(field, text::DiagnosticCode::kNoPath,
                      "nothing gives these targets a __path__, so they name no files",
                      "a rule of a discovery.relabel may write it");
  }
  if (targets->kind() != value::Kind::kArray) return;
  for (const value::Value& target : targets->as_array()) {
    if (target.kind() != value::Kind::kObject || target.as_object().find(kPathLabel) != nullptr)
      continue;
    lint.warn(field, text::DiagnosticCode::kNoPath, "a target has no __path__, so it names no file",
              "set __path__ to the path or pattern of the files");
    return;
  }
}

namespace {

/// `a.b.c.d`: what a component exports, as it is.
bool is_export(const syntax::Expression& expression) {
  constexpr int kShortest = 3;  // names behind the first
  const syntax::Expression* at = &expression;
  int names = 0;
  for (; at->kind == syntax::ExpressionKind::kAccess; at = at->children[0].get()) ++names;
  return at->kind == syntax::ExpressionKind::kIdentifier && names >= kShortest;
}

}  // namespace

void lint_label_names(std::string_view field, catalog::Lint& lint) {
  constexpr auto kNames = text::DiagnosticCode::kNeverExtracted;
  lint.passes(kNames);
  const auto& attributes = lint.body().attributes;
  const auto given = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const auto& a) { return a.name == field; });
  if (given == attributes.end()) return;
  if (!given->value) {
    if (given->expression == nullptr || !is_export(*given->expression)) lint.gives(kNames);
    return;
  }
  std::set<std::string, std::less<>> names;
  if (given->value->kind() != value::Kind::kArray) return lint.gives(kNames);
  for (const value::Value& target : given->value->as_array()) {
    if (target.kind() != value::Kind::kObject) return lint.gives(kNames);
    for (const auto& [name, value] : target.as_object().members) names.insert(name);
  }
  for (const std::string& name : names) lint.gives(kNames, name);
}

bool lint_container_path(std::string_view path, text::Span place, catalog::Lint& lint) {
  static constexpr std::string_view kFolders[] = {"/var/log/pods/", "/var/log/containers/",
                                                  "/var/lib/docker/containers/"};
  for (const std::string_view folder : kFolders) {
    if (path.find(folder) == std::string_view::npos) continue;  // it may be mounted elsewhere
    const bool docker = folder.starts_with("/var/lib/docker");
    lint.owes(place, text::DiagnosticCode::kContainerFormat,
              format("{} holds container logs, but no stage unwraps their lines", path),
              docker ? "send them through a loki.process with stage.docker {}"
                     : "send them through a loki.process with stage.cri {}");
    return true;
  }
  return false;
}

void lint_container_paths(const std::vector<Target>& targets, std::string_view field,
                          catalog::Lint& lint) {
  for (const Target& target : targets) {
    if (lint_container_path(target.get(kPathLabel), lint.place_of(field), lint)) return;
  }
}

}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
// file: paths, as text; no file is looked at.

#include "interpreter/catalog/function_def.h"

namespace weir::stdlib {
namespace {

/// The shortest path of the same meaning: no ".", no doubled "/", ".." only in front. Lexical:
/// links are not followed.
std::string clean_path(std::string_view path) {
  const bool rooted = path.starts_with('/');
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (!parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (!rooted) {
      parts.push_back(part);
    }
  }
  std::string out = rooted ? "/" : "";
  for (const std::string_view part : parts) {
    if (out.size() > (rooted ? 1u : 0u)) out += '/';
    out += part;
  }
  return out.empty() ? "." : out;
}

Result<std::string> path_join(const catalog::Rest<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts.values) {
    if (part.empty()) continue;
    if (!out.empty()) out += '/';
    out += part;
  }
  return out.empty() ? out : clean_path(out);
}

constexpr catalog::Param kPathJoinParams[] = {
    {"parts", "Parts of the path; empty ones are passed over."}};
constexpr catalog::Example kPathJoinExamples[] = {
    {R"(file.path_join("/var/log", "pods", "*.log"))", R"("/var/log/pods/*.log")"},
    {R"(file.path_join("a/", "..", "/b//c/."))", R"("b/c")"},
    {"file.path_join()", R"("")"},
};

}  // namespace

extern constexpr catalog::FunctionDef file_path_join = catalog::function<&path_join>(
    "file.path_join", "Joins the parts of a path with `/` and removes what has no meaning.",
    kPathJoinParams, kPathJoinExamples);

}  // namespace weir::stdlib

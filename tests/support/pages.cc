// SPDX-License-Identifier: Apache-2.0
#include "tests/support/pages.h"

#include "base/format.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace weir::test {

std::vector<PageExample> examples_of(const std::string& path) {
  std::vector<PageExample> examples;
  std::istringstream lines(read_file(format("{}/{}", WEIR_SOURCE_DIR, path)));
  bool inside = false;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      examples.back().text += line + "\n";
    } else if (line.starts_with("```alloy")) {
      inside = true;
      examples.push_back({format("{}:{}", path, number), "", line != "```alloy no_run"});
    }
  }
  for (PageExample& example : examples) example.text = with_free_ports(std::move(example.text));
  return examples;
}

std::string with_free_ports(std::string text) {
  constexpr std::string_view kDigits = "0123456789";
  for (std::size_t at = 0; (at = text.find("listen_port", at)) != std::string::npos;) {
    at = text.find_first_of(kDigits, at);
    text.replace(at, text.find_first_not_of(kDigits, at) - at, "0");
  }
  return text;
}

std::vector<std::string> written_pages() {
  namespace fs = std::filesystem;
  const fs::path root = WEIR_SOURCE_DIR;
  std::vector<std::string> pages = {"README.md"};
  for (const char* folder : {"docs", "components", "server", "examples"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string path = fs::relative(entry.path(), root).string();
      if (path.ends_with(".md") && !path.starts_with("docs/reference/")) pages.push_back(path);
    }
  }
  std::sort(pages.begin(), pages.end());
  return pages;
}

std::string page_of(const std::string& component) {
  const std::size_t dot = component.find('.');
  std::string leaf = dot == std::string::npos ? component : component.substr(dot + 1);
  std::replace(leaf.begin(), leaf.end(), '.', '_');
  const std::vector<std::string> places = {
      format("components/{}/{}/{}.md", component.substr(0, dot), leaf, leaf),
      format("components/{}/{}.md", leaf, leaf), format("server/{}.md", leaf)};
  for (const std::string& place : places) {
    if (std::filesystem::exists(format("{}/{}", WEIR_SOURCE_DIR, place))) return place;
  }
  return {};
}

}  // namespace weir::test

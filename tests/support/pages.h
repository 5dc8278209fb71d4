// SPDX-License-Identifier: Apache-2.0
// The examples in the project's pages, which are configurations between ```alloy fences.
//
// A test runs each of them. One that needs what a test machine does not have begins ```alloy no_run and is only
// validated.

#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace weir::test {

struct PageExample {
  std::string name;  ///< "components/loki/echo/echo.md:12"
  std::string text;
  bool runs = true;
  friend void PrintTo(const PageExample& example, std::ostream* out) { *out << example.name; }
};

/// The examples of one page, with free ports; `path` is below the source folder.
std::vector<PageExample> examples_of(const std::string& path);
/// Ports of examples are their readers'; a test takes any free one.
std::string with_free_ports(std::string text);
/// The pages that people write: README.md, docs/*.md, components/**/*.md, server/*.md; sorted.
std::vector<std::string> written_pages();
/// The page of a component or service, below the source folder; "" if it has none.
std::string page_of(const std::string& component);

}  // namespace weir::test

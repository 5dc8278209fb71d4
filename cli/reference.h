// SPDX-License-Identifier: Apache-2.0
// The reference: pages made of what people wrote and of the tables that the program runs by. One
// source for docs/reference and for `weir docs NAME`.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

struct Page {
  std::string name;  ///< "loki.write", "functions"
  std::string text;  ///< Markdown
};

/// The pages of docs/reference; the last is its README, which lists them.
std::vector<Page> reference_pages();

/// What there is to be said of one name each: the pages, and their parts that have names of their
/// own: stages, blocks of the language, functions, commands, codes, and what is not built yet.
class Reference {
 public:
  Reference();
  /// Null if there is nothing of that name. Codes are also found in small letters and by their
  /// names: "E0312", "e0312", "unknown-attribute".
  [[nodiscard]] const Page* find(std::string_view name) const;
  /// The name nearest to one that is not there, as a hint; may be empty.
  [[nodiscard]] std::string did_you_mean(std::string_view name) const;

 private:
  void add_parts();
  std::vector<Page> topics_;
};

}  // namespace weir::cli

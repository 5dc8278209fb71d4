// SPDX-License-Identifier: Apache-2.0
#include "cli/diff.h"

#include "base/format.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace weir::cli {
namespace {

constexpr std::size_t kContext = 3;
constexpr std::size_t kMaxCells = 64u << 20;  // of the comparison table

using Lines = std::vector<std::string_view>;

Lines split_lines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

struct Edit {
  char sign;  // ' ' '-' '+'
  std::string_view line;
};

/// Edits of the differing middle by longest common subsequence; all out and all in if it is too large.
void compare(const Lines& a, const Lines& b, std::vector<Edit>& edits) {
  if (a.size() * b.size() > kMaxCells) {
    for (const auto line : a) edits.push_back({'-', line});
    for (const auto line : b) edits.push_back({'+', line});
    return;
  }
  const std::size_t width = b.size() + 1;
  std::vector<std::uint32_t> common((a.size() + 1) * width, 0);
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      common[i * width + j] =
          a[i] == b[j] ? common[(i + 1) * width + j + 1] + 1
                       : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      edits.push_back({' ', a[i++]});
      ++j;
    } else if (i < a.size() &&
               (j == b.size() || common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      edits.push_back({'-', a[i++]});
    } else {
      edits.push_back({'+', b[j++]});
    }
  }
}

std::vector<Edit> edits_between(const Lines& before, const Lines& after) {
  std::size_t head = 0;
  while (head < before.size() && head < after.size() && before[head] == after[head]) ++head;
  std::size_t tail = 0;
  while (tail < before.size() - head && tail < after.size() - head &&
         before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) {
    ++tail;
  }
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < head; ++i) edits.push_back({' ', before[i]});
  const auto at = static_cast<std::ptrdiff_t>(head);
  const auto back = static_cast<std::ptrdiff_t>(tail);
  compare({before.begin() + at, before.end() - back}, {after.begin() + at, after.end() - back},
          edits);
  for (std::size_t i = before.size() - tail; i < before.size(); ++i)
    edits.push_back({' ', before[i]});
  return edits;
}

void print_hunk(const std::vector<Edit>& edits, std::size_t begin, std::size_t end,
                std::string& out) {
  std::size_t old_start = 1;
  std::size_t new_start = 1;
  for (std::size_t i = 0; i < begin; ++i) {
    old_start += edits[i].sign != '+' ? 1 : 0;
    new_start += edits[i].sign != '-' ? 1 : 0;
  }
  std::size_t old_count = 0;
  std::size_t new_count = 0;
  std::string body;
  for (std::size_t i = begin; i < end; ++i) {
    old_count += edits[i].sign != '+' ? 1 : 0;
    new_count += edits[i].sign != '-' ? 1 : 0;
    body += edits[i].sign;
    body += edits[i].line;
    if (!edits[i].line.ends_with('\n')) body += "\n\\ No newline at end of file\n";
  }
  out += format("@@ -{},{} +{},{} @@\n{}", old_count == 0 ? old_start - 1 : old_start, old_count,
                new_count == 0 ? new_start - 1 : new_start, new_count, body);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view name) {
  if (before == after) return {};
  const std::vector<Edit> edits = edits_between(split_lines(before), split_lines(after));
  std::string out = format("--- {0}\n+++ {0} (formatted)\n", name);
  const auto changed = [](const Edit& edit) { return edit.sign != ' '; };
  auto at = edits.begin();
  while (true) {
    const auto first = std::find_if(at, edits.end(), changed);
    if (first == edits.end()) return out;
    auto last = first;
    while (true) {  // join changes whose context would touch
      const auto next = std::find_if(last + 1, edits.end(), changed);
      if (next == edits.end() || static_cast<std::size_t>(next - last) > 2 * kContext + 1) break;
      last = next;
    }
    const auto begin = static_cast<std::size_t>(first - edits.begin());
    const auto end = static_cast<std::size_t>(last - edits.begin()) + 1;
    print_hunk(edits, begin > kContext ? begin - kContext : 0,
               std::min(edits.size(), end + kContext), out);
    at = last + 1;
  }
}

}  // namespace weir::cli

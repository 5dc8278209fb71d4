// SPDX-License-Identifier: Apache-2.0
// The name somebody meant: edit distance with swaps of neighbours, as slips of the hand are.
#include "interpreter/text/diagnostic.h"

#include <algorithm>
#include <numeric>

namespace weir::text {
namespace {

/// Optimal string alignment distance, or `limit + 1` as soon as it must be more than `limit`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  if ((a.size() > b.size() ? a.size() - b.size() : b.size() - a.size()) > limit) return limit + 1;
  std::vector<std::size_t> two_back(b.size() + 1), one_back(b.size() + 1), now(b.size() + 1);
  std::iota(one_back.begin(), one_back.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = one_back[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      now[j] = std::min({change, one_back[j] + 1, now[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        now[j] = std::min(now[j], two_back[j - 2] + 1);
      }
    }
    if (*std::min_element(now.begin(), now.end()) > limit) return limit + 1;
    std::swap(two_back, one_back);
    std::swap(one_back, now);
  }
  return one_back[b.size()];
}

/// How many slips a word of this length may hold and still be the same word: one in three letters.
std::size_t slips_allowed(std::size_t length) {
  return std::clamp<std::size_t>(length / 3, 1, 4);
}

}  // namespace

std::string nearest(std::string_view name, const std::vector<std::string_view>& known) {
  constexpr std::size_t kLongestName = 200;
  if (name.empty() || name.size() > kLongestName) return {};
  std::size_t limit = slips_allowed(name.size());
  std::string_view best;
  for (const std::string_view candidate : known) {
    if (candidate == name) continue;
    const std::size_t distance = edit_distance(name, candidate, limit);
    // One letter for another in a word of one letter is another word.
    if (distance > limit || distance >= std::max(name.size(), candidate.size())) continue;
    if (!best.empty() && distance == limit) continue;
    best = candidate;
    limit = distance;
  }
  return std::string(best);
}

std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& known) {
  const std::string near = nearest(name, known);
  return near.empty() ? std::string() : format("did you mean \"{}\"?", near);
}

}  // namespace weir::text

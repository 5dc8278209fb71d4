// SPDX-License-Identifier: Apache-2.0
// Texts as Go's library changes them, for the languages whose functions are Go's.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::loki {

/// What functions of texts make is bounded: they give no more than this, though they may be asked
/// to.
inline constexpr std::size_t kMaxMadeText = 16u << 20;

/// Where text is taken away.
enum class TrimSide { kLeft, kRight, kBoth };
/// Without the characters of `set` at its ends.
std::string_view trim_text(std::string_view text, std::string_view set, TrimSide side);
/// Without Unicode's white space at its ends.
std::string_view trim_space(std::string_view text, TrimSide side = TrimSide::kBoth);
std::string_view without_prefix(std::string_view text, std::string_view prefix);
std::string_view without_suffix(std::string_view text, std::string_view suffix);
/// With the first `most` of `from` replaced; all if `most` is negative. An empty `from` is before
/// each character and at the end. Stops when more than kMaxMadeText is made.
std::string replace_text(std::string_view text, std::string_view from, std::string_view to,
                         std::int64_t most);
/// The parts between separators, at most `most` if that is not negative; an empty separator parts
/// the characters.
std::vector<std::string_view> split_text(std::string_view text, std::string_view separator,
                                         std::int64_t most = -1);

}  // namespace weir::loki

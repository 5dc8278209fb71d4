// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/go_text.h"

#include "base/utf8.h"

#include <algorithm>

namespace weir::loki {
namespace {

bool is_go_space(Rune rune) {
  const char32_t c = rune.code;
  return (c >= '\t' && c <= '\r') || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

/// The last character; `text` is not empty.
Rune last_rune(std::string_view text) {
  for (std::size_t size = 1; size <= std::min<std::size_t>(4, text.size()); ++size) {
    const Rune rune = decode_rune(text.substr(text.size() - size));
    if (rune.valid && rune.size == size) return rune;
  }
  return {};
}

template <class Goes>
std::string_view trim_where(std::string_view text, TrimSide side, Goes goes) {
  while (side != TrimSide::kRight && !text.empty() && goes(decode_rune(text)))
    text.remove_prefix(decode_rune(text).size);
  while (side != TrimSide::kLeft && !text.empty() && goes(last_rune(text)))
    text.remove_suffix(last_rune(text).size);
  return text;
}

}  // namespace

std::string_view trim_text(std::string_view text, std::string_view set, TrimSide side) {
  return trim_where(text, side, [set](Rune rune) {
    for (std::string_view rest = set; !rest.empty();) {
      const Rune one = decode_rune(rest);
      if (one.code == rune.code) return true;
      rest.remove_prefix(one.size);
    }
    return false;
  });
}

std::string_view trim_space(std::string_view text, TrimSide side) {
  return trim_where(text, side, is_go_space);
}

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

std::string_view without_suffix(std::string_view text, std::string_view suffix) {
  return text.ends_with(suffix) ? text.substr(0, text.size() - suffix.size()) : text;
}

std::string replace_text(std::string_view text, std::string_view from, std::string_view to,
                         std::int64_t most) {
  std::string out;
  for (std::size_t begin = 0; begin <= text.size() && out.size() <= kMaxMadeText;) {
    const std::size_t at = most == 0 ? std::string_view::npos : text.find(from, begin);
    if (at == std::string_view::npos) return out += text.substr(begin);
    const std::size_t step =
        from.empty() && at < text.size() ? decode_rune(text.substr(at)).size : 0;
    out += text.substr(begin, at - begin);
    out += to;
    out += text.substr(at, step);  // an empty text is found before each character
    if (from.empty() && at >= text.size()) return out;
    begin = at + from.size() + step;
    if (most > 0) --most;
  }
  return out;
}

std::vector<std::string_view> split_text(std::string_view text, std::string_view separator,
                                         std::int64_t most) {
  std::vector<std::string_view> out;
  if (most == 0) return out;
  while (most < 0 || static_cast<std::int64_t>(out.size()) + 1 < most) {
    if (separator.empty() && text.empty()) return out;
    const std::size_t at = separator.empty() ? decode_rune(text).size : text.find(separator);
    if (at == std::string_view::npos || at > text.size()) break;
    out.push_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  if (!text.empty() || !separator.empty()) out.push_back(text);
  return out;
}

}  // namespace weir::loki

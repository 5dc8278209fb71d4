// SPDX-License-Identifier: Apache-2.0
// Where lines end: a newline is one byte, or two or four in the wide encodings, and then only at a
// whole unit.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir::loki {

/// How characters lie in bytes, as far as finding a newline goes.
enum class TextUnit : std::uint8_t { kByte, kUtf16Le, kUtf16Be, kUtf32Le, kUtf32Be };

constexpr std::size_t unit_size(TextUnit unit) {
  return unit == TextUnit::kByte                                    ? 1
         : unit == TextUnit::kUtf16Le || unit == TextUnit::kUtf16Be ? 2
                                                                    : 4;
}

inline constexpr std::size_t kNoNewline = static_cast<std::size_t>(-1);

/// Where the first newline at or after `from` ends, or kNoNewline; `bytes` begins at a whole unit.
std::size_t wide_line_end(std::string_view bytes, std::size_t from, TextUnit unit);

inline std::size_t line_end(std::string_view bytes, std::size_t from, TextUnit unit) {
  if (unit != TextUnit::kByte) return wide_line_end(bytes, from, unit);
  const void* at =
      from < bytes.size() ? std::memchr(bytes.data() + from, '\n', bytes.size() - from) : nullptr;
  return at == nullptr ? kNoNewline
                       : static_cast<std::size_t>(static_cast<const char*>(at) - bytes.data()) + 1;
}

/// A line without its newline and the carriage return before it.
inline std::string_view trim_line(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Calls `take(line, end)` for each whole line of `bytes`, terminator trimmed, `end` behind it,
/// until it answers false. Returns where the last taken line ended.
template <class Take>
std::size_t split_lines(std::string_view bytes, Take take) {
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = line_end(bytes, begin, TextUnit::kByte);
    if (end == kNoNewline || !take(trim_line(bytes.substr(begin, end - begin)), end)) return begin;
    begin = end;
  }
}

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// UTF-8, one character at a time. What is not UTF-8 is read as one byte that stands for U+FFFD.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir {

inline constexpr char32_t kReplacementRune = 0xFFFD;

/// A code point and how many bytes spelled it.
struct Rune {
  char32_t code = kReplacementRune;
  std::size_t size = 1;
  bool valid = false;  ///< false: a byte that begins no well-formed sequence
};

/// The first code point of `text`, which is not empty. Overlong forms and surrogates are not valid.
Rune decode_rune(std::string_view text);
/// Appends the UTF-8 of `code`; of what is no code point, that of U+FFFD.
void append_utf8(std::string& out, char32_t code);
/// Whether all of `text` is well-formed.
bool is_utf8(std::string_view text);
/// How many code points decode_rune() finds.
std::size_t count_runes(std::string_view text);

}  // namespace weir

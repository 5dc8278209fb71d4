// SPDX-License-Identifier: Apache-2.0
// Code points of UTF-8 text, and how wide they stand on a screen.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::text {

/// The code point at a place in a text, and how many bytes it takes there.
struct CodePoint {
  char32_t value = 0;
  std::uint32_t length = 1;
  bool valid = true;  ///< false: one byte that is no UTF-8; `value` is U+FFFD
};

/// Decodes the code point at `at`, which must be inside `bytes`. Overlong forms and surrogates are
/// invalid.
CodePoint decode_utf8(std::string_view bytes, std::size_t at);

/// Appends `value` to `out`; what is no code point becomes U+FFFD.
void append_utf8(std::string& out, char32_t value);

/// Code points in `bytes`; an invalid byte counts as one.
std::size_t count_code_points(std::string_view bytes);

/// Columns a terminal gives to a code point: 0 for combining marks, 2 for wide East Asian ones,
/// else 1.
int display_width(char32_t value);

}  // namespace weir::text

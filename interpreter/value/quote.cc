// SPDX-License-Identifier: Apache-2.0
#include "interpreter/value/quote.h"

#include "base/format.h"
#include "base/utf8.h"

#include <algorithm>
#include <iterator>

namespace weir::value {
namespace {

/// The letter after the backslash, or 0 if the character has no short escape.
char short_escape(char32_t code) {
  switch (code) {
    case '\a': return 'a';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    case '\v': return 'v';
    case '\\': return '\\';
    case '"': return '"';
    default: return 0;
  }
}

}  // namespace

bool is_printable(char32_t code) {
  if (code < 0x7F) return code >= 0x20;
  // Control, format, separator, private-use and surrogate characters (Unicode Cc Cf Zs Zl Zp Co
  // Cs).
  struct Range {
    char32_t first, last;
  };
  static constexpr Range kHidden[] = {
      {0x7F, 0xA0},        {0xAD, 0xAD},       {0x600, 0x605},     {0x61C, 0x61C},
      {0x6DD, 0x6DD},      {0x70F, 0x70F},     {0x890, 0x891},     {0x8E2, 0x8E2},
      {0x1680, 0x1680},    {0x180E, 0x180E},   {0x2000, 0x200F},   {0x2028, 0x202F},
      {0x205F, 0x206F},    {0x3000, 0x3000},   {0xD800, 0xF8FF},   {0xFEFF, 0xFEFF},
      {0xFFF0, 0xFFFB},    {0xFFFE, 0xFFFF},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD},
      {0x13430, 0x1343F},  {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE00FF},
      {0xF0000, 0x10FFFF},
  };
  const auto* range = std::lower_bound(std::begin(kHidden), std::end(kHidden), code,
                                       [](const Range& r, char32_t c) { return r.last < c; });
  return range == std::end(kHidden) || code < range->first;
}

std::string quote(std::string_view text, bool ascii_only) {
  std::string out = "\"";
  while (!text.empty()) {
    const Rune rune = decode_rune(text);
    if (!rune.valid) {
      out += format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    } else if (const char letter = short_escape(rune.code)) {
      out += {'\\', letter};
    } else if (is_printable(rune.code) && (rune.code < 0x80 || !ascii_only)) {
      out += text.substr(0, rune.size);
    } else if (rune.code < 0x80) {
      out += format("\\x{:02x}", static_cast<unsigned>(rune.code));
    } else if (rune.code < 0x10000) {
      out += format("\\u{:04x}", static_cast<unsigned>(rune.code));
    } else {
      out += format("\\U{:08x}", static_cast<unsigned>(rune.code));
    }
    text.remove_prefix(rune.size);
  }
  return out + '"';
}

}  // namespace weir::value

// SPDX-License-Identifier: Apache-2.0
// The C library knows the letters of Unicode in its built-in locale C.UTF-8, which needs no locale
// files.

#include "base/case.h"

#include "base/utf8.h"

#include <clocale>
#include <cwctype>

namespace weir {
namespace {

locale_t letters() {
  static const locale_t kLocale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return kLocale;
}

template <class OfAscii, class OfRune>
std::string map_letters(std::string_view text, OfAscii of_ascii, OfRune of_rune) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      out.push_back(of_ascii(text.front()));
      text.remove_prefix(1);
      continue;
    }
    const Rune rune = decode_rune(text);
    if (rune.valid && letters() != nullptr)
      append_utf8(out, static_cast<char32_t>(of_rune(static_cast<wint_t>(rune.code))));
    else
      out.append(text.substr(0, rune.size));
    text.remove_prefix(rune.size);
  }
  return out;
}

}  // namespace

std::string to_lower(std::string_view text) {
  return map_letters(
      text, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; },
      [](wint_t c) { return ::towlower_l(c, letters()); });
}

std::string to_upper(std::string_view text) {
  return map_letters(
      text, [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; },
      [](wint_t c) { return ::towupper_l(c, letters()); });
}

}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Utf8, EveryCodePointReadsBack) {
  for (char32_t code = 0; code <= 0x10FFFF; code += code < 0x3000 ? 1 : 97) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, code);
    const Rune rune = decode_rune(text);
    ASSERT_TRUE(rune.valid) << static_cast<unsigned>(code);
    ASSERT_EQ(rune.code, code);
    ASSERT_EQ(rune.size, text.size());
  }
}

TEST(Utf8, WhatIsNotUtf8IsOneByteOfReplacement) {
  for (const std::string_view text : {"\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80",
                                      "\xF4\x90\x80\x80", "\xC3", "\xC3(", "\xFF"}) {
    const Rune rune = decode_rune(text);
    EXPECT_FALSE(rune.valid);
    EXPECT_EQ(rune.size, 1u);
    EXPECT_EQ(rune.code, kReplacementRune);
  }
}

TEST(Utf8, WhatIsNoCodePointIsWrittenAsReplacement) {
  std::string text;
  append_utf8(text, 0xD800);
  append_utf8(text, 0x110000);
  EXPECT_EQ(text, "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Utf8, TellsWellFormedText) {
  for (const std::string_view good :
       {"", "a", "12345678", "123456789 and more", "1234567\xC3\xB1", "\xF0\x9F\x98\x80"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const std::string_view bad :
       {"\xFF", "12345678\xC3", "1234567\xC3z12345678", "\xED\xA0\x80"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
}

TEST(Utf8, Counts) {
  EXPECT_EQ(count_runes("a\xC3\xB1z\xFF"), 4u);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
#include "base/codec/charset.h"

#include <gtest/gtest.h>

namespace weir::codec {
namespace {

using std::string_literals::operator""s;

TEST(Charset, DecodesHoweverTheBytesAreCut) {
  const struct {
    std::string_view name;
    std::string bytes;
    std::string_view want;
  } cases[] = {
      {"utf-8", "a\u00e9\U0001f600", "a\u00e9\U0001f600"},
      {"UTF-8",
       "\xef\xbb\xbf"
       "a",
       "a"},
      {"utf-8",
       "a\xff"
       "b",
       "a\ufffd"
       "b"},
      {"utf-16le", "a\0\xe9\0"s, "a\u00e9"},
      {"UTF-16BE", "\0a\x20\xac"s, "a\u20ac"},
      {"utf-16",
       "\xff\xfe"
       "a\0"s,
       "a"},
      {"utf-16", "\xfe\xff\0a"s, "a"},
      {"utf-16", "\0a\0b"s, "ab"},
      {"utf-16le", "\x3d\xd8\x00\xde"s, "\U0001f600"},
      {"utf-16le",
       "\xff\xfe"
       "a\0"s,
       "a"},
      {"utf-32", "\xff\xfe\0\0a\0\0\0"s, "a"},
      {"ISO-8859-1", "\xe9", "\u00e9"},
      {"windows-1252", "\x80", "\u20ac"},
      {"Shift_JIS", "\x83\x41", "\u30a2"},
      {"gb18030", "\xc4\xe3", "\u4f60"},
      {"koi8-r", "\xc1", "\u0430"},
  };
  for (const auto& c : cases) {
    for (std::size_t step = 1; step <= c.bytes.size(); ++step) {
      auto decoder = CharsetDecoder::open(c.name);
      ASSERT_TRUE(decoder.has_value()) << c.name;
      std::string out;
      for (std::size_t at = 0; at < c.bytes.size(); at += step)
        decoder->decode(std::string_view(c.bytes).substr(at, step), out);
      EXPECT_EQ(decoder->pending(), 0U);
      decoder->finish(out);
      EXPECT_EQ(out, c.want) << c.name << " in steps of " << step;
    }
  }
}

TEST(Charset, AHalfCharacterWaitsAndIsNotLost) {
  auto decoder = CharsetDecoder::open("utf-16le");
  std::string out;
  decoder->decode("a"s, out);
  EXPECT_EQ(decoder->pending(), 1U);
  EXPECT_EQ(out, "");
  decoder->finish(out);
  EXPECT_EQ(out, "\ufffd");
  decoder->decode("b\0"s, out);
  EXPECT_EQ(out,
            "\ufffd"
            "b")
      << "ready for the next stream";
}

TEST(Charset, LongTextComesOutWhole) {
  auto decoder = CharsetDecoder::open("iso-8859-1");
  std::string out;
  decoder->decode(std::string(100'000, '\xe9'), out);
  EXPECT_EQ(out.size(), 200'000U);
}

TEST(Charset, RefusesNamesItDoesNotKnow) {
  for (const std::string_view name : {"", "nope", "utf-8//IGNORE", "a b", "utf-8\n"})
    EXPECT_FALSE(CharsetDecoder::open(name).has_value()) << name;
}

}  // namespace
}  // namespace weir::codec

// SPDX-License-Identifier: Apache-2.0
#include "components/core/codecs.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(CoreCodecs, RegexIsReadWhenDecoded) {
  schema::Decoder good;
  Regex regex;
  ASSERT_TRUE(schema::Codec<Regex>::decode(value::Value("b+"), regex, good));
  EXPECT_TRUE(regex.matches("abba"));
  AnchoredRegex whole;
  ASSERT_TRUE(schema::Codec<AnchoredRegex>::decode(value::Value("a.b"), whole, good));
  EXPECT_TRUE(whole.regex.matches("a\nb"));
  EXPECT_FALSE(whole.regex.matches("xa\nb"));
  EXPECT_EQ(schema::Codec<AnchoredRegex>::encode(whole), value::Value("a.b"));

  schema::Decoder bad;
  EXPECT_FALSE(schema::Codec<Regex>::decode(value::Value("a("), regex, bad));
  ASSERT_EQ(bad.failures().size(), 1u);
  EXPECT_EQ(bad.failures()[0].code, text::DiagnosticCode::kBadRegex);
}

TEST(CoreCodecs, LabelNames) {
  for (const auto& [name, good] : {std::pair{"a", true},
                                   {"_a1", true},
                                   {"__name__", true},
                                   {"", false},
                                   {"1a", false},
                                   {"a-b", false},
                                   {"\xc3\xa9", false}}) {
    EXPECT_EQ(is_plain_label_name(name), good) << name;
  }
  EXPECT_TRUE(is_utf8_label_name("resources.k8s.\xc3\xa9 1"));
  EXPECT_FALSE(is_utf8_label_name(""));
  EXPECT_FALSE(is_utf8_label_name("\xfd"));
}

}  // namespace
}  // namespace weir

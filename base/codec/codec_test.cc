// SPDX-License-Identifier: Apache-2.0
#include "base/codec/base64.h"
#include "base/codec/snappy.h"

#include <gtest/gtest.h>

namespace weir::codec {
namespace {

TEST(Base64, RoundTrips) {
  for (const std::string_view text :
       {"", "f", "fo", "foo", "foob", "fooba", "foobar", "\xff\xfe\xfd"}) {
    for (const auto alphabet : {Base64Alphabet::kStandard, Base64Alphabet::kUrl}) {
      const auto back = base64_decode(base64_encode(text, alphabet), alphabet);
      ASSERT_TRUE(back);
      EXPECT_EQ(*back, text);
    }
  }
  EXPECT_EQ(base64_encode("\xfb\xff", Base64Alphabet::kUrl), "-_8=");
}

TEST(Base64, SaysWhereItIsWrong) {
  const struct {
    std::string_view text, offset;
  } kCases[] = {{"Zg=", "3"},    {"Z", "0"},    {"Zm9v!", "4"}, {"Zg==x", "4"},      {"=", "0"},
                {"Zm9vYg", "4"}, {"aGk", "0"},  {"YWJjZ", "4"}, {"YWJjZGVmZg", "8"}, {"YQ=a", "2"},
                {"AA=AA", "2"},  {"YQ=!", "2"}, {"Zg===", "4"}};
  for (const auto& c : kCases) {
    const auto result = base64_decode(c.text);
    ASSERT_FALSE(result) << c.text;
    EXPECT_TRUE(result.error().message.ends_with(" " + std::string(c.offset)))
        << result.error().message;
  }
}

TEST(Snappy, RoundTripsAndReusesItsBuffer) {
  std::string buffer;
  const std::string texts[] = {"", "a", std::string(100'000, 'x'), "short"};
  for (const std::string& text : texts) {
    const auto back = snappy_decode(snappy_encode(text, buffer), 1 << 20);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, text);
  }
}

TEST(Snappy, RefusesBombsAndGarbage) {
  std::string buffer;
  const std::string_view block = snappy_encode(std::string(100'000, 'x'), buffer);
  EXPECT_FALSE(snappy_decode(block, 99'999));
  EXPECT_FALSE(snappy_decode("\xff\xff\xff\xff\x0f", 1u << 31));  // promises 4 GiB in 5 bytes
  EXPECT_FALSE(snappy_decode("", 10));
  EXPECT_FALSE(snappy_decode(block.substr(0, block.size() - 1), 1 << 20));
}

}  // namespace
}  // namespace weir::codec

// SPDX-License-Identifier: Apache-2.0
#include "base/codec/gzip.h"

#include "base/codec/base64.h"

#include <gtest/gtest.h>

namespace weir::codec {
namespace {

TEST(Gzip, RoundTrips) {
  for (const std::size_t size : {0u, 1u, 1000u, 3'000'000u}) {
    const std::string text(size, 'x');
    const auto back = decompress(Compression::kGzip, gzip(text), size);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, text);
  }
}

TEST(Gzip, ReadsWhatHttpCallsDeflate) {
  const std::string raw = *base64_decode("y0jNyclXKM8vyklRBAA=");
  const std::string wrapped =
      *base64_decode("eJzLSM3JyVcozy/KSVEEAB6JBH4=");  // the same in zlib's wrapper
  EXPECT_EQ(decompress(Compression::kDeflate, raw, 100).value_or("?"), "hello world!");
  EXPECT_EQ(decompress(Compression::kDeflate, wrapped, 100).value_or("?"), "hello world!");
}

TEST(Gzip, ReadsBzip2) {
  const std::string block =
      *base64_decode("QlpoOTFBWSZTWf2ElbcAAAIRgGAABkSQgCAAMQZMQQB6IYHJbDT8XckU4UJD9hJW3A==");
  EXPECT_EQ(decompress(Compression::kBzip2, block, 100).value_or("?"), "hello world!");
}

TEST(Gzip, RefusesBombsAndTruncation) {
  const std::string bomb = gzip(std::string(10'000'000, '\0'));
  EXPECT_FALSE(decompress(Compression::kGzip, bomb, 1'000'000));
  EXPECT_FALSE(decompress(Compression::kGzip, bomb.substr(0, bomb.size() - 9), 20'000'000));
  EXPECT_FALSE(decompress(Compression::kGzip, "not gzip at all", 100));
  EXPECT_FALSE(decompress(Compression::kGzip, "", 100));
}

TEST(Decompressor, TakesPiecesAndSeveralMembers) {
  const std::string both = gzip("one ") + gzip("two");
  std::string text;
  Decompressor decompressor(Compression::kGzip);
  for (const char byte : both) {
    ASSERT_TRUE(decompressor.feed({&byte, 1}, [&](std::string_view piece) {
      text += piece;
      return true;
    }));
  }
  EXPECT_EQ(text, "one two");
  EXPECT_TRUE(decompressor.at_end());
}

}  // namespace
}  // namespace weir::codec

// SPDX-License-Identifier: Apache-2.0
#include "base/codec/md5.h"

#include "base/format.h"

#include <gtest/gtest.h>

namespace weir::codec {
namespace {

std::string md5_hex(std::string_view text) {
  std::string out;
  for (const std::uint8_t byte : md5(text)) out += format("{:02x}", byte);
  return out;
}

TEST(Md5, SumsOfTheRfc) {
  EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(
      md5_hex("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
      "57edf4a22be3c955ac49da2e2107b67a");
}

TEST(Md5, EveryLengthAroundABlock) {
  // Of 55 bytes the padding fits one block, of 56 it does not.
  EXPECT_EQ(md5_hex(std::string(55, 'a')), "ef1772b6dff9a122358552954ad0df65");
  EXPECT_EQ(md5_hex(std::string(56, 'a')), "3b0c8ac703f828b04c6c197006d17218");
  EXPECT_EQ(md5_hex(std::string(64, 'a')), "014842d480b571495a4a0363793f7367");
}

}  // namespace
}  // namespace weir::codec

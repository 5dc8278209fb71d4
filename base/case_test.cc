// SPDX-License-Identifier: Apache-2.0
#include "base/case.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Case, MapsLettersOfUnicode) {
  EXPECT_EQ(to_lower("bAr123Foo"), "bar123foo");
  EXPECT_EQ(to_upper("bAr123Foo"), "BAR123FOO");
  EXPECT_EQ(to_lower("\xc3\x89t\xc3\x89"), "\xc3\xa9t\xc3\xa9");
  EXPECT_EQ(to_upper("\xd0\xb6"), "\xd0\x96");
  EXPECT_EQ(to_upper("\xc3\x9f"), "\xc3\x9f") << "one character to one";
}

TEST(Case, LeavesOtherBytes) {
  EXPECT_EQ(to_lower("A\xff\xc3"), "a\xff\xc3");
  EXPECT_EQ(to_upper(std::string_view("a\0b", 3)), std::string_view("A\0B", 3));
}

}  // namespace
}  // namespace weir

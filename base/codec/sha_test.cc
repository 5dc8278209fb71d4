// SPDX-License-Identifier: Apache-2.0
#include "base/codec/sha.h"

#include <gtest/gtest.h>

namespace weir::codec {
namespace {

TEST(Sha, DigestsOfTheStandards) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha1_hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(sha512_hex("abc").substr(0, 32), "ddaf35a193617abacc417349ae204131");
  EXPECT_EQ(sha3_256_hex("abc"),
            "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
  EXPECT_EQ(sha3_256_hex(""), "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
}

}  // namespace
}  // namespace weir::codec

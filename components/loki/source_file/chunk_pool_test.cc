// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/chunk_pool.h"

#include <gtest/gtest.h>

namespace weir::loki {
namespace {

TEST(ChunkPool, BigChunksAreUsedAgainUntilItIsTrimmed) {
  const auto pool = std::make_shared<ChunkPool>(1u << 16);
  const char* const first = pool->take(60'000).get();
  EXPECT_EQ(pool->spare(), 1u);
  {
    const auto again = pool->take(30'000), other = pool->take(30'000);
    EXPECT_EQ(again.get(), first);
    EXPECT_NE(other.get(), first);
    EXPECT_EQ(pool->spare(), 0u);
    again[0] = other[(1u << 16) - 1] = 'x';
  }
  EXPECT_EQ(pool->spare(), 2u);
  pool->trim();
  EXPECT_EQ(pool->spare(), 0u);
}

TEST(ChunkPool, SmallAndHugeOnesAreTheHeaps) {
  const auto pool = std::make_shared<ChunkPool>(1u << 16);
  pool->take(100)[99] = 'x';
  pool->take(1u << 20)[(1u << 20) - 1] = 'x';
  EXPECT_EQ(pool->spare(), 0u);
}

TEST(ChunkPool, AChunkOutlivesItsOwner) {
  auto pool = std::make_shared<ChunkPool>(1u << 16);
  const auto chunk = pool->take(60'000);
  pool.reset();
  chunk[0] = 'x';
}

}  // namespace
}  // namespace weir::loki

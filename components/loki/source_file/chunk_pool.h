// SPDX-License-Identifier: Apache-2.0
// Memory that files are read into, used again.
//
// A chunk is filled on one thread and let go on another, a thousand times a second; the heap would
// keep the holes of each thread apart and grow to twice what lives. So big chunks are blocks of one
// size, taken from the kernel, given back when nothing is under way. Small reads come from the
// heap: a thousand quiet files must not hold a thousand blocks.

#pragma once

#include "base/mutex.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace weir::loki {

/// Threads: any. Chunks may outlive it.
class ChunkPool : public std::enable_shared_from_this<ChunkPool> {
 public:
  /// Of blocks of `block_bytes`.
  explicit ChunkPool(std::size_t block_bytes) : block_bytes_(block_bytes) {}
  ~ChunkPool() { trim(); }
  ChunkPool(const ChunkPool&) = delete;
  ChunkPool& operator=(const ChunkPool&) = delete;

  /// At least `size` bytes, of whatever content.
  std::shared_ptr<char[]> take(std::size_t size) WEIR_EXCLUDES(mutex_);
  /// Gives the kernel what is not in use.
  void trim() WEIR_EXCLUDES(mutex_);
  /// Blocks that wait to be used again.
  [[nodiscard]] std::size_t spare() const WEIR_EXCLUDES(mutex_);

 private:
  void give_back(char* block) WEIR_EXCLUDES(mutex_);

  const std::size_t block_bytes_;
  mutable Mutex mutex_;
  std::vector<char*> spare_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/chunk_pool.h"

#include <sys/mman.h>
#include <utility>

namespace weir::loki {

std::shared_ptr<char[]> ChunkPool::take(std::size_t size) {
  if (size <= block_bytes_ / 4 || size > block_bytes_)
    return std::make_shared_for_overwrite<char[]>(size);
  char* block = nullptr;
  {
    MutexLock lock(mutex_);
    if (!spare_.empty()) {
      block = spare_.back();
      spare_.pop_back();
    }
  }
  if (block == nullptr) {
    void* fresh =
        ::mmap(nullptr, block_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (fresh == MAP_FAILED) return std::make_shared_for_overwrite<char[]>(size);
    block = static_cast<char*>(fresh);
  }
  return {block, [self = shared_from_this()](char* done) { self->give_back(done); }};
}

void ChunkPool::give_back(char* block) {
  MutexLock lock(mutex_);
  spare_.push_back(block);
}

void ChunkPool::trim() {
  std::vector<char*> unused;
  {
    MutexLock lock(mutex_);
    unused.swap(spare_);
  }
  for (char* block : unused) ::munmap(block, block_bytes_);
}

std::size_t ChunkPool::spare() const {
  MutexLock lock(mutex_);
  return spare_.size();
}

}  // namespace weir::loki

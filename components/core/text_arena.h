// SPDX-License-Identifier: Apache-2.0
// TextArena: memory for text that lives and dies together.

#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace weir {

/// A bump allocator: what it hands out lives until clear() or its own end, and does not move.
/// Threads: one at a time.
class TextArena {
 public:
  /// `size` bytes to write into.
  char* allocate(std::size_t size, std::size_t alignment = 1);
  std::string_view copy(std::string_view text);
  /// Forgets all it handed out, keeps its largest block for what comes next.
  void clear();

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  std::vector<Block> blocks_;  // the last is the one in use
  std::size_t used_ = 0;
};

}  // namespace weir

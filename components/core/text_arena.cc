// SPDX-License-Identifier: Apache-2.0
#include "components/core/text_arena.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kFirstBlock = 1024;
constexpr std::size_t kLargestGrowth = 64u << 10;

}  // namespace

char* TextArena::allocate(std::size_t size, std::size_t alignment) {
  used_ = (used_ + alignment - 1) / alignment * alignment;
  if (blocks_.empty() || size > blocks_.back().size - std::min(used_, blocks_.back().size)) {
    const std::size_t grown =
        blocks_.empty() ? kFirstBlock : std::min(2 * blocks_.back().size, kLargestGrowth);
    const std::size_t wanted = std::max(grown, size);
    blocks_.push_back({std::unique_ptr<char[]>(new char[wanted]), wanted});  // not zeroed
    used_ = 0;
  }
  char* at = blocks_.back().bytes.get() + used_;
  used_ += size;
  return at;
}

std::string_view TextArena::copy(std::string_view text) {
  if (text.empty()) return {};
  char* at = allocate(text.size());
  std::memcpy(at, text.data(), text.size());
  return {at, text.size()};
}

void TextArena::clear() {
  used_ = 0;
  if (blocks_.size() < 2) return;
  const auto largest =
      std::max_element(blocks_.begin(), blocks_.end(),
                       [](const Block& a, const Block& b) { return a.size < b.size; });
  Block kept = std::move(*largest);
  blocks_.clear();
  blocks_.push_back(std::move(kept));
}

}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
#include "components/core/log_batch.h"

#include <algorithm>
#include <memory>

namespace weir {
namespace {

/// Up to this many sets are looked through one by one.
constexpr std::size_t kFewSets = 8;

/// Puts `index` where a search for `hash` begins, or after.
void put_index(std::vector<std::uint32_t>& table, std::uint64_t hash, std::uint32_t index) {
  const std::size_t mask = table.size() - 1;
  std::size_t at = hash & mask;
  while (table[at] != 0) at = (at + 1) & mask;
  table[at] = index + 1;
}

}  // namespace

LogBatch LogBatch::like() {
  LogBatch other;
  // Two batches must not write to one arena.
  if (arena_ != nullptr) held_.push_back(std::move(arena_));
  other.held_ = held_;
  other.receipt = receipt;
  other.read_at = read_at;
  return other;
}

LogBatch LogBatch::share() {
  LogBatch other = like();
  other.entries_ = entries_;
  other.label_sets_ = label_sets_;
  other.by_hash_ = by_hash_;
  return other;
}

std::size_t LogBatch::bytes() const {
  std::size_t total = 0;
  for (const Entry& entry : entries_) total += entry.bytes();
  return total;
}

std::uint32_t LogBatch::label_index(const Labels& labels) {
  const std::size_t count = label_sets_.size();
  if (count <= kFewSets) {
    for (std::size_t i = count; i-- > 0;) {
      if (label_sets_[i] == labels) return static_cast<std::uint32_t>(i);
    }
  } else {
    const std::size_t mask = by_hash_.size() - 1;
    for (std::size_t at = labels.hash() & mask; by_hash_[at] != 0; at = (at + 1) & mask) {
      if (label_sets_[by_hash_[at] - 1] == labels) return by_hash_[at] - 1;
    }
  }
  label_sets_.push_back(labels);
  if (count < kFewSets) return static_cast<std::uint32_t>(count);
  if (2 * (count + 1) > by_hash_.size()) {
    by_hash_.assign(std::max<std::size_t>(64, 2 * by_hash_.size()), 0);
    for (std::size_t i = 0; i <= count; ++i)
      put_index(by_hash_, label_sets_[i].hash(), static_cast<std::uint32_t>(i));
  } else {
    put_index(by_hash_, labels.hash(), static_cast<std::uint32_t>(count));
  }
  return static_cast<std::uint32_t>(count);
}

TextArena& LogBatch::arena() {
  if (arena_ == nullptr) arena_ = std::make_shared<TextArena>();
  return *arena_;
}

std::string_view LogBatch::text(std::string_view copied) {
  return arena().copy(copied);
}

std::span<const Label> LogBatch::metadata(std::span<const Label> labels) {
  if (labels.empty()) return {};
  auto* const at = reinterpret_cast<Label*>(arena().allocate(labels.size_bytes(), alignof(Label)));
  std::uninitialized_copy(labels.begin(), labels.end(), at);
  return {at, labels.size()};
}

}  // namespace weir

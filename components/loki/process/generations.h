// SPDX-License-Identifier: Apache-2.0
// Generations<K, V>: a map that forgets what was not used lately, so that it never grows beyond a
// bound.
//
// Two hash maps: when the young one is full, it becomes the old one and what was old is forgotten.
// What is found in the old one moves to the young. An LRU list would cost a pointer dance on each
// line.

#pragma once

#include <cstddef>
#include <unordered_map>
#include <utility>

namespace weir::loki {

/// Threads: one at a time. References are good until the next call.
template <class K, class V>
class Generations {
 public:
  explicit Generations(std::size_t most) : most_(most) {}

  /// Null if it is not known.
  V* find(const K& key) {
    if (const auto at = young_.find(key); at != young_.end()) return &at->second;
    const auto at = old_.find(key);
    if (at == old_.end()) return nullptr;
    V value = std::move(at->second);
    old_.erase(at);
    return &put(key, std::move(value));
  }
  V& put(const K& key, V value) {
    if (young_.size() >= most_) {
      old_ = std::exchange(young_, {});
      ++turns_;
    }
    return young_.insert_or_assign(key, std::move(value)).first->second;
  }
  /// How often something may have been forgotten.
  [[nodiscard]] std::size_t turns() const { return turns_; }

 private:
  std::size_t most_;
  std::size_t turns_ = 0;
  std::unordered_map<K, V> young_, old_;
};

}  // namespace weir::loki

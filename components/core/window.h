// SPDX-License-Identifier: Apache-2.0
// The window: the most bytes a source may have unsettled.
//
// A source charges a batch before it sends it and gives the bytes back when the receipt settles.
// While the window is full it does not read on. Nothing in the middle of a pipeline blocks, and the
// memory of a pipeline is the sum of its windows.

#pragma once

#include "base/mutex.h"

#include <cstddef>
#include <functional>
#include <vector>

namespace weir {

/// Full is when the limit is reached: the charge that reaches it may go beyond, so that a batch
/// larger than the window passes too. Threads: any.
class Window {
 public:
  static constexpr std::size_t kDefaultBytes = 16u << 20;
  explicit Window(std::size_t limit_bytes = kDefaultBytes) : limit_(limit_bytes) {}

  /// Takes `bytes` unless the window is full.
  bool try_charge(std::size_t bytes) WEIR_EXCLUDES(mutex_);
  /// Runs `ready` once, on the releasing thread, as soon as the window is not full (at once if it
  /// is not). Whoever else was waiting may have filled it again by then: charge, and wait again.
  void when_room(std::function<void()> ready) WEIR_EXCLUDES(mutex_);
  void release(std::size_t bytes) WEIR_EXCLUDES(mutex_);
  [[nodiscard]] std::size_t unsettled() const WEIR_EXCLUDES(mutex_);

 private:
  const std::size_t limit_;
  mutable Mutex mutex_;
  std::size_t used_ WEIR_GUARDED_BY(mutex_) = 0;
  std::vector<std::function<void()>> waiting_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
// Snapshot<T>: an immutable value that readers copy a pointer to and one writer replaces.
//
// A mutex held for one pointer copy, not std::atomic<shared_ptr>: the latter makes ThreadSanitizer
// report a race inside libstdc++ 12, and once a batch the difference cannot be measured.

#pragma once

#include "base/mutex.h"

#include <memory>
#include <utility>

namespace weir {

template <class T>
class Snapshot {
 public:
  Snapshot() = default;
  explicit Snapshot(std::shared_ptr<const T> value) : value_(std::move(value)) {}

  [[nodiscard]] std::shared_ptr<const T> get() const {
    MutexLock lock(mutex_);
    return value_;
  }
  /// Publishes `value`; the old one is freed by whoever drops it last, never under the lock.
  void set(std::shared_ptr<const T> value) {
    MutexLock lock(mutex_);
    value_.swap(value);
  }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const T> value_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir

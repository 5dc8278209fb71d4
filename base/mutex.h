// SPDX-License-Identifier: Apache-2.0
// Mutex, lock and condition with clang's thread-safety annotations.

#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define WEIR_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define WEIR_THREAD_ANNOTATION(x)
#endif

#define WEIR_GUARDED_BY(mutex) WEIR_THREAD_ANNOTATION(guarded_by(mutex))
#define WEIR_REQUIRES(...) WEIR_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define WEIR_EXCLUDES(...) WEIR_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))

namespace weir {

class WEIR_THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  void lock() WEIR_THREAD_ANNOTATION(acquire_capability()) { mutex_.lock(); }
  void unlock() WEIR_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }
  bool try_lock() WEIR_THREAD_ANNOTATION(try_acquire_capability(true)) { return mutex_.try_lock(); }

 private:
  std::mutex mutex_;
};

class WEIR_THREAD_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) WEIR_THREAD_ANNOTATION(acquire_capability(mutex))
      : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() WEIR_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

/// A condition to wait for while holding a Mutex.
class Condition {
 public:
  template <class Predicate>
  void wait(Mutex& mutex, Predicate ready) WEIR_REQUIRES(mutex) {
    condition_.wait(mutex, std::move(ready));
  }
  template <class Predicate>
  bool wait_for(Mutex& mutex, std::chrono::nanoseconds timeout, Predicate ready)
      WEIR_REQUIRES(mutex) {
    return condition_.wait_for(mutex, timeout, std::move(ready));
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable_any condition_;
};

}  // namespace weir

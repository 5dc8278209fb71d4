// SPDX-License-Identifier: Apache-2.0
// Where work runs: a small pool of worker threads with timers. The only users of Boost.Asio are
// this folder and base/net.
//
// Tasks never block: what must block asks for a thread of its own (spawn). A Strand runs its tasks
// one at a time, in order, on whichever worker is free. Strands and timers may outlive their pool:
// what is posted then is dropped.

#pragma once

#include "base/clock.h"

#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace weir::exec {

using Task = std::function<void()>;

/// A timer that is cancelled when it is dropped.
///
/// Threads: any. After cancel() returns its task will not start; called on its strand, it is not
/// running either.
class Timer {
 public:
  Timer() = default;
  Timer(Timer&&) noexcept = default;
  Timer& operator=(Timer&& other) noexcept;
  ~Timer() { cancel(); }
  void cancel();

  struct State;

 private:
  friend class Strand;
  explicit Timer(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

/// Runs tasks one at a time, in the order posted. Cheap to copy; copies are the same strand. A
/// default-constructed one drops what is posted.
/// Threads: any.
class Strand {
 public:
  void post(Task task) const;
  /// Runs `task` once after `delay`.
  [[nodiscard]] Timer after(Duration delay, Task task) const;
  /// Runs `task` every `period`, first after one period; a late run is not made up for.
  [[nodiscard]] Timer every(Duration period, Task task) const;

  struct State;

 private:
  friend class Pool;
  Timer start(Duration delay, Duration period, Task task) const;
  std::shared_ptr<State> state_;
};

/// The worker threads of a program. Stops and joins in its destructor, dropping what has not
/// started; it is not destroyed on one of its own threads.
class Pool {
 public:
  explicit Pool(unsigned threads);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  void post(Task task);
  [[nodiscard]] Strand strand();
  /// A named thread for work that blocks; joining it is the caller's (std::jthread does).
  [[nodiscard]] std::jthread spawn(std::string name, std::function<void(std::stop_token)> work);
  /// The asio::io_context, for base/exec and base/net alone. What is made on it goes before the
  /// pool.
  [[nodiscard]] void* io_context();

  struct Core;

 private:
  std::shared_ptr<Core> core_;  // strands hold it weakly: the pool alone decides when it ends
};

}  // namespace weir::exec

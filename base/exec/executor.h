// SPDX-License-Identifier: Apache-2.0
// Where work runs: a small pool of worker threads with timers. The only users of Boost.Asio are this
// folder and the HTTP server.
//
// Tasks never block: what must block asks for a thread of its own (spawn). A Strand runs its tasks one
// at a time, in order, on whichever worker is free.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/clock.h"

namespace weir::exec {

using Task = std::function<void()>;

/// A timer that is cancelled when it is dropped. After cancel() returns on its strand, its task will not start.
class Timer {
 public:
  Timer() = default;
  Timer(Timer&&) noexcept;
  Timer& operator=(Timer&&) noexcept;
  ~Timer();
  void cancel();

 private:
  friend class Strand;
  friend class Pool;
  struct State;
  std::shared_ptr<State> state_;
};

class Pool;

/// Runs tasks one at a time, in the order posted. Cheap to copy; copies are the same strand.
class Strand {
 public:
  void post(Task task) const;
  /// Runs `task` once after `delay`.
  [[nodiscard]] Timer after(Duration delay, Task task) const;
  /// Runs `task` every `period`, first after one period; a late run is not made up for.
  [[nodiscard]] Timer every(Duration period, Task task) const;

 private:
  friend class Pool;
  struct State;
  std::shared_ptr<State> state_;
};

/// The worker threads of a program. Stops and joins in its destructor, dropping what has not started.
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
  /// The asio::io_context, for base/net alone.
  [[nodiscard]] void* io_context();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::exec

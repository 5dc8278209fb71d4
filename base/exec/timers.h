// SPDX-License-Identifier: Apache-2.0
// The timers of a pool: one ordered queue behind one asio timer.
//
// Not an asio timer each: those must not outlive their io_context, and ours may.

#pragma once

#include "base/exec/executor.h"
#include "base/mutex.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <thread>
#include <vector>

namespace weir::exec {

using Instant = std::chrono::steady_clock::time_point;

/// One timer, shared by its handle and the queue it waits in.
struct Timer::State : std::enable_shared_from_this<Timer::State> {
  State(std::weak_ptr<Pool::Core> c, Strand s, Duration p, Task t)
      : core(std::move(c)),
        strand(std::move(s)),
        period(p),
        task(std::make_shared<const Task>(std::move(t))) {}
  /// Runs the task unless it was cancelled, and waits anew if it repeats. On the strand.
  void fire(Instant planned);
  void cancel() WEIR_EXCLUDES(mutex);
  /// The task, if it is still to run; a single shot gives it away.
  std::shared_ptr<const Task> take() WEIR_EXCLUDES(mutex);

  const std::weak_ptr<Pool::Core> core;
  const Strand strand;
  const Duration period;  ///< zero: once
  Instant due;            ///< its place in the queue, guarded by the queue's mutex
  Mutex mutex;
  std::shared_ptr<const Task> task WEIR_GUARDED_BY(mutex);
};

/// Posts timers to their strands when they are due. Threads: any.
class TimerQueue {
 public:
  explicit TimerQueue(boost::asio::io_context& io) : alarm_(io) {}
  ~TimerQueue();
  void add(Instant due, std::shared_ptr<Timer::State> timer) WEIR_EXCLUDES(mutex_);
  void remove(const Timer::State& timer) WEIR_EXCLUDES(mutex_);

 private:
  void arm() WEIR_REQUIRES(mutex_);
  void ring() WEIR_EXCLUDES(mutex_);

  Mutex mutex_;
  std::multimap<Instant, std::shared_ptr<Timer::State>> waiting_ WEIR_GUARDED_BY(mutex_);
  boost::asio::steady_timer alarm_ WEIR_GUARDED_BY(mutex_);
};

/// What a pool's threads run.
struct Pool::Core {
  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy{io.get_executor()};
  TimerQueue timers{io};
  std::vector<std::thread> threads;
};

}  // namespace weir::exec

// SPDX-License-Identifier: Apache-2.0
#include "base/exec/timers.h"

#include <algorithm>
#include <utility>

namespace weir::exec {

std::shared_ptr<const Task> Timer::State::take() {
  MutexLock lock(mutex);
  return period > Duration::zero() ? task : std::exchange(task, nullptr);
}

void Timer::State::fire(Instant planned) {
  const auto due_task = take();
  if (!due_task) return;
  (*due_task)();
  if (period <= Duration::zero()) return;
  const auto now = std::chrono::steady_clock::now();
  const auto missed = now > planned ? (now - planned) / period : 0;
  if (const auto alive = core.lock())
    alive->timers.add(planned + (missed + 1) * period, shared_from_this());
}

void Timer::State::cancel() {
  std::shared_ptr<const Task> dropped;  // destroyed after the lock
  {
    MutexLock lock(mutex);
    dropped = std::exchange(task, nullptr);
  }
  if (const auto alive = core.lock()) alive->timers.remove(*this);
}

TimerQueue::~TimerQueue() {
  for (auto& [due, timer] : waiting_)
    timer->cancel();  // a task may own its timer: no cycle outlives the pool
}

void TimerQueue::add(Instant due, std::shared_ptr<Timer::State> timer) {
  MutexLock lock(mutex_);
  const bool first = waiting_.empty() || due < waiting_.begin()->first;
  timer->due = due;
  waiting_.emplace(due, std::move(timer));
  if (first) arm();
}

void TimerQueue::remove(const Timer::State& timer) {
  std::shared_ptr<Timer::State> removed;  // destroyed after the lock
  MutexLock lock(mutex_);
  const auto [begin, end] = waiting_.equal_range(timer.due);
  const auto at =
      std::find_if(begin, end, [&](const auto& entry) { return entry.second.get() == &timer; });
  if (at == end) return;
  removed = std::move(at->second);
  waiting_.erase(at);
}

void TimerQueue::arm() {
  alarm_.expires_at(waiting_.begin()->first);
  alarm_.async_wait([this](const boost::system::error_code& error) {
    if (!error) ring();
  });
}

void TimerQueue::ring() {
  std::vector<std::pair<Instant, std::shared_ptr<Timer::State>>> due;
  {
    MutexLock lock(mutex_);
    const auto end = waiting_.upper_bound(std::chrono::steady_clock::now());
    for (auto at = waiting_.begin(); at != end; ++at)
      due.emplace_back(at->first, std::move(at->second));
    waiting_.erase(waiting_.begin(), end);
    if (!waiting_.empty()) arm();
  }
  for (auto& [instant, timer] : due) {
    const Strand& strand = timer->strand;
    strand.post([timer = std::move(timer), instant = instant] { timer->fire(instant); });
  }
}

}  // namespace weir::exec

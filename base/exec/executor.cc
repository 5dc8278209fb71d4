// SPDX-License-Identifier: Apache-2.0
#include "base/exec/executor.h"

#include "base/check.h"
#include "base/exec/timers.h"
#include "base/mutex.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <deque>
#include <pthread.h>
#include <utility>

namespace weir::exec {
namespace {

constexpr std::size_t kLongestTurn = 64;  // tasks a strand runs before others get the thread
constexpr std::size_t kThreadNameMax = 15;

void name_thread(const std::string& name) {
  ::pthread_setname_np(::pthread_self(), name.substr(0, kThreadNameMax).c_str());
}

}  // namespace

/// The tasks of a strand that wait, and whether a worker has been asked to run them.
struct Strand::State : std::enable_shared_from_this<Strand::State> {
  /// What is posted to the workers: runs some tasks, or drops all of them if it is destroyed unrun.
  struct Turn {
    explicit Turn(std::shared_ptr<State> s) : strand(std::move(s)) {}
    Turn(Turn&&) noexcept = default;
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (strand) strand->drop_all();
    }
    void operator()() { std::exchange(strand, nullptr)->take_turn(); }
    std::shared_ptr<State> strand;
  };

  explicit State(std::weak_ptr<Pool::Core> c) : core(std::move(c)) {}

  void post(Task task) WEIR_EXCLUDES(mutex) {
    const auto alive = core.lock();
    if (!alive) return;
    {
      MutexLock lock(mutex);
      if (dropped) return;
      waiting.push_back(std::move(task));
      if (std::exchange(scheduled, true)) return;
    }
    boost::asio::post(alive->io, Turn(shared_from_this()));
  }

  void take_turn() WEIR_EXCLUDES(mutex) {
    for (std::size_t i = 0; i < kLongestTurn; ++i) {
      Task task;
      {
        MutexLock lock(mutex);
        if (waiting.empty()) {
          scheduled = false;
          return;
        }
        task = std::move(waiting.front());
        waiting.pop_front();
      }
      task();
    }
    if (const auto alive = core.lock())
      boost::asio::post(alive->io, Turn(shared_from_this()));
    else
      drop_all();
  }

  void drop_all() WEIR_EXCLUDES(mutex) {
    std::deque<Task> unrun;  // destroyed after the lock
    MutexLock lock(mutex);
    dropped = true;
    unrun.swap(waiting);
  }

  const std::weak_ptr<Pool::Core> core;
  Mutex mutex;
  std::deque<Task> waiting WEIR_GUARDED_BY(mutex);
  bool scheduled WEIR_GUARDED_BY(mutex) = false;
  bool dropped WEIR_GUARDED_BY(mutex) = false;  ///< the pool is gone
};

void Strand::post(Task task) const {
  if (state_) state_->post(std::move(task));
}

Timer Strand::after(Duration delay, Task task) const {
  return start(delay, Duration::zero(), std::move(task));
}

Timer Strand::every(Duration period, Task task) const {
  WEIR_CHECK(period > Duration::zero(), "a repeating timer needs time between its runs");
  return start(period, period, std::move(task));
}

Timer Strand::start(Duration delay, Duration period, Task task) const {
  const auto core = state_ ? state_->core.lock() : nullptr;
  if (!core) return Timer();
  auto timer = std::make_shared<Timer::State>(state_->core, *this, period, std::move(task));
  core->timers.add(std::chrono::steady_clock::now() + delay, timer);
  return Timer(std::move(timer));
}

Timer& Timer::operator=(Timer&& other) noexcept {
  if (this != &other) {
    cancel();
    state_ = std::move(other.state_);
  }
  return *this;
}

void Timer::cancel() {
  if (const auto state = std::exchange(state_, nullptr)) state->cancel();
}

Pool::Pool(unsigned threads) : core_(std::make_shared<Core>()) {
  for (unsigned i = 0; i < std::max(threads, 1U); ++i) {
    core_->threads.emplace_back([core = core_.get(), i] {
      name_thread(format("worker-{}", i));
      core->io.run();
    });
  }
}

Pool::~Pool() {
  core_->io.stop();
  for (std::thread& thread : core_->threads) {
    WEIR_CHECK(thread.get_id() != std::this_thread::get_id(),
               "a pool is not destroyed by its own task");
    thread.join();
  }
}

void Pool::post(Task task) {
  boost::asio::post(core_->io, std::move(task));
}

Strand Pool::strand() {
  Strand strand;
  strand.state_ = std::make_shared<Strand::State>(core_);
  return strand;
}

std::jthread Pool::spawn(std::string name, std::function<void(std::stop_token)> work) {
  return std::jthread([name = std::move(name), work = std::move(work)](std::stop_token stop) {
    name_thread(name);
    work(std::move(stop));
  });
}

void* Pool::io_context() {
  return &core_->io;
}

}  // namespace weir::exec

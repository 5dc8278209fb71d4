// SPDX-License-Identifier: Apache-2.0
#include "base/exec/signals.h"

#include "base/check.h"
#include "base/mutex.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <atomic>

namespace weir::exec {

struct Signals::State : std::enable_shared_from_this<Signals::State> {
  State(boost::asio::io_context& io, Strand s, std::function<void(int)> c)
      : strand(std::move(s)), caught(std::move(c)), set(io) {}

  void wait() {
    set.async_wait([weak = weak_from_this()](const boost::system::error_code& error, int number) {
      const auto self = weak.lock();
      if (!self || error) return;
      self->strand.post([weak, number] {
        if (const auto alive = weak.lock(); alive && !alive->dropped) alive->caught(number);
      });
      MutexLock lock(self->mutex);
      if (!self->dropped) self->wait();
    });
  }

  const Strand strand;
  const std::function<void(int)> caught;
  Mutex mutex;
  std::atomic<bool> dropped{false};
  boost::asio::signal_set set;
};

Signals::Signals(Pool& pool, const Strand& strand, const std::vector<int>& numbers,
                 std::function<void(int)> caught)
    : state_(std::make_shared<State>(*static_cast<boost::asio::io_context*>(pool.io_context()),
                                     strand, std::move(caught))) {
  boost::system::error_code error;
  for (const int number : numbers) {
    state_->set.add(number, error);
    WEIR_CHECK(!error, "only signals that can be caught are asked for");
  }
  state_->wait();
}

Signals::~Signals() {
  MutexLock lock(state_->mutex);
  state_->dropped = true;
  state_->set.cancel();
}

}  // namespace weir::exec

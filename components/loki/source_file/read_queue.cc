// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/read_queue.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace weir::loki {

ReadQueue::ReadQueue(exec::Pool& pool, Clock& clock, std::shared_ptr<Flow> flow,
                     std::function<void(const std::shared_ptr<LogFile>&)> parked)
    : pool_(pool),
      clock_(clock),
      flow_(std::move(flow)),
      parked_(std::move(parked)),
      most_(std::max(1u, std::jthread::hardware_concurrency())) {}

void ReadQueue::push(const std::shared_ptr<LogFile>& file) {
  if (file->queued_.exchange(true)) return;
  MutexLock lock(mutex_);
  if (stopped_) return;
  line_.push_back(file);
  pump();
}

void ReadQueue::pump() {
  while (!stopped_ && !blocked_ && !flow_->abandoned && posted_ + running_ < most_ &&
         posted_ < line_.size()) {
    ++posted_;
    pool_.post([self = shared_from_this()] { self->take_turn(); });
  }
}

void ReadQueue::take_turn() {
  std::shared_ptr<LogFile> file;
  {
    MutexLock lock(mutex_);
    --posted_;
    if (stopped_ || blocked_ || flow_->abandoned || line_.empty()) return;
    file = std::move(line_.front());
    line_.pop_front();
    ++running_;
  }
  const LogFile::Turn turn = file->read(clock_);
  file->last_turn_ = turn;
  const bool more = turn == LogFile::Turn::kMore || turn == LogFile::Turn::kBlocked;
  if (!more) {
    if (flow_->open_files > flow_->open_limit && !file->rotated) file->close();
    file->queued_ = false;
    parked_(file);
  }
  {
    MutexLock lock(mutex_);
    --running_;
    idle_.notify_all();
    if (turn == LogFile::Turn::kBlocked) {
      blocked_ = true;
      line_.push_front(std::move(file));
    } else if (more) {
      line_.push_back(std::move(file));
    }
    pump();
  }
  if (turn == LogFile::Turn::kBlocked) wait_for_room();
}

void ReadQueue::wait_for_room() {
  flow_->window.when_room([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    MutexLock lock(self->mutex_);
    self->blocked_ = false;
    self->pump();
  });
}

void ReadQueue::resume() {
  MutexLock lock(mutex_);
  flow_->abandoned = false;
  pump();
}

void ReadQueue::stop() {
  MutexLock lock(mutex_);
  stopped_ = true;
  line_.clear();
  idle_.wait(mutex_, [this]() WEIR_REQUIRES(mutex_) { return running_ == 0; });
}

}  // namespace weir::loki

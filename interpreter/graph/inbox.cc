// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/inbox.h"

#include <utility>

namespace weir::graph {

bool Inbox::post(Task task) {
  {
    MutexLock lock(mutex_);
    if (closed_) return false;
    mail_.tasks.push_back(std::move(task));
  }
  arrived_.notify_one();
  return true;
}

void Inbox::changed(std::weak_ptr<Instance> instance) {
  {
    MutexLock lock(mutex_);
    if (closed_) return;
    mail_.changed.push_back(std::move(instance));
  }
  arrived_.notify_one();
}

void Inbox::close() {
  {
    MutexLock lock(mutex_);
    closed_ = true;
  }
  arrived_.notify_one();
}

Inbox::Mail Inbox::wait() {
  MutexLock lock(mutex_);
  arrived_.wait(mutex_,
                [this] { return closed_ || !mail_.tasks.empty() || !mail_.changed.empty(); });
  return std::exchange(mail_, {});
}

}  // namespace weir::graph

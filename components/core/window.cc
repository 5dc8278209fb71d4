// SPDX-License-Identifier: Apache-2.0
#include "components/core/window.h"

#include "base/check.h"

#include <utility>

namespace weir {

bool Window::try_charge(std::size_t bytes) {
  MutexLock lock(mutex_);
  if (used_ >= limit_) return false;
  used_ += bytes;
  return true;
}

void Window::when_room(std::function<void()> ready) {
  {
    MutexLock lock(mutex_);
    if (used_ >= limit_) {
      waiting_.push_back(std::move(ready));
      return;
    }
  }
  ready();
}

void Window::release(std::size_t bytes) {
  std::vector<std::function<void()>> ready;
  {
    MutexLock lock(mutex_);
    WEIR_CHECK(bytes <= used_, "what is released was charged");
    used_ -= bytes;
    if (used_ < limit_) ready.swap(waiting_);
  }
  for (const auto& run : ready) run();
}

std::size_t Window::unsettled() const {
  MutexLock lock(mutex_);
  return used_;
}

}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
// Signals as tasks, so that what they cause runs like everything else.

#pragma once

#include "base/exec/executor.h"

#include <functional>
#include <memory>
#include <vector>

namespace weir::exec {

/// Catches signals while it lives; a signal it catches no longer has its usual effect. Goes before
/// its pool. Threads: control. After it is dropped on the strand, `caught` is not called.
class Signals {
 public:
  /// Posts `caught(number)` to `strand` for each of `numbers` that arrives.
  Signals(Pool& pool, const Strand& strand, const std::vector<int>& numbers,
          std::function<void(int number)> caught);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace weir::exec

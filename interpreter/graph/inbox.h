// SPDX-License-Identifier: Apache-2.0
// What other threads have to tell the control thread: work to do, and nodes that have something
// new.

#pragma once

#include "base/mutex.h"

#include <functional>
#include <memory>
#include <vector>

namespace weir::graph {

class Instance;

/// Threads: any may post; one waits.
class Inbox {
 public:
  using Task = std::function<void()>;
  struct Mail {
    std::vector<Task> tasks;                       ///< in the order posted
    std::vector<std::weak_ptr<Instance>> changed;  ///< told since the last time
  };

  /// False once it is closed: the task will not run.
  bool post(Task task);
  void changed(std::weak_ptr<Instance> instance);
  void close();
  /// Waits for mail. Empty once it is closed and everything was handed out.
  Mail wait();

 private:
  Mutex mutex_;
  Condition arrived_;
  Mail mail_ WEIR_GUARDED_BY(mutex_);
  bool closed_ WEIR_GUARDED_BY(mutex_) = false;
};

}  // namespace weir::graph

// SPDX-License-Identifier: Apache-2.0
// Which file is read next: files with something to read wait in one line, workers take a turn each
// from its head.
//
// A file whose turn left something to read goes to the tail, so a huge file does not hold up small
// ones, and no more files are read at once than there are processors. While the window is full the
// whole line waits.

#pragma once

#include "base/clock.h"
#include "base/exec/executor.h"
#include "base/mutex.h"
#include "components/loki/source_file/log_file.h"

#include <atomic>
#include <deque>
#include <functional>
#include <memory>

namespace weir::loki {

/// Threads: any.
class ReadQueue : public std::enable_shared_from_this<ReadQueue> {
 public:
  /// `parked` hears of files whose turns are over, on a worker.
  ReadQueue(exec::Pool& pool, Clock& clock, std::shared_ptr<Flow> flow,
            std::function<void(const std::shared_ptr<LogFile>&)> parked);

  /// Puts a parked file in line; a file in line stays where it is.
  void push(const std::shared_ptr<LogFile>& file) WEIR_EXCLUDES(mutex_);
  /// After an abandoned receipt nothing is read until this is called: who abandoned one may abandon
  /// the next.
  void resume() WEIR_EXCLUDES(mutex_);
  /// Ends: files in line are forgotten. After it returns no turn runs.
  void stop() WEIR_EXCLUDES(mutex_);

 private:
  void take_turn() WEIR_EXCLUDES(mutex_);
  void pump() WEIR_REQUIRES(mutex_);
  void wait_for_room() WEIR_EXCLUDES(mutex_);

  exec::Pool& pool_;
  Clock& clock_;
  const std::shared_ptr<Flow> flow_;
  const std::function<void(const std::shared_ptr<LogFile>&)> parked_;
  const unsigned most_;

  Mutex mutex_;
  Condition idle_;
  std::deque<std::shared_ptr<LogFile>> line_ WEIR_GUARDED_BY(mutex_);
  unsigned posted_ WEIR_GUARDED_BY(mutex_) = 0;   // tasks that will take a turn
  unsigned running_ WEIR_GUARDED_BY(mutex_) = 0;  // tasks that are taking one
  bool blocked_ WEIR_GUARDED_BY(mutex_) = false;
  bool stopped_ WEIR_GUARDED_BY(mutex_) = false;
};

}  // namespace weir::loki

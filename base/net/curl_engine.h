// SPDX-License-Identifier: Apache-2.0
// The thread that moves the bytes of all requests.

#pragma once

#include "base/mutex.h"
#include "base/net/transfer.h"

#include <memory>
#include <thread>
#include <vector>

namespace weir::net {

class CurlEngine {
 public:
  /// The program's engine, started for its first user and ended by its last, which is never the
  /// engine's own thread.
  static std::shared_ptr<CurlEngine> shared();
  ~CurlEngine();

  void start(std::shared_ptr<Transfer> transfer) WEIR_EXCLUDES(mutex_);
  /// Ends a transfer without an answer.
  void cancel(std::shared_ptr<Transfer> transfer) WEIR_EXCLUDES(mutex_);

 private:
  CurlEngine();
  void run(const std::stop_token& stop);
  void take_orders() WEIR_EXCLUDES(mutex_);
  void finish(CURL* easy, CURLcode code);

  CURLM* multi_;
  Mutex mutex_;
  std::vector<std::shared_ptr<Transfer>> starting_ WEIR_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<Transfer>> cancelling_ WEIR_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<Transfer>> running_;  ///< the thread's own
  std::jthread thread_;
};

}  // namespace weir::net

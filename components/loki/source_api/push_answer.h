// SPDX-License-Identifier: Apache-2.0
// The answers of pushes, which wait for their receipts: what they say, and who sees to it that each
// is given.

#pragma once

#include "base/exec/executor.h"
#include "base/mutex.h"
#include "base/net/http_server.h"
#include "components/core/receipt.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weir::loki {

net::ServerResponse plain(int status, std::string body = {});
/// "Not now": the client keeps its data and comes again.
net::ServerResponse try_again(int status, std::string body);
/// How an answer tells what became of a push. `complaint` is what was wrong with a part of it.
net::ServerResponse answer_of(const Outcome& outcome, const std::string& complaint);

/// The one answer of a request, given by whoever is first: the receipt, the timeout or the end.
/// Threads: any.
class PendingAnswer {
 public:
  explicit PendingAnswer(std::function<void(net::ServerResponse)> send) : send_(std::move(send)) {}
  void give(net::ServerResponse response) WEIR_EXCLUDES(mutex_);
  /// Keeps what will give the answer in the end.
  void keep(exec::Timer timer) WEIR_EXCLUDES(mutex_);

 private:
  Mutex mutex_;
  std::function<void(net::ServerResponse)> send_ WEIR_GUARDED_BY(mutex_);
  exec::Timer timer_ WEIR_GUARDED_BY(mutex_);
};

/// The answers that wait, so that an end need not wait for them. Threads: any.
class WaitingAnswers {
 public:
  /// False: its client is to be sent away, nobody is to be given what it pushed.
  [[nodiscard]] bool add(const std::shared_ptr<PendingAnswer>& answer) WEIR_EXCLUDES(mutex_);
  /// Sends all clients away, and at once those that come from here on.
  void send_away() WEIR_EXCLUDES(mutex_);
  /// Lets them wait again.
  void welcome() WEIR_EXCLUDES(mutex_);

 private:
  Mutex mutex_;
  std::vector<std::weak_ptr<PendingAnswer>> waiting_ WEIR_GUARDED_BY(mutex_);
  std::size_t look_at_ WEIR_GUARDED_BY(mutex_) = 64;  ///< when so many may hold some long given
  bool away_ WEIR_GUARDED_BY(mutex_) = false;
};

}  // namespace weir::loki

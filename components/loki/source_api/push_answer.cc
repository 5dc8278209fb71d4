// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_api/push_answer.h"

#include <algorithm>
#include <utility>

namespace weir::loki {
namespace {

net::ServerResponse sent_away() {
  return try_again(503, "ending before it was delivered");
}

net::ServerResponse refusal(const Outcome& outcome) {
  if (outcome.status < 400) return try_again(503, "no destination could be reached");
  std::string body = "refused by a destination";
  if (!outcome.reason.empty()) body += ": " + outcome.reason;
  const bool may_pass = outcome.status == 429 || outcome.status >= 500;
  return may_pass ? try_again(outcome.status, std::move(body))
                  : plain(outcome.status, std::move(body));
}

}  // namespace

net::ServerResponse plain(int status, std::string body) {
  net::ServerResponse response;
  response.status = status;
  if (!body.empty()) response.body = std::move(body) + "\n";
  return response;
}

net::ServerResponse try_again(int status, std::string body) {
  net::ServerResponse response = plain(status, std::move(body));
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

net::ServerResponse answer_of(const Outcome& outcome, const std::string& complaint) {
  switch (outcome.verdict) {
    case Verdict::kDelivered: return complaint.empty() ? plain(204) : plain(400, complaint);
    case Verdict::kRejected: return refusal(outcome);
    case Verdict::kAbandoned: return sent_away();
  }
  return plain(500);
}

void PendingAnswer::give(net::ServerResponse response) {
  std::function<void(net::ServerResponse)> send;
  exec::Timer timer;
  {
    MutexLock lock(mutex_);
    send.swap(send_);
    timer = std::move(timer_);
  }
  if (send) send(std::move(response));
}

void PendingAnswer::keep(exec::Timer timer) {
  MutexLock lock(mutex_);
  if (send_) timer_ = std::move(timer);
}

bool WaitingAnswers::add(const std::shared_ptr<PendingAnswer>& answer) {
  MutexLock lock(mutex_);
  if (away_) return false;
  if (waiting_.size() >= look_at_) {
    std::erase_if(waiting_, [](const auto& one) { return one.expired(); });
    look_at_ = std::max(look_at_, 2 * waiting_.size());
  }
  waiting_.push_back(answer);
  return true;
}

void WaitingAnswers::send_away() {
  std::vector<std::weak_ptr<PendingAnswer>> waiting;
  {
    MutexLock lock(mutex_);
    away_ = true;
    waiting.swap(waiting_);
  }
  for (const auto& one : waiting) {
    if (const auto answer = one.lock()) answer->give(sent_away());
  }
}

void WaitingAnswers::welcome() {
  MutexLock lock(mutex_);
  away_ = false;
}

}  // namespace weir::loki

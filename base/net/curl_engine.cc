// SPDX-License-Identifier: Apache-2.0
#include "base/net/curl_engine.h"

#include <algorithm>
#include <pthread.h>
#include <utility>

namespace weir::net {
namespace {

constexpr int kPollMs = 1000;
constexpr long kMaxIdleConnections = 256;

Error error_of(CURLcode code, const Transfer& transfer) {
  if (transfer.too_large)
    return make_error(Code::kUnavailable, "response larger than the {} bytes allowed",
                      transfer.max_response_bytes);
  const std::string text = transfer.error[0] != '\0' ? transfer.error : curl_easy_strerror(code);
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE: return {Code::kInvalid, text};
    default: return {Code::kUnavailable, text};
  }
}

}  // namespace

std::shared_ptr<CurlEngine> CurlEngine::shared() {
  static Mutex mutex;
  static std::weak_ptr<CurlEngine> current;
  MutexLock lock(mutex);
  std::shared_ptr<CurlEngine> engine = current.lock();
  if (engine == nullptr) {
    engine.reset(new CurlEngine());
    current = engine;
  }
  return engine;
}

CurlEngine::CurlEngine() {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  WEIR_CHECK(kReady == CURLE_OK, "libcurl starts unless memory is out");
  multi_ = curl_multi_init();
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kMaxIdleConnections);
  thread_ = std::jthread([this](const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), "weir-http");
    run(stop);
  });
}

CurlEngine::~CurlEngine() {
  thread_.request_stop();
  curl_multi_wakeup(multi_);
  thread_.join();
  take_orders();
  for (const auto& transfer : running_) {
    curl_multi_remove_handle(multi_, transfer->easy);
    transfer->done = nullptr;
  }
  running_.clear();
  curl_multi_cleanup(multi_);
}

void CurlEngine::start(std::shared_ptr<Transfer> transfer) {
  {
    MutexLock lock(mutex_);
    starting_.push_back(std::move(transfer));
  }
  curl_multi_wakeup(multi_);
}

void CurlEngine::cancel(std::shared_ptr<Transfer> transfer) {
  {
    MutexLock lock(mutex_);
    cancelling_.push_back(std::move(transfer));
  }
  curl_multi_wakeup(multi_);
}

void CurlEngine::take_orders() {
  std::vector<std::shared_ptr<Transfer>> starting;
  std::vector<std::shared_ptr<Transfer>> cancelling;
  {
    MutexLock lock(mutex_);
    starting.swap(starting_);
    cancelling.swap(cancelling_);
  }
  for (auto& transfer : starting) {
    curl_multi_add_handle(multi_, transfer->easy);
    running_.push_back(std::move(transfer));
  }
  for (const auto& transfer : cancelling) {
    if (std::erase(running_, transfer) > 0) curl_multi_remove_handle(multi_, transfer->easy);
    transfer->done = nullptr;
  }
}

void CurlEngine::finish(CURL* easy, CURLcode code) {
  const auto at = std::find_if(running_.begin(), running_.end(),
                               [&](const auto& transfer) { return transfer->easy == easy; });
  if (at == running_.end()) return;
  const std::shared_ptr<Transfer> transfer = std::move(*at);
  running_.erase(at);
  curl_multi_remove_handle(multi_, easy);
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  transfer->response.status = static_cast<int>(status);
  // It owns the call that owns the transfer.
  const auto done = std::exchange(transfer->done, nullptr);
  if (done == nullptr) return;
  if (code == CURLE_OK)
    done(std::move(transfer->response));
  else
    done(error_of(code, *transfer));
}

void CurlEngine::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    take_orders();
    int active = 0;
    curl_multi_perform(multi_, &active);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result);
    }
    curl_multi_poll(multi_, nullptr, 0, kPollMs, nullptr);
  }
}

}  // namespace weir::net

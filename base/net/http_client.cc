// SPDX-License-Identifier: Apache-2.0
// Credentials are found out first: a file is read, a token is fetched, and only then the request
// goes.

#include "base/net/http_client.h"

#include "base/codec/base64.h"
#include "base/net/curl_engine.h"
#include "base/net/oauth2.h"

#include <atomic>
#include <future>
#include <strings.h>

namespace weir::net {
std::string_view HttpResponse::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key.size() == name.size() && ::strncasecmp(key.data(), name.data(), name.size()) == 0)
      return value;
  }
  return {};
}

struct HttpClient::State {
  HttpClientConfig config;
  std::shared_ptr<CurlEngine> engine;
  std::unique_ptr<TokenSource> tokens;
};

struct HttpCall::State {
  std::atomic<bool> cancelled = false;
  std::shared_ptr<CurlEngine> engine;
  Mutex mutex;
  std::shared_ptr<Transfer> transfer WEIR_GUARDED_BY(mutex);
};

HttpCall& HttpCall::operator=(HttpCall&& other) noexcept {
  if (this != &other) {
    cancel();
    state_ = std::move(other.state_);
  }
  return *this;
}

void HttpCall::cancel() {
  const std::shared_ptr<State> state = std::move(state_);
  if (state == nullptr || state->cancelled.exchange(true)) return;
  std::shared_ptr<Transfer> transfer;
  {
    MutexLock lock(state->mutex);
    transfer = std::move(state->transfer);
  }
  if (transfer != nullptr) state->engine->cancel(std::move(transfer));
}

HttpClient::HttpClient(HttpClientConfig config) : state_(std::make_shared<State>()) {
  state_->config = std::move(config);
  state_->engine = CurlEngine::shared();
  if (state_->config.oauth2) state_->tokens = std::make_unique<TokenSource>(*state_->config.oauth2);
}

HttpClient::~HttpClient() = default;

namespace {

using Authorized = std::function<void(Result<std::string>)>;

/// Finds out the Authorization header: at once, or when a token has come.
void authorize(const std::shared_ptr<HttpClient::State>& state, const Authorized& then) {
  const HttpClientConfig& config = state->config;
  if (config.basic) {
    const auto password = read_credential(config.basic->password);
    if (!password) return then(password.error().within("basic_auth"));
    return then("Basic " + codec::base64_encode(config.basic->username + ":" + *password));
  }
  if (config.authorization) {
    const auto credentials = read_credential(config.authorization->credentials);
    if (!credentials) return then(credentials.error().within("authorization"));
    return then(config.authorization->type + " " + *credentials);
  }
  if (state->tokens == nullptr) return then(std::string());
  state->tokens->get(then);
}

}  // namespace

HttpCall HttpClient::send(HttpRequest request, const exec::Strand& strand, Answer answer) {
  auto call = std::make_shared<HttpCall::State>();
  call->engine = state_->engine;
  const auto deliver = [call, strand, answer = std::move(answer)](Result<HttpResponse> result) {
    strand.post([call, answer, result = std::move(result)]() mutable {
      {
        MutexLock lock(call->mutex);
        call->transfer = nullptr;
      }
      if (!call->cancelled.exchange(true)) answer(std::move(result));
    });
  };
  authorize(state_, [state = state_, call, deliver,
                     request = std::move(request)](Result<std::string> authorization) {
    if (call->cancelled) return;
    if (!authorization) return deliver(authorization.error());
    auto transfer = make_transfer(state->config, request, *authorization);
    if (!transfer) return deliver(transfer.error());
    (*transfer)->done = [state, deliver](Result<HttpResponse> result) {
      if (state->tokens && result && result->status == 401) state->tokens->forget();
      deliver(std::move(result));
    };
    {
      MutexLock lock(call->mutex);
      call->transfer = *transfer;
    }
    if (!call->cancelled) state->engine->start(std::move(*transfer));
  });
  return HttpCall(call);
}

Result<HttpResponse> HttpClient::fetch(HttpRequest request) {
  exec::Pool pool(1);
  std::promise<Result<HttpResponse>> answered;
  const HttpCall call = send(std::move(request), pool.strand(), [&](Result<HttpResponse> result) {
    answered.set_value(std::move(result));
  });
  return answered.get_future().get();  // the request's timeout bounds the wait
}

}  // namespace weir::net

// SPDX-License-Identifier: Apache-2.0
// Credentials are found out first: a file is read, a token is fetched, and only then the request
// goes.

#include "base/net/http_client.h"

#include "base/codec/base64.h"
#include "base/net/curl_engine.h"
#include "base/net/oauth2.h"

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

// What runs on the engine's thread must never own the engine, or it would end by joining itself:
// clients and calls own it, callbacks use it by reference. They run while send() does, or on the
// engine's own thread.
struct HttpClient::State {
  HttpClientConfig config;
  std::shared_ptr<TokenSource> tokens;
};

struct HttpCall::State {
  explicit State(HttpClient::Answer a) : answer(std::move(a)) {}
  bool wants_answer() {
    MutexLock lock(mutex);
    return answer != nullptr;
  }

  Mutex mutex;
  /// Until it is given or cancelled. Here and nowhere else, so that what it owns, maybe a client,
  /// is never freed on the engine's thread.
  HttpClient::Answer answer WEIR_GUARDED_BY(mutex);
  std::shared_ptr<Transfer> transfer WEIR_GUARDED_BY(mutex);
};

HttpCall& HttpCall::operator=(HttpCall&& other) noexcept {
  if (this != &other) {
    cancel();
    state_ = std::move(other.state_);
    engine_ = std::move(other.engine_);
  }
  return *this;
}

void HttpCall::cancel() {
  const std::shared_ptr<State> state = std::move(state_);
  const std::shared_ptr<CurlEngine> engine = std::move(engine_);
  if (state == nullptr) return;
  HttpClient::Answer unused;
  std::shared_ptr<Transfer> transfer;
  {
    MutexLock lock(state->mutex);
    unused.swap(state->answer);
    transfer.swap(state->transfer);
  }
  if (transfer != nullptr) engine->cancel(std::move(transfer));
}

HttpClient::HttpClient(HttpClientConfig config)
    : engine_(CurlEngine::shared()), state_(std::make_shared<State>()) {
  state_->config = std::move(config);
  if (state_->config.oauth2)
    state_->tokens = std::make_shared<TokenSource>(*state_->config.oauth2, *engine_);
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
  auto call = std::make_shared<HttpCall::State>(std::move(answer));
  const auto deliver = [call, strand](Result<HttpResponse> result) {
    strand.post([call, result = std::move(result)]() mutable {
      Answer wanted;
      {
        MutexLock lock(call->mutex);
        wanted.swap(call->answer);
        call->transfer = nullptr;
      }
      if (wanted) wanted(std::move(result));
    });
  };
  authorize(state_, [state = state_, engine = engine_.get(), call, deliver,
                     request = std::move(request)](Result<std::string> authorization) {
    if (!call->wants_answer()) return;
    if (!authorization) return deliver(authorization.error());
    auto transfer = make_transfer(state->config, request, *authorization);
    if (!transfer) return deliver(transfer.error());
    (*transfer)->done = [tokens = state->tokens, deliver](Result<HttpResponse> result) {
      if (tokens && result && result->status == 401) tokens->forget();
      deliver(std::move(result));
    };
    {
      MutexLock lock(call->mutex);
      if (call->answer == nullptr) return;
      call->transfer = *transfer;
    }
    engine->start(std::move(*transfer));
  });
  return HttpCall(call, engine_);
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

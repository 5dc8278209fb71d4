// SPDX-License-Identifier: Apache-2.0
// Credentials are found out first: a file is read, a token is fetched, and only then the request
// goes. Redirects are followed here and not by libcurl, which cannot tell a secret header from
// another.

#include "base/net/http_client.h"

#include "base/codec/base64.h"
#include "base/net/curl_engine.h"
#include "base/net/oauth2.h"

#include <algorithm>
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

constexpr int kMaxRedirects = 10;

/// Credentials stay with the host they are for, and with TLS if that is where they began.
bool may_hear_secrets(const Url& from, const Url& to) {
  return from.host == to.host && (from.scheme == to.scheme || to.scheme == "https");
}

/// One request and those it is redirected to.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(std::shared_ptr<HttpClient::State> client, CurlEngine& engine,
           std::shared_ptr<HttpCall::State> call, exec::Strand strand, HttpRequest request)
      : client_(std::move(client)),
        engine_(engine),
        call_(std::move(call)),
        strand_(std::move(strand)),
        request_(std::move(request)),
        deadline_(Clock::system().steady() + request_.timeout) {}

  /// Finds out the Authorization header, at once or when a token has come, and goes.
  void begin() {
    const HttpClientConfig& config = client_->config;
    if (config.basic) {
      const auto password = read_credential(config.basic->password);
      if (!password) return deliver(password.error().within("basic_auth"));
      return go("Basic " + codec::base64_encode(config.basic->username + ":" + *password));
    }
    if (config.authorization) {
      const auto credentials = read_credential(config.authorization->credentials);
      if (!credentials) return deliver(credentials.error().within("authorization"));
      return go(config.authorization->type + " " + *credentials);
    }
    if (client_->tokens == nullptr) return go({});
    client_->tokens->get([self = shared_from_this()](Result<std::string> token) {
      if (token)
        self->go(*std::move(token));
      else
        self->deliver(token.error());
    });
  }

 private:
  void go(std::string authorization) {
    authorization_ = std::move(authorization);
    auto transfer = make_transfer(client_->config, request_, authorization_, trusted_);
    if (!transfer) return deliver(transfer.error());
    (*transfer)->done = [self = shared_from_this()](Result<HttpResponse> result) {
      self->came(std::move(result));
    };
    {
      MutexLock lock(call_->mutex);
      if (call_->answer == nullptr) return;
      call_->transfer = *transfer;
    }
    engine_.start(*std::move(transfer));
  }

  void came(Result<HttpResponse> result) {
    if (client_->tokens && result && result->status == 401) client_->tokens->forget();
    if (!result || !client_->config.follow_redirects || !is_redirect(*result))
      return deliver(std::move(result));
    if (++redirects_ > kMaxRedirects)
      return deliver(make_error(Code::kUnavailable, "more than {} redirects", kMaxRedirects));
    if (const Status moved = move_to(*result); !moved)
      return deliver(moved.error().within("redirect"));
    go(trusted_ ? authorization_ : std::string());
  }

  static bool is_redirect(const HttpResponse& response) {
    constexpr int kRedirects[] = {301, 302, 303, 307, 308};
    const bool listed = std::find(std::begin(kRedirects), std::end(kRedirects), response.status) !=
                        std::end(kRedirects);
    return listed && !response.header("Location").empty();
  }

  /// Makes the request the one that `response` points to.
  Status move_to(const HttpResponse& response) {
    WEIR_TRY(const Url from, parse_url(request_.url));
    WEIR_TRY(request_.url, join_url(request_.url, response.header("Location")));
    WEIR_TRY(const Url to, parse_url(request_.url));
    trusted_ = trusted_ && may_hear_secrets(from, to);
    if (response.status == 303 && request_.method != "HEAD") {
      request_.method = "GET";
      request_.body = nullptr;
    }
    request_.timeout = deadline_ - Clock::system().steady();
    if (request_.timeout <= Duration::zero()) return make_error(Code::kUnavailable, "timed out");
    return {};
  }

  void deliver(Result<HttpResponse> result) {
    strand_.post([call = call_, result = std::move(result)]() mutable {
      HttpClient::Answer wanted;
      {
        MutexLock lock(call->mutex);
        wanted.swap(call->answer);
        call->transfer = nullptr;
      }
      if (wanted) wanted(std::move(result));
    });
  }

  const std::shared_ptr<HttpClient::State> client_;
  CurlEngine& engine_;
  const std::shared_ptr<HttpCall::State> call_;
  const exec::Strand strand_;
  HttpRequest request_;
  const Duration deadline_;
  std::string authorization_;
  bool trusted_ = true;  ///< still where the credentials are for
  int redirects_ = 0;
};

}  // namespace

HttpCall HttpClient::send(HttpRequest request, const exec::Strand& strand, Answer answer) {
  auto call = std::make_shared<HttpCall::State>(std::move(answer));
  std::make_shared<Exchange>(state_, *engine_, call, strand, std::move(request))->begin();
  return HttpCall(std::move(call), engine_);
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

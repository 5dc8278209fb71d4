// SPDX-License-Identifier: Apache-2.0
#include "base/net/oauth2.h"

#include "base/clock.h"
#include "base/codec/base64.h"
#include "base/codec/json.h"
#include "base/fs.h"
#include "base/net/curl_engine.h"

#include <cctype>

namespace weir::net {
namespace {

constexpr std::size_t kMaxCredential = 1u << 20;
constexpr std::size_t kMaxAnswer = 1u << 20;
constexpr std::chrono::seconds kMargin(10);        // a token is not used in its last seconds
constexpr std::chrono::seconds kDefaultLife(300);  // of a token that does not say

/// A token and until when it may be used.
struct Token {
  std::string header;
  Duration until{};
};

Result<Token> read_answer(const Result<HttpResponse>& answer) {
  if (!answer) return answer.error();
  if (answer->status / 100 != 2) {
    return make_error(Code::kUnavailable, "token server answered {}: {}", answer->status,
                      answer->body.substr(0, 200));
  }
  WEIR_TRY(const codec::JsonValue document, codec::parse_json(answer->body));
  const codec::JsonValue* token = document.find("access_token");
  if (token == nullptr || token->as_string() == nullptr)
    return make_error(Code::kUnavailable, "token server answered without an access_token");
  std::string type = "Bearer";
  if (const auto* given = document.find("token_type");
      given != nullptr && given->as_string() != nullptr && *given->as_string() != "bearer") {
    type = *given->as_string();
  }
  Duration life = kDefaultLife;
  if (const auto* seconds = document.find("expires_in");
      seconds != nullptr && seconds->number() > 0 && seconds->number() < 1e9) {
    life = std::chrono::seconds(static_cast<std::int64_t>(seconds->number()));
  }
  return Token{type + " " + *token->as_string(), Clock::system().steady() + life - kMargin};
}

}  // namespace

Result<std::string> read_credential(const Credential& credential) {
  if (credential.file.empty()) return credential.text;
  WEIR_TRY(std::string text, fs::read_file(credential.file, kMaxCredential));
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0)
    text.pop_back();
  return text;
}

struct TokenSource::State : std::enable_shared_from_this<TokenSource::State> {
  State(OAuth2 s, CurlEngine& e) : settings(std::move(s)), engine(e) {}
  void request() WEIR_EXCLUDES(mutex);
  void answered(const Result<Token>& result) WEIR_EXCLUDES(mutex);

  const OAuth2 settings;
  CurlEngine& engine;
  Mutex mutex;
  Token token WEIR_GUARDED_BY(mutex);
  std::vector<Use> waiting WEIR_GUARDED_BY(mutex);
};

TokenSource::TokenSource(OAuth2 settings, CurlEngine& engine)
    : state_(std::make_shared<State>(std::move(settings), engine)) {}

void TokenSource::get(Use use) {
  std::string header;
  bool first = false;
  {
    MutexLock lock(state_->mutex);
    if (Clock::system().steady() < state_->token.until) {
      header = state_->token.header;
    } else {
      first = state_->waiting.empty();
      state_->waiting.push_back(use);
    }
  }
  if (!header.empty())
    use(header);
  else if (first)
    state_->request();
}

void TokenSource::forget() {
  MutexLock lock(state_->mutex);
  state_->token = {};
}

void TokenSource::State::request() {
  const auto secret = read_credential(settings.client_secret);
  if (!secret) return answered(secret.error());
  std::string form = "grant_type=client_credentials";
  std::string scopes;
  for (const std::string& scope : settings.scopes) scopes += (scopes.empty() ? "" : " ") + scope;
  if (!scopes.empty()) form += "&scope=" + url_escape(scopes);
  for (const auto& [name, value] : settings.endpoint_params)
    form += "&" + url_escape(name) + "=" + url_escape(value);
  HttpRequest request;
  request.method = "POST";
  request.url = settings.token_url;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = std::make_shared<const std::string>(std::move(form));
  request.max_response_bytes = kMaxAnswer;
  HttpClientConfig config;
  config.tls = settings.tls;
  config.proxy = settings.proxy;
  const std::string basic =
      "Basic " + codec::base64_encode(url_escape(settings.client_id) + ":" + url_escape(*secret));
  auto transfer = make_transfer(config, request, basic, true);
  if (!transfer) return answered(transfer.error());
  (*transfer)->done = [self = shared_from_this()](const Result<HttpResponse>& answer) {
    self->answered(read_answer(answer));
  };
  engine.start(std::move(*transfer));
}

void TokenSource::State::answered(const Result<Token>& result) {
  std::vector<Use> uses;
  {
    MutexLock lock(mutex);
    if (result) token = *result;
    uses.swap(waiting);
  }
  for (const Use& use : uses) {
    if (result)
      use(result->header);
    else
      use(result.error().within("oauth2"));
  }
}

}  // namespace weir::net

// SPDX-License-Identifier: Apache-2.0
// An HTTP client on libcurl's multi interface: one thread moves the bytes of all requests of the
// program, connections are kept and shared, answers arrive on a strand of the caller's choice.

#pragma once

#include "base/exec/executor.h"
#include "base/net/client_config.h"
#include "base/net/url.h"
#include "base/result.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace weir::net {

class CurlEngine;

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  Headers headers;
  std::shared_ptr<const std::string> body;  ///< null: none; shared, so that a retry copies nothing
  Duration timeout = std::chrono::seconds(30);
  std::size_t max_response_bytes = 16u << 20;
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;
  /// The first header of that name in any case, or "".
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// A request under way, cancelled when it is dropped. Threads: the strand it answers on.
class HttpCall {
 public:
  HttpCall() = default;
  HttpCall(HttpCall&&) noexcept = default;
  HttpCall& operator=(HttpCall&& other) noexcept;
  ~HttpCall() { cancel(); }
  /// After it returns, on the strand, the answer will not be delivered.
  void cancel();

  struct State;

 private:
  friend class HttpClient;
  HttpCall(std::shared_ptr<State> state, std::shared_ptr<CurlEngine> engine)
      : state_(std::move(state)), engine_(std::move(engine)) {}
  std::shared_ptr<State> state_;
  std::shared_ptr<CurlEngine> engine_;
};

/// Sends requests as one configuration says. Cheap to make; clients share the thread and the
/// connections. Threads: any.
///
/// Errors of an answer: kUnavailable if no response came that is within its bound (refused, reset,
/// timeout, TLS); kInvalid, or kNotFound, if none could be asked for: a wrong URL, credentials or
/// TLS material that cannot be read; a response of any status is a value.
class HttpClient {
 public:
  using Answer = std::function<void(Result<HttpResponse>)>;
  explicit HttpClient(HttpClientConfig config);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Calls `answer` once, on `strand`, unless the call is cancelled.
  [[nodiscard]] HttpCall send(HttpRequest request, const exec::Strand& strand, Answer answer);
  /// Waits for the answer: for the control thread and for tests, never on a worker.
  Result<HttpResponse> fetch(HttpRequest request);

  struct State;

 private:
  std::shared_ptr<CurlEngine> engine_;
  std::shared_ptr<State> state_;
};

}  // namespace weir::net

// SPDX-License-Identifier: Apache-2.0
// One request as libcurl sees it.

#pragma once

#include "base/net/http_client.h"

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <string>

namespace weir::net {

/// Made by whoever asks, then touched by the engine's thread alone.
struct Transfer {
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;
  curl_slist* proxy_headers = nullptr;
  curl_slist* connect_to = nullptr;
  std::shared_ptr<const std::string> body;
  std::size_t max_response_bytes = 0;
  bool too_large = false;
  HttpResponse response;
  char error[CURL_ERROR_SIZE] = {};
  std::function<void(Result<HttpResponse>)> done;  ///< called on the engine's thread: must be quick

  ~Transfer();
};

/// `authorization` is the header's value, or empty; the configuration's own headers, which may be
/// secrets too, go only to who is `trusted`. Redirects are not followed.
/// Errors: kInvalid for a wrong URL or header.
Result<std::shared_ptr<Transfer>> make_transfer(const HttpClientConfig& config,
                                                const HttpRequest& request,
                                                const std::string& authorization, bool trusted);

}  // namespace weir::net

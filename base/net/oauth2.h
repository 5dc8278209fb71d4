// SPDX-License-Identifier: Apache-2.0
// Tokens of OAuth 2.0's client credentials grant, and credentials in files; used by http_client.cc
// alone.

#pragma once

#include "base/mutex.h"
#include "base/net/http_client.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weir::net {

/// The text, or what the file holds now, without trailing white space.
Result<std::string> read_credential(const Credential& credential);

/// Keeps one token; many who ask while it is fetched wait for the one request. Threads: any.
class TokenSource {
 public:
  using Use = std::function<void(Result<std::string>)>;
  /// `engine` lives as long as get() may be called.
  TokenSource(OAuth2 settings, CurlEngine& engine);
  /// Gives "TYPE TOKEN" to `use`, at once or when it has come.
  void get(Use use);
  /// The server refused it: fetch a new one next time.
  void forget();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace weir::net

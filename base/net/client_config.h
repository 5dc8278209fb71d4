// SPDX-License-Identifier: Apache-2.0
// How a client reaches servers: who it says it is, whom it trusts, by which way. The field's common
// HTTP client settings as plain data; interpreter/catalog/http_client_args.h is their face in the
// language.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::net {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// PEM texts or paths of PEM files; a file is read again for each new connection.
struct ClientTls {
  std::string ca_pem, ca_file;
  std::string cert_pem, cert_file;
  std::string key_pem, key_file;
  std::string server_name;  ///< the name to ask for and to verify, if not the URL's
  std::string min_version;  ///< "TLS10" to "TLS13"; empty: TLS12
  bool insecure_skip_verify = false;
  friend bool operator==(const ClientTls&, const ClientTls&) = default;
};

struct ClientProxy {
  std::string url;
  std::string no_proxy;  ///< comma-separated hosts
  bool from_environment = false;
  Headers connect_headers;
  friend bool operator==(const ClientProxy&, const ClientProxy&) = default;
};

/// A secret given as text or as a file that is read at each use.
struct Credential {
  std::string text;
  std::string file;
  [[nodiscard]] bool empty() const { return text.empty() && file.empty(); }
  friend bool operator==(const Credential&, const Credential&) = default;
};

struct BasicAuth {
  std::string username;
  Credential password;
  friend bool operator==(const BasicAuth&, const BasicAuth&) = default;
};

/// `Authorization: TYPE CREDENTIALS`.
struct HeaderAuth {
  std::string type = "Bearer";
  Credential credentials;
  friend bool operator==(const HeaderAuth&, const HeaderAuth&) = default;
};

/// OAuth 2.0 client credentials: a token is fetched when needed and kept until shortly before it
/// expires.
struct OAuth2 {
  std::string client_id;
  Credential client_secret;
  std::vector<std::string> scopes;
  std::string token_url;
  std::map<std::string, std::string> endpoint_params;
  ClientTls tls;
  ClientProxy proxy;
  friend bool operator==(const OAuth2&, const OAuth2&) = default;
};

struct HttpClientConfig {
  std::optional<BasicAuth> basic;
  std::optional<HeaderAuth> authorization;
  std::optional<OAuth2> oauth2;
  ClientTls tls;
  ClientProxy proxy;
  Headers headers;  ///< sent with every request
  bool follow_redirects = true;
  bool enable_http2 = true;
  friend bool operator==(const HttpClientConfig&, const HttpClientConfig&) = default;
};

}  // namespace weir::net

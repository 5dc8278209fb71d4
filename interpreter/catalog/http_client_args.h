// SPDX-License-Identifier: Apache-2.0
// How components reach HTTP servers: the blocks and attributes that they all share, once.
//
// A component inlines HttpClientArgs into its arguments (schema::inlined) and hands config() to a
// net::HttpClient. The rules of what goes together are checked with the component's own.

#pragma once

#include "base/net/client_config.h"
#include "interpreter/schema/codecs.h"
#include "interpreter/schema/schema.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace weir::catalog {

using SecretHeaders = std::map<std::string, std::vector<value::Secret>>;

struct BasicAuthArgs {
  std::string username;
  value::Secret password;
  std::string password_file;
  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
};

struct AuthorizationArgs {
  std::string type = "Bearer";
  value::Secret credentials;
  std::string credentials_file;
  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
};

struct TlsConfigArgs {
  std::string ca_pem, ca_file;
  std::string cert_pem, cert_file;
  value::Secret key_pem;
  std::string key_file;
  std::string server_name;
  std::string min_version;
  bool insecure_skip_verify = false;
  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
  [[nodiscard]] net::ClientTls config() const;
};

struct ProxyArgs {
  std::string proxy_url;
  std::string no_proxy;
  bool proxy_from_environment = false;
  SecretHeaders proxy_connect_header;
  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
  [[nodiscard]] net::ClientProxy config() const;
};

struct OAuth2Args {
  std::string client_id;
  value::Secret client_secret;
  std::string client_secret_file;
  std::vector<std::string> scopes;
  std::string token_url;
  std::map<std::string, std::string> endpoint_params;
  ProxyArgs proxy;
  std::optional<TlsConfigArgs> tls;
  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
};

struct HttpClientArgs {
  std::optional<BasicAuthArgs> basic_auth;
  std::optional<AuthorizationArgs> authorization;
  std::optional<OAuth2Args> oauth2;
  value::Secret bearer_token;
  std::string bearer_token_file;
  std::optional<TlsConfigArgs> tls;
  ProxyArgs proxy;
  bool follow_redirects = true;
  bool enable_http2 = true;
  SecretHeaders http_headers;

  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
  [[nodiscard]] net::HttpClientConfig config() const;
};

}  // namespace weir::catalog

// SPDX-License-Identifier: Apache-2.0
#include "interpreter/catalog/http_client_args.h"

#include "base/case.h"

#include <algorithm>
#include <array>

namespace weir::catalog {
namespace {

using schema::attr;

net::Headers flatten(const SecretHeaders& headers) {
  net::Headers out;
  for (const auto& [name, values] : headers) {
    for (const value::Secret& value : values) out.emplace_back(name, value.text);
  }
  return out;
}

bool both(std::string_view a, std::string_view b) {
  return !a.empty() && !b.empty();
}

bool is_basic(std::string_view type) {
  const std::size_t begin = type.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return false;
  return to_lower(type.substr(begin, type.find_last_not_of(" \t") - begin + 1)) == "basic";
}

/// Headers that a request has from elsewhere.
/// Source: Prometheus, common HTTP client configuration, reserved headers
bool is_reserved_header(std::string_view name) {
  constexpr std::array<std::string_view, 18> kReserved = {"accept-encoding",
                                                          "authorization",
                                                          "connection",
                                                          "content-encoding",
                                                          "content-length",
                                                          "content-type",
                                                          "host",
                                                          "keep-alive",
                                                          "proxy-authenticate",
                                                          "proxy-authorization",
                                                          "user-agent",
                                                          "www-authenticate",
                                                          "x-amz-content-sha256",
                                                          "x-amz-date",
                                                          "x-amz-security-token",
                                                          "x-prometheus-remote-read-version",
                                                          "x-prometheus-remote-write-version",
                                                          "x-prometheus-scrape-timeout-seconds"};
  return std::find(kReserved.begin(), kReserved.end(), to_lower(name)) != kReserved.end();
}

}  // namespace

schema::Schema BasicAuthArgs::schema() {
  static constexpr auto kTable = schema::table({
      attr<&BasicAuthArgs::username>("username", "Who asks."),
      attr<&BasicAuthArgs::password>("password", "The password.").secret(),
      attr<&BasicAuthArgs::password_file>("password_file",
                                          "A file with the password, read at each use."),
  });
  return kTable;
}

void BasicAuthArgs::validate(schema::Problems& problems) const {
  if (both(password.text, password_file)) {
    problems.add("password_file",
                 "at most one of basic_auth password & password_file must be configured");
  }
}

schema::Schema AuthorizationArgs::schema() {
  static constexpr auto kTable = schema::table({
      attr<&AuthorizationArgs::type>("type", "The first word of the header."),
      attr<&AuthorizationArgs::credentials>("credentials", "What follows it.").secret(),
      attr<&AuthorizationArgs::credentials_file>("credentials_file",
                                                 "A file with what follows it, read at each use."),
  });
  return kTable;
}

void AuthorizationArgs::validate(schema::Problems& problems) const {
  if (both(credentials.text, credentials_file)) {
    problems.add("credentials_file",
                 "at most one of authorization credentials & credentials_file must be configured");
  }
  if (is_basic(type))
    problems.add("type",
                 R"(authorization type cannot be set to "basic", use "basic_auth" instead)");
}

schema::Schema TlsConfigArgs::schema() {
  static constexpr auto kTable = schema::table({
      attr<&TlsConfigArgs::ca_pem>("ca_pem",
                                   "Authorities that servers are checked against, as PEM."),
      attr<&TlsConfigArgs::ca_file>("ca_file", "A file of them."),
      attr<&TlsConfigArgs::cert_pem>("cert_pem", "The client's certificate, as PEM."),
      attr<&TlsConfigArgs::cert_file>("cert_file", "A file of it."),
      attr<&TlsConfigArgs::key_pem>("key_pem", "The client's key, as PEM.").secret(),
      attr<&TlsConfigArgs::key_file>("key_file", "A file of it."),
      attr<&TlsConfigArgs::server_name>(
          "server_name", "The name the server's certificate is checked for, if not the URL's."),
      attr<&TlsConfigArgs::insecure_skip_verify>("insecure_skip_verify",
                                                 "Whether to trust any server."),
      attr<&TlsConfigArgs::min_version>("min_version", "The oldest version of TLS to speak.")
          .one_of("", "TLS10", "TLS11", "TLS12", "TLS13"),
  });
  return kTable;
}

void TlsConfigArgs::validate(schema::Problems& problems) const {
  if (both(ca_pem, ca_file))
    problems.add("ca_file", "at most one of ca_pem and ca_file must be configured");
  if (both(cert_pem, cert_file))
    problems.add("cert_file", "at most one of cert_pem and cert_file must be configured");
  if (both(key_pem.text, key_file))
    problems.add("key_file", "at most one of key_pem and key_file must be configured");
  const bool has_cert = !cert_pem.empty() || !cert_file.empty();
  const bool has_key = !key_pem.text.empty() || !key_file.empty();
  if (has_cert && !has_key) {
    problems.add("",
                 "exactly one of key_pem or key_file must be configured when a client certificate "
                 "is configured");
  }
  if (has_key && !has_cert) {
    problems.add(
        "",
        "exactly one of cert_pem or cert_file must be configured when a client key is configured");
  }
}

net::ClientTls TlsConfigArgs::config() const {
  return {.ca_pem = ca_pem,
          .ca_file = ca_file,
          .cert_pem = cert_pem,
          .cert_file = cert_file,
          .key_pem = key_pem.text,
          .key_file = key_file,
          .server_name = server_name,
          .min_version = min_version,
          .insecure_skip_verify = insecure_skip_verify};
}

schema::Schema ProxyArgs::schema() {
  static constexpr auto kTable = schema::table({
      attr<&ProxyArgs::proxy_url>("proxy_url", "A proxy that requests go through."),
      attr<&ProxyArgs::no_proxy>(
          "no_proxy", "Hosts, networks and domains that are reached directly, comma-separated."),
      attr<&ProxyArgs::proxy_from_environment>(
          "proxy_from_environment", "Whether HTTPS_PROXY, HTTP_PROXY and NO_PROXY say the proxy."),
      attr<&ProxyArgs::proxy_connect_header>("proxy_connect_header",
                                             "Headers for the proxy's CONNECT.")
          .secret(),
  });
  return kTable;
}

void ProxyArgs::validate(schema::Problems& problems) const {
  if (!proxy_connect_header.empty() && !proxy_from_environment && proxy_url.empty()) {
    problems.add("proxy_connect_header",
                 "if proxy_connect_header is configured, proxy_url or proxy_from_environment must "
                 "also be configured");
  }
  if (proxy_from_environment && !proxy_url.empty()) {
    problems.add("proxy_url",
                 "if proxy_from_environment is configured, proxy_url must not be configured");
  }
  if (proxy_from_environment && !no_proxy.empty()) {
    problems.add("no_proxy",
                 "if proxy_from_environment is configured, no_proxy must not be configured");
  } else if (proxy_url.empty() && !no_proxy.empty()) {
    problems.add("no_proxy", "if no_proxy is configured, proxy_url must also be configured");
  }
}

net::ClientProxy ProxyArgs::config() const {
  return {proxy_url, no_proxy, proxy_from_environment, flatten(proxy_connect_header)};
}

schema::Schema OAuth2Args::schema() {
  static constexpr auto kTable = schema::table({
      attr<&OAuth2Args::client_id>("client_id", "Who asks for tokens."),
      attr<&OAuth2Args::client_secret>("client_secret", "Its secret.").secret(),
      attr<&OAuth2Args::client_secret_file>("client_secret_file", "A file with its secret."),
      attr<&OAuth2Args::scopes>("scopes", "What the token should allow."),
      attr<&OAuth2Args::token_url>("token_url", "Where tokens are fetched."),
      attr<&OAuth2Args::endpoint_params>("endpoint_params",
                                         "Parameters added to the request for a token."),
      schema::inlined<&OAuth2Args::proxy>(),
      schema::block<&OAuth2Args::tls>("tls_config", "TLS towards the token server."),
  });
  return kTable;
}

void OAuth2Args::validate(schema::Problems& problems) const {
  if (client_id.empty()) problems.add("", "oauth2 client_id must be configured");
  if (client_secret.text.empty() && client_secret_file.empty()) {
    problems.add("", "either oauth2 client_secret or client_secret_file must be configured");
  }
  if (both(client_secret.text, client_secret_file)) {
    problems.add("client_secret_file",
                 "at most one of oauth2 client_secret & client_secret_file must be configured");
  }
  if (token_url.empty()) problems.add("", "oauth2 token_url must be configured");
}

schema::Schema HttpClientArgs::schema() {
  static constexpr auto kTable = schema::table({
      schema::block<&HttpClientArgs::basic_auth>("basic_auth", "A user name and a password."),
      schema::block<&HttpClientArgs::authorization>("authorization", "An Authorization header."),
      schema::block<&HttpClientArgs::oauth2>("oauth2",
                                             "Tokens fetched with OAuth 2.0 client credentials."),
      attr<&HttpClientArgs::bearer_token>("bearer_token", "A bearer token.").secret(),
      attr<&HttpClientArgs::bearer_token_file>("bearer_token_file",
                                               "A file with a bearer token, read at each use."),
      schema::block<&HttpClientArgs::tls>("tls_config", "TLS towards the server."),
      schema::inlined<&HttpClientArgs::proxy>(),
      attr<&HttpClientArgs::follow_redirects>("follow_redirects",
                                              "Whether redirects are followed."),
      attr<&HttpClientArgs::enable_http2>("enable_http2",
                                          "Whether HTTP/2 is spoken where the server can."),
      attr<&HttpClientArgs::http_headers>("http_headers", "Headers sent with every request.")
          .secret(),
  });
  return kTable;
}

void HttpClientArgs::validate(schema::Problems& problems) const {
  const int ways = (basic_auth ? 1 : 0) + (authorization ? 1 : 0) + (oauth2 ? 1 : 0) +
                   (bearer_token.text.empty() ? 0 : 1) + (bearer_token_file.empty() ? 0 : 1);
  if (ways > 1) {
    problems.add("",
                 "at most one of basic_auth, authorization, oauth2, bearer_token & "
                 "bearer_token_file must be configured");
  }
  for (const auto& [name, values] : http_headers) {
    if (!is_reserved_header(name)) continue;
    problems.add("http_headers", format("setting header \"{}\" is not allowed", name),
                 "the request has it from elsewhere: see basic_auth and authorization");
  }
}

net::HttpClientConfig HttpClientArgs::config() const {
  net::HttpClientConfig out;
  if (basic_auth)
    out.basic = {basic_auth->username, {basic_auth->password.text, basic_auth->password_file}};
  if (authorization) {
    out.authorization = {authorization->type.empty() ? "Bearer" : authorization->type,
                         {authorization->credentials.text, authorization->credentials_file}};
  }
  if (!bearer_token.text.empty() || !bearer_token_file.empty()) {
    out.authorization = {"Bearer", {bearer_token.text, bearer_token_file}};
  }
  if (oauth2) {
    out.oauth2 = {oauth2->client_id,       {oauth2->client_secret.text, oauth2->client_secret_file},
                  oauth2->scopes,          oauth2->token_url,
                  oauth2->endpoint_params, oauth2->tls ? oauth2->tls->config() : net::ClientTls(),
                  oauth2->proxy.config()};
  }
  if (tls) out.tls = tls->config();
  out.proxy = proxy.config();
  out.headers = flatten(http_headers);
  out.follow_redirects = follow_redirects;
  out.enable_http2 = enable_http2;
  return out;
}

}  // namespace weir::catalog

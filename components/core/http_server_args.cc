// SPDX-License-Identifier: Apache-2.0
#include "components/core/http_server_args.h"

#include "base/fs.h"

#include <string_view>
#include <vector>

namespace weir {
namespace {

using schema::attr;
using ClientAuth = net::ServerTls::ClientAuth;

struct ClientAuthName {
  std::string_view name;
  ClientAuth kind;
};
constexpr ClientAuthName kClientAuthNames[] = {
    {"NoClientCert", ClientAuth::kNone},
    {"RequestClientCert", ClientAuth::kRequest},
    {"RequireAnyClientCert", ClientAuth::kRequireAny},
    {"RequireClientCert", ClientAuth::kRequireAny},
    {"VerifyClientCertIfGiven", ClientAuth::kVerifyIfGiven},
    {"RequireAndVerifyClientCert", ClientAuth::kRequireAndVerify},
};

Result<std::string> text_or_file(const std::string& text, const std::string& path) {
  if (path.empty()) return text;
  return fs::read_file(path, 1u << 20);
}

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    out.emplace_back(text.substr(0, comma));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return out;
}

}  // namespace

schema::Schema ServerTlsArgs::schema() {
  static constexpr auto kTable = schema::table({
      attr<&ServerTlsArgs::cert_pem>("cert_pem", "The server's certificate, as PEM."),
      attr<&ServerTlsArgs::cert_file>("cert_file", "A file of it."),
      attr<&ServerTlsArgs::key_pem>("key_pem", "The server's key, as PEM.").secret(),
      attr<&ServerTlsArgs::key_file>("key_file", "A file of it."),
      attr<&ServerTlsArgs::client_ca_pem>("client_ca_pem",
                                          "Authorities that clients are checked against, as PEM."),
      attr<&ServerTlsArgs::client_ca>("client_ca", "The same as `client_ca_pem`."),
      attr<&ServerTlsArgs::client_ca_file>("client_ca_file", "A file of them."),
      attr<&ServerTlsArgs::client_auth_type>("client_auth_type",
                                             "Whether clients must prove who they are.")
          .one_of("", "NoClientCert", "RequestClientCert", "RequireAnyClientCert",
                  "RequireClientCert", "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"),
      attr<&ServerTlsArgs::cipher_suites>(
          "cipher_suites", "The cipher suites to offer, by their IANA names, parted by commas."),
      attr<&ServerTlsArgs::min_version>("min_version", "The oldest version of TLS to speak.")
          .one_of("", "VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"),
  });
  return kTable;
}

void ServerTlsArgs::validate(schema::Problems& problems) const {
  if (cert_pem.empty() && cert_file.empty())
    problems.add("", "one of cert_pem and cert_file must be configured");
  if (key_pem.text.empty() && key_file.empty())
    problems.add("", "one of key_pem and key_file must be configured");
  const bool has_authority =
      !client_ca_pem.empty() || !client_ca.empty() || !client_ca_file.empty();
  if (has_authority && (client_auth_type.empty() || client_auth_type == "NoClientCert")) {
    problems.add("client_auth_type",
                 "authorities of clients are configured, but clients are not asked");
  }
}

Result<net::ServerTls> ServerTlsArgs::read() const {
  net::ServerTls out;
  WEIR_TRY(out.cert_pem, text_or_file(cert_pem, cert_file));
  WEIR_TRY(out.key_pem, text_or_file(key_pem.text, key_file));
  WEIR_TRY(out.client_ca_pem,
           text_or_file(client_ca.empty() ? client_ca_pem : client_ca, client_ca_file));
  if (!cert_file.empty()) out.cert_name = cert_file;
  if (!key_file.empty()) out.key_name = key_file;
  if (!client_ca_file.empty()) out.client_ca_name = client_ca_file;
  for (const ClientAuthName& one : kClientAuthNames) {
    if (one.name == client_auth_type) out.client_auth = one.kind;
  }
  out.cipher_suites = split_at_commas(cipher_suites);
  constexpr std::string_view kVersion = "Version";
  if (!min_version.empty()) out.min_version = min_version.substr(kVersion.size());
  return out;
}

schema::Schema HttpServerArgs::schema() {
  static constexpr auto kTable = schema::table({
      attr<&HttpServerArgs::listen_address>("listen_address",
                                            "The address to listen on; all of them by default."),
      attr<&HttpServerArgs::listen_port>("listen_port",
                                         "The port to listen on; 0 takes any free one."),
      attr<&HttpServerArgs::conn_limit>("conn_limit",
                                        "The most connections at a time; 0 sets no limit."),
      attr<&HttpServerArgs::server_read_timeout>("server_read_timeout",
                                                 "How long a request may take to arrive."),
      attr<&HttpServerArgs::server_write_timeout>("server_write_timeout",
                                                  "How long an answer may take to leave."),
      attr<&HttpServerArgs::server_idle_timeout>("server_idle_timeout",
                                                 "How long a connection may be idle."),
      schema::block<&HttpServerArgs::tls>("tls", "TLS towards clients."),
  });
  return kTable;
}

net::HttpServerConfig HttpServerArgs::config() const {
  net::HttpServerConfig out;
  out.host = listen_address.empty() ? "0.0.0.0" : listen_address;
  out.port = listen_port;
  out.max_connections = conn_limit;
  out.header_timeout = server_read_timeout;
  out.read_timeout = server_read_timeout;
  out.write_timeout = server_write_timeout;
  out.idle_timeout = server_idle_timeout;
  return out;
}

}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
// How components listen for HTTP: the `http` and `tls` blocks that they share.

#pragma once

#include "base/net/http_server.h"
#include "interpreter/schema/codecs.h"
#include "interpreter/schema/schema.h"

#include <cstdint>
#include <optional>
#include <string>

namespace weir {

struct ServerTlsArgs {
  std::string cert_pem, cert_file;
  value::Secret key_pem;
  std::string key_file;
  std::string client_ca_pem, client_ca, client_ca_file;
  std::string client_auth_type = "NoClientCert";
  std::string cipher_suites;  ///< with commas between them
  std::string min_version;    ///< "VersionTLS12"

  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
  /// With the files read; a file goes before the text beside it. Errors: kNotFound and others of
  /// reading.
  [[nodiscard]] Result<net::ServerTls> read() const;
};

struct HttpServerArgs {
  std::string listen_address;  ///< empty: all
  std::uint16_t listen_port = 8080;
  std::uint64_t conn_limit = 0;
  Duration server_read_timeout = std::chrono::seconds(30);
  Duration server_write_timeout = std::chrono::seconds(30);
  Duration server_idle_timeout = std::chrono::seconds(120);
  std::optional<ServerTlsArgs> tls;

  static schema::Schema schema();
  [[nodiscard]] net::HttpServerConfig config() const;
};

}  // namespace weir

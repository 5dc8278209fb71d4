// SPDX-License-Identifier: Apache-2.0
// A server's TLS material as an OpenSSL context; used by http_server.cc alone.

#pragma once

#include "base/net/http_server.h"

#include <boost/asio/ssl/context.hpp>

#include <memory>

namespace weir::net {

Result<std::shared_ptr<boost::asio::ssl::context>> make_server_context(const ServerTls& tls);

}  // namespace weir::net

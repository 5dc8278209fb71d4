// SPDX-License-Identifier: Apache-2.0
// How components reach HTTP servers: as the language's own import.http does.

#pragma once

#include "interpreter/catalog/http_client_args.h"

namespace weir {

using catalog::AuthorizationArgs;
using catalog::BasicAuthArgs;
using catalog::HttpClientArgs;
using catalog::OAuth2Args;
using catalog::ProxyArgs;
using catalog::SecretHeaders;
using catalog::TlsConfigArgs;

}  // namespace weir

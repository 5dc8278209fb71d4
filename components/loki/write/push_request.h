// SPDX-License-Identifier: Apache-2.0
// One push as HTTP: what is asked, and what the answer says.

#pragma once

#include "base/net/http_client.h"
#include "components/loki/write/args.h"

#include <memory>
#include <optional>
#include <random>
#include <string>

namespace weir::loki {

/// The request for a compressed push. Headers of the endpoint never replace those a push needs.
net::HttpRequest push_request(const EndpointConfig& config, const std::string& tenant,
                              std::shared_ptr<const std::string> body);
/// What keeps any push from being sent, as far as it shows before one is: an address that is none, a
/// file that cannot be read. Both may be mended while Weir runs.
std::optional<std::string> why_unusable(const EndpointConfig& config);
/// Why a push did not arrive: the status and the first line of the answer, or the transport's
/// error.
std::string push_error(const Result<net::HttpResponse>& answer);
/// The wait that a Retry-After header asks for, in seconds or as a date; zero if there is none.
Duration retry_after(const net::HttpResponse& answer, Time now);
/// The wait after the n-th attempt: doubles each time, half of it by chance, at most max_backoff.
Duration backoff(const EndpointConfig& config, std::uint64_t attempts, std::minstd_rand& jitter);

}  // namespace weir::loki

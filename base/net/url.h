// SPDX-License-Identifier: Apache-2.0
// Absolute http and https URLs, taken apart.

#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::net {

struct Url {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< without brackets
  std::uint16_t port = 0;
  bool explicit_port = false;
  std::string path;  ///< with its query; at least "/"

  /// "host" or "host:port" as it was given: what a metric's `host` label says.
  [[nodiscard]] std::string authority() const;
};

/// Errors: kInvalid with what is wrong, without the password.
Result<Url> parse_url(std::string_view text);
/// What `reference`, absolute or not, means when it is met at `base`. Errors: kInvalid.
Result<std::string> join_url(const std::string& base, std::string_view reference);
/// Query escaping: space is `+`; letters, digits and `-_.~` stay.
std::string url_escape(std::string_view text);

}  // namespace weir::net

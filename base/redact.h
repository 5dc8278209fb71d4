// SPDX-License-Identifier: Apache-2.0
// Passwords that stand in addresses, kept from being shown.

#pragma once

#include <string>
#include <string_view>

namespace weir {

/// "http://user:xxxxx@host/path" of "http://user:password@host/path"; any other text as it is.
std::string redact_url(std::string_view text);

}  // namespace weir

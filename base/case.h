// SPDX-License-Identifier: Apache-2.0
// Letter case of UTF-8 text, one character to one character, whatever the machine's locale.

#pragma once

#include <string>
#include <string_view>

namespace weir {

/// Bytes that are not UTF-8 stay as they are.
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);

}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
// SHA-256, where an id must be the same in every program. The library is OpenSSL.

#pragma once

#include <string>
#include <string_view>

namespace weir::codec {

/// SHA-256 in lower-case hexadecimal.
std::string sha256_hex(std::string_view bytes);

}  // namespace weir::codec

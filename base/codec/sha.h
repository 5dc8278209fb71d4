// SPDX-License-Identifier: Apache-2.0
// Digests of text by the SHA family, in hex.

#pragma once

#include <string>
#include <string_view>

namespace weir::codec {

std::string sha1_hex(std::string_view text);
std::string sha256_hex(std::string_view text);
std::string sha512_hex(std::string_view text);
std::string sha3_256_hex(std::string_view text);

}  // namespace weir::codec

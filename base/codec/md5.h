// SPDX-License-Identifier: Apache-2.0
// MD5: no longer safe, but what the hashmod of relabelling rules is defined by.
//
// Source: RFC 1321.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace weir::codec {

std::array<std::uint8_t, 16> md5(std::string_view text);

}  // namespace weir::codec

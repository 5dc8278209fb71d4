// SPDX-License-Identifier: Apache-2.0
// The cyclic redundancy check of gzip and Ethernet, to find torn and damaged records.

#pragma once

#include <cstdint>
#include <string_view>

namespace weir::codec {

std::uint32_t crc32(std::string_view bytes);

}  // namespace weir::codec

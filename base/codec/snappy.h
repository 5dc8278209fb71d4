// SPDX-License-Identifier: Apache-2.0
// Snappy's block format, as Loki and Prometheus pushes use it.

#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace weir::codec {

/// The compressed form of `bytes`, a view into `buffer`, which only grows and so is cleared but once.
std::string_view snappy_encode(std::string_view bytes, std::string& buffer);
/// Errors: kInvalid if `block` is not a snappy block or would be larger than `max_bytes`, which is known
/// before anything is allocated.
Result<std::string> snappy_decode(std::string_view block, std::size_t max_bytes);

}  // namespace weir::codec

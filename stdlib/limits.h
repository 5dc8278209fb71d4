// SPDX-License-Identifier: Apache-2.0
// How much a function may make of little: what it refuses to build before memory runs out.

#pragma once

#include "base/result.h"

#include <cstddef>

namespace weir::stdlib {

/// The longest text a function makes.
inline constexpr std::size_t kMaxTextBytes = std::size_t{256} << 20;
/// The longest JSON or YAML document that is read, and the longest path.
inline constexpr std::size_t kMaxDocumentBytes = std::size_t{32} << 20;
inline constexpr std::size_t kMaxPathBytes = std::size_t{64} << 10;
/// The largest list a function makes, in value::Extent bytes.
inline constexpr std::size_t kMaxListBytes = std::size_t{512} << 20;

inline Error too_large(std::size_t limit) {
  return invalid("makes more than {} MiB", limit >> 20);
}
inline Error too_long(std::size_t limit) {
  return invalid("reads at most {} KiB", limit >> 10);
}

}  // namespace weir::stdlib

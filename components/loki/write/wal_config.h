// SPDX-License-Identifier: Apache-2.0
// What a write-ahead log may hold, and how it is read.

#pragma once

#include "base/units.h"

#include <cstddef>

namespace weir::loki {

struct WalConfig {
  Duration max_segment_age{};
  Duration min_read_wait{};
  Duration max_read_wait{};
  Duration drain_timeout{};
  std::size_t segment_bytes = 32u << 20;
  std::size_t max_bytes = std::size_t{8} << 30;
  std::size_t max_record_bytes = 512u << 20;
  friend bool operator==(const WalConfig&, const WalConfig&) = default;
};

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// Whether components may show the data that flows through them.

#pragma once

#include <atomic>

namespace weir::server {

/// Held by the daemon, set by the `livedebugging` block, read by the API. Threads: any.
struct LiveDebugging {
  std::atomic<bool> enabled = false;
};

}  // namespace weir::server

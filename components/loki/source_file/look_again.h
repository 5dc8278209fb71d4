// SPDX-License-Identifier: Apache-2.0
// LookAgain: what could not be looked at, why, and when it is tried again.
//
// A file that is gone is given up; one that cannot be looked at is not. Descriptors run out, disks
// answer late and rights are mended, so the same look may do later, each time a little later.

#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <algorithm>
#include <string>

namespace weir::loki {

/// Threads: one at a time.
class LookAgain {
 public:
  [[nodiscard]] bool due(Duration now) const { return now >= at_; }
  void failed(const Error& error, Duration now) {
    if (!due(now)) return;
    constexpr Duration kFirst = std::chrono::milliseconds(100);
    constexpr Duration kLast = std::chrono::seconds(30);
    wait_ = std::clamp(wait_ * 2, kFirst, kLast);
    at_ = now + wait_;
    why_ = error.message;
    is_shortage_ = error.code == Code::kThrottled;
  }
  void done() { *this = {}; }

  /// Empty: nothing failed.
  [[nodiscard]] const std::string& why() const { return why_; }
  /// Of descriptors or memory: it passes, so what is next in line waits for it.
  [[nodiscard]] bool is_shortage() const { return is_shortage_; }

 private:
  std::string why_;
  bool is_shortage_ = false;
  Duration wait_{};
  Duration at_{};
};

}  // namespace weir::loki

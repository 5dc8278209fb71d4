// SPDX-License-Identifier: Apache-2.0
// A clock that stands still until it is told to move.

#pragma once

#include "base/clock.h"

#include <atomic>

namespace weir::test {

/// Threads: any.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Time start = {1'700'000'000'000'000'000}) : now_(start.ns) {}
  [[nodiscard]] Time now() const override { return {now_.load()}; }
  [[nodiscard]] Duration steady() const override { return Duration(now_.load()); }
  void advance(Duration by) { now_ += by.count(); }
  void set(Time to) { now_ = to.ns; }

 private:
  std::atomic<std::int64_t> now_;
};

}  // namespace weir::test

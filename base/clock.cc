// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <ctime>

namespace weir {
namespace {

std::int64_t read_clock(clockid_t id) {
  timespec t{};
  ::clock_gettime(id, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

class SystemClock final : public Clock {
 public:
  Time now() const override { return {read_clock(CLOCK_REALTIME)}; }
  Duration steady() const override { return Duration(read_clock(CLOCK_MONOTONIC)); }
};

}  // namespace

Clock& Clock::system() {
  static SystemClock clock;
  return clock;
}

}  // namespace weir

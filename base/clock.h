// SPDX-License-Identifier: Apache-2.0
// Time as something injected, so that tests can hold it still.

#pragma once

#include "base/units.h"

namespace weir {

/// Tells the time. Threads: any.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall time.
  [[nodiscard]] virtual Time now() const = 0;
  /// Time that only goes forward, for measuring and waiting; its zero means nothing.
  [[nodiscard]] virtual Duration steady() const = 0;

  /// The machine's clock.
  static Clock& system();
};

}  // namespace weir

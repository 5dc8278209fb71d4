// SPDX-License-Identifier: Apache-2.0
#include "components/core/receipt.h"

#include <memory>

namespace weir {

void Receipt::last_word(State& state, Outcome outcome) {
  const std::uint32_t said = static_cast<std::uint32_t>(outcome.verdict) << 16 | outcome.status;
  std::uint32_t worst = state.worst.load(std::memory_order_relaxed);
  while (said > worst &&
         !state.worst.compare_exchange_weak(worst, said, std::memory_order_relaxed)) {
  }
  if (state.holders.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  const std::unique_ptr<State> last(&state);
  worst = state.worst.load(std::memory_order_relaxed);
  state.settled({static_cast<Verdict>(worst >> 16), static_cast<std::uint16_t>(worst)});
}

Receipt Receipt::join(std::vector<Receipt> parts) {
  std::erase_if(parts, [](const Receipt& part) { return !part; });
  if (parts.empty()) return {};
  if (parts.size() == 1) return std::move(parts.front());
  return make([parts = std::move(parts)](Outcome outcome) mutable {
    for (Receipt& part : parts) part.settle(outcome);
  });
}

}  // namespace weir

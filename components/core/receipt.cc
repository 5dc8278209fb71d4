// SPDX-License-Identifier: Apache-2.0
#include "components/core/receipt.h"

#include <algorithm>
#include <memory>

namespace weir {

void Receipt::explain(State& state, std::uint32_t said, const std::string& reason) {
  MutexLock lock(state.mutex);
  if (said <= state.explained) return;
  state.explained = said;
  state.reason = reason;
}

void Receipt::last_word(State& state, const Outcome& outcome) {
  const std::uint32_t said = static_cast<std::uint32_t>(outcome.verdict) << 16 | outcome.status;
  if (!outcome.reason.empty()) explain(state, said, outcome.reason);
  std::uint32_t worst = state.worst.load(std::memory_order_relaxed);
  while (said > worst &&
         !state.worst.compare_exchange_weak(worst, said, std::memory_order_relaxed)) {
  }
  if (state.holders.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  const std::unique_ptr<State> last(&state);
  worst = state.worst.load(std::memory_order_relaxed);
  Outcome settled{static_cast<Verdict>(worst >> 16), static_cast<std::uint16_t>(worst)};
  {
    MutexLock lock(state.mutex);
    if (state.explained == worst) settled.reason = std::move(state.reason);
  }
  state.settled(std::move(settled));
}

struct Receipt::Joined final : State {
  Joined(Receipt one, std::vector<Receipt> others, bool awaited)
      : State(awaited), own(std::move(one)), earlier(std::move(others)) {}
  void settled(Outcome outcome) override {
    own.settle(outcome);
    for (Receipt& receipt : earlier) receipt.settle(outcome);
  }
  Receipt from(std::uint32_t mark) override { return mark == 0 || !own ? share() : own.from(mark); }

  Receipt own;
  std::vector<Receipt> earlier;
};

Receipt Receipt::join(Receipt own, std::vector<Receipt> earlier) {
  std::erase_if(earlier, [](const Receipt& receipt) { return !receipt; });
  if (earlier.empty()) return own;
  const bool awaited =
      own.is_awaited() || std::any_of(earlier.begin(), earlier.end(),
                                      [](const Receipt& receipt) { return receipt.is_awaited(); });
  return Receipt(new Joined(std::move(own), std::move(earlier), awaited));
}

}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
// The receipt: how a source learns what became of the data it sent.
//
// A batch carries a handle to a receipt its source made. Whoever holds the batch holds the handle;
// copies are equal holders. Each holder says what became of the data, or says nothing by letting go,
// which means abandoned: forgetting to answer can duplicate data but never lose it. When the last
// holder has spoken, the receipt settles once, with the worst that anyone said.

#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace weir {

/// From best to worst.
enum class Verdict : std::uint8_t {
  kDelivered,  ///< every destination has it, or the configuration said to drop it
  kRejected,   ///< a destination refused it for good, or retries ran out: counted where it happened
  kAbandoned,  ///< nobody spoke: stopped, reloaded away, or the process ends; offer it again
};

/// How a receipt settled.
struct Outcome {
  Verdict verdict = Verdict::kDelivered;
  std::uint16_t status = 0;  ///< the refusal's HTTP status when rejected by one, else 0
};

/// One holder's share in a receipt. Threads: a handle is used by one thread at a time; handles of one
/// receipt by any. The settled function runs on the thread of the last holder: it must be quick.
class Receipt {
 public:
  /// No receipt: settling it does nothing.
  Receipt() = default;
  static Receipt make(std::function<void(Outcome)> settled);
  /// One receipt that settles all of `parts` with its own outcome: for batches merged into one.
  static Receipt join(std::vector<Receipt> parts);

  Receipt(const Receipt& other);
  Receipt(Receipt&& other) noexcept;
  Receipt& operator=(Receipt other) noexcept;
  ~Receipt();

  explicit operator bool() const { return state_ != nullptr; }
  /// Each of these is this holder's last word; the handle is empty afterwards.
  void deliver();
  void reject(std::uint16_t status = 0);
  void abandon();

 private:
  struct State;
  void speak(Outcome outcome);
  State* state_ = nullptr;
};

}  // namespace weir

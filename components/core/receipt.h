// SPDX-License-Identifier: Apache-2.0
// The receipt: how a source learns what became of the data it sent.
//
// A batch carries a handle to a receipt its source made. Whoever holds the batch holds the handle;
// copies are equal holders. Each holder says what became of the data, or says nothing by letting
// go, which means abandoned: forgetting to answer can duplicate data but never lose it. When the
// last holder has spoken, the receipt settles once, with the worst that anyone said.
//
// Who keeps only what lies from some point on takes a share in that alone, see from(): what lies
// before it settles without waiting.
//
// Some sources have a client that does nothing before it knows. Their receipts are awaited, and stay
// so whatever stages make of the batch: a writer sends at once what it would else have gathered.

#pragma once

#include "base/mutex.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
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
  std::string reason = {};   ///< the refusal in the destination's words, if it had some
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// One holder's share in a receipt. Threads: a handle is used by one thread at a time; handles of
/// one receipt by any. The settled function runs on the thread of the last holder: it must be
/// quick.
class Receipt {
 public:
  /// No receipt: settling it does nothing.
  Receipt() = default;
  /// Calls `settled(Outcome)` once. One allocation. If it has `split(mark)`, which leaves it what
  /// lies before the mark and returns what lies from there on, then the receipt divides, and each
  /// part is called once.
  template <class Settled>
  static Receipt make(Settled settled) {
    if constexpr (requires { settled.split(std::uint32_t{1}); })
      return Receipt(new Divided<Settled>(std::move(settled), {}, 0));
    else
      return Receipt(new WithFunction<Settled>(std::move(settled), false));
  }
  /// The same, for somebody who waits for it; it does not divide.
  template <class Settled>
  static Receipt make_awaited(Settled settled) {
    return Receipt(new WithFunction<Settled>(std::move(settled), true));
  }
  /// One receipt that settles `own` and all `earlier` ones with its own outcome: for a batch that
  /// took up what was kept of batches before it. Its marks are those of `own`. Awaited if one of
  /// them is.
  static Receipt join(Receipt own, std::vector<Receipt> earlier);

  Receipt(const Receipt& other) noexcept : state_(other.state_) {
    if (state_ != nullptr) state_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  Receipt(Receipt&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  Receipt& operator=(Receipt other) noexcept {
    std::swap(state_, other.state_);
    return *this;
  }
  ~Receipt() { abandon(); }

  explicit operator bool() const { return state_ != nullptr; }
  /// Another share, in what lies from `mark` on; marks are as the source set them (Entry::mark), 0
  /// is all of it. A receipt that does not divide is held as a whole.
  [[nodiscard]] Receipt from(std::uint32_t mark) const {
    return state_ == nullptr ? Receipt() : state_->from(mark);
  }

  /// Whether both are shares in one receipt.
  friend bool operator==(const Receipt& a, const Receipt& b) { return a.state_ == b.state_; }
  [[nodiscard]] bool is_awaited() const { return state_ != nullptr && state_->is_awaited; }

  /// Each of these is this holder's last word; the handle is empty afterwards.
  void deliver() { speak({Verdict::kDelivered, 0}); }
  void reject(std::uint16_t status = 0, std::string reason = {}) {
    speak({Verdict::kRejected, status, std::move(reason)});
  }
  void abandon() { speak({Verdict::kAbandoned, 0}); }
  void settle(const Outcome& outcome) { speak(outcome); }

 private:
  struct State {
    explicit State(bool awaited) : is_awaited(awaited) {}
    virtual ~State() = default;
    virtual void settled(Outcome outcome) = 0;
    virtual Receipt from(std::uint32_t) { return share(); }
    Receipt share() {
      holders.fetch_add(1, std::memory_order_relaxed);
      return Receipt(this);
    }

    const bool is_awaited;
    std::atomic<std::uint32_t> holders = 1;
    std::atomic<std::uint32_t> worst = 0;  ///< verdict above status: larger is worse
    Mutex mutex;                           ///< of the division and of what few refusals come with
    std::uint32_t explained WEIR_GUARDED_BY(mutex) = 0;  ///< the worst that had a reason
    std::string reason WEIR_GUARDED_BY(mutex);
  };
  template <class Settled>
  struct WithFunction final : State {
    WithFunction(Settled f, bool awaited) : State(awaited), function(std::move(f)) {}
    void settled(Outcome outcome) override { function(std::move(outcome)); }
    Settled function;
  };
  template <class Settled>
  struct Divided;
  struct Joined;

  explicit Receipt(State* state) : state_(state) {}
  void speak(const Outcome& outcome) {
    if (State* state = std::exchange(state_, nullptr)) last_word(*state, outcome);
  }
  static void explain(State& state, std::uint32_t said, const std::string& reason);
  static void last_word(State& state, const Outcome& outcome);

  State* state_ = nullptr;
};

/// A part, and a share in the part behind it once there is one: whoever holds a part holds all
/// behind it, too.
template <class Settled>
struct Receipt::Divided final : State {
  Divided(Settled p, Receipt behind, std::uint32_t at)
      : State(false), part(std::move(p)), tail(std::move(behind)), tail_mark(at) {}
  void settled(Outcome outcome) override {
    part(outcome);
    tail.settle(outcome);
  }
  Receipt from(std::uint32_t mark) override {
    if (mark == 0) return share();
    MutexLock lock(mutex);
    if (tail && mark >= tail_mark) return tail.from(mark - tail_mark);
    tail = Receipt(new Divided(part.split(mark), std::move(tail), tail_mark - mark));
    tail_mark = mark;
    return tail;
  }

  Settled part;
  Receipt tail;
  std::uint32_t tail_mark;  ///< where it begins; of no tail: anything
};

}  // namespace weir

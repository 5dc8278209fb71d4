// SPDX-License-Identifier: Apache-2.0
// How batches move: Sink, the next stop; Port, a component's door; Receiver, what expressions
// carry; Fanout, several receivers as one.
//
// A hop is a virtual call with a moved batch on the source's thread. A port that is closed drops
// what it is given, so that its receipt says abandoned: never blocks, never dangles.

#pragma once

#include "base/check.h"
#include "components/core/log_batch.h"
#include "interpreter/schema/codec.h"

#include <atomic>
#include <memory>
#include <utility>
#include <vector>

namespace weir {

/// The next stop on a path. Called from any thread, many at once; never blocks, never throws.
template <class Batch>
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void consume(Batch batch) = 0;  // the outcome travels in batch.receipt
};

/// A component's door: open while the component lives. Shared by the component and all who send to
/// it.
template <class Batch>
class Port final : public Sink<Batch> {
 public:
  /// Closed when made.
  void open(Sink<Batch>& behind) { behind_.store(&behind); }
  /// After it returns no call is inside and none will go through. Not to be called from consume().
  void close() {
    behind_.store(nullptr);
    for (int inside = inside_.load(); inside != 0; inside = inside_.load()) inside_.wait(inside);
  }
  void consume(Batch batch) override {
    inside_.fetch_add(1);
    if (Sink<Batch>* behind = behind_.load()) behind->consume(std::move(batch));
    if (inside_.fetch_sub(1) == 1) inside_.notify_all();
  }

 private:
  std::atomic<Sink<Batch>*> behind_ = nullptr;
  std::atomic<int> inside_ = 0;
};

/// What `loki.write.x.receiver` is: a port as a value of the language. Never null once decoded.
template <class Batch>
struct Receiver {
  std::shared_ptr<Port<Batch>> port;
  friend bool operator==(const Receiver&, const Receiver&) = default;
};

/// The capsule type of a kind of receiver; specialised once per batch type.
template <class Batch>
const value::CapsuleType& receiver_type();
template <>
const value::CapsuleType& receiver_type<LogBatch>();  // "loki.LogsReceiver", "a receiver of logs"

/// Several receivers as one. Immutable; part of a component's plan.
template <class Batch>
class Fanout {
 public:
  Fanout() = default;
  explicit Fanout(std::vector<Receiver<Batch>> next) : next_(std::move(next)) {}

  /// Gives the batch to all: shared copies to all but the last. An empty batch, or nobody to give
  /// it to, is what the configuration said: delivered.
  void consume(Batch batch) const {
    if (batch.empty() || next_.empty()) return batch.receipt.deliver();
    for (std::size_t i = 0; i + 1 < next_.size(); ++i) next_[i].port->consume(batch.share());
    next_.back().port->consume(std::move(batch));
  }
  [[nodiscard]] bool empty() const { return next_.empty(); }

 private:
  std::vector<Receiver<Batch>> next_;
};

using LogSink = Sink<LogBatch>;
using LogPort = Port<LogBatch>;
using LogReceiver = Receiver<LogBatch>;

}  // namespace weir

template <class Batch>
struct weir::schema::Codec<weir::Receiver<Batch>> {
  static value::Type type() { return value::Type::capsule(receiver_type<Batch>()); }
  static bool decode(const value::Value& in, Receiver<Batch>& out, Decoder& decoder) {
    if (in.kind() != value::Kind::kCapsule || in.as_capsule().type != &receiver_type<Batch>()) {
      return decoder.mismatch(type(), in);
    }
    out.port = std::const_pointer_cast<Port<Batch>>(
        std::static_pointer_cast<const Port<Batch>>(in.as_capsule().object));
    return true;
  }
  static value::Value encode(const Receiver<Batch>& in) {
    return value::Value(value::Capsule{&receiver_type<Batch>(), in.port});
  }
};

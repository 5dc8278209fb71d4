// SPDX-License-Identifier: Apache-2.0
// stage.sampling: keeps a share of the entries, chosen at random.

#include "components/loki/process/stage.h"

#include <atomic>
#include <cstdint>
#include <string>

namespace weir::loki {
namespace {

class SamplingStage final : public Stage {
 public:
  struct Args {
    double rate = 0;
    std::string drop_counter_reason = "sampling_stage";

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
  };

  SamplingStage(const StageContext& context, const Args& args)
      : rate_(args.rate),
        state_(static_cast<std::uint64_t>(context.clock.now().ns)),
        dropped_(context.dropped(args.drop_counter_reason)) {}

  void process(StageBatch& batch) override {
    const std::size_t dropped = batch.remove_if([this](std::size_t) { return next() >= rate_; });
    if (dropped != 0) dropped_.add(static_cast<double>(dropped));
  }
  [[nodiscard]] bool reads_found() const override { return false; }

 private:
  /// A number from 0 to 1, 1 left out: SplitMix64, whose state is a mere counter, so that many
  /// threads draw without a lock.
  double next() {
    constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;
    std::uint64_t z = state_.fetch_add(kStep, std::memory_order_relaxed) + kStep;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return static_cast<double>((z ^ z >> 31) >> 11) * 0x1p-53;
  }

  const double rate_;
  std::atomic<std::uint64_t> state_;
  Counter dropped_;
};

schema::Schema SamplingStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::rate>("rate", "The share that is kept, from 0 to 1.").required(),
      attr<&Args::drop_counter_reason>("drop_counter_reason",
                                       "The reason under which dropped lines are counted."),
  });
  return kTable;
}

void SamplingStage::Args::validate(schema::Problems& problems) const {
  if (!(rate >= 0 && rate <= 1))
    problems.add("rate", "must be between 0 and 1", {}, text::DiagnosticCode::kBadValue);
}

}  // namespace

extern constexpr StageDef stage_sampling =
    define_stage<SamplingStage>("sampling", "Keeps a share of the entries.");

}  // namespace weir::loki

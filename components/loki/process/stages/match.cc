// SPDX-License-Identifier: Apache-2.0
// stage.match: runs stages on the entries that a selector selects, or drops those.

#include "components/loki/process/pipeline.h"
#include "components/loki/process/selector.h"

#include <string>
#include <vector>

namespace weir::loki {
namespace {

class MatchStage final : public BufferingStage {
 public:
  struct Args {
    Selector selector;
    std::string action = "keep";
    std::string pipeline_name;
    std::string drop_counter_reason = "match_stage";
    std::vector<schema::Chosen> stages;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
  };

  MatchStage(const StageContext& context, const Args& args)
      : selector_(args.selector),
        drops_(args.action == "drop"),
        dropped_(drops_
                     ? context.dropped(args.drop_counter_reason.empty() ? "match_stage"
                                                                        : args.drop_counter_reason)
                     : Counter()),
        pipeline_(context, args.stages) {}

  void process(StageBatch& batch) override {
    std::vector<Known> by_labels(batch.logs().label_sets().size(), Known::kNot);
    const auto selected = [&](std::size_t i) {
      const Entry& entry = batch.entry(i);
      Known& known = by_labels[entry.labels];
      if (known == Known::kNot)
        known = selector_.matches(batch.labels(i)) ? Known::kYes : Known::kNo;
      return known == Known::kYes && selector_.matches(entry.line);
    };
    if (drops_) {
      if (const std::size_t dropped = batch.remove_if(selected); dropped != 0)
        dropped_.add(static_cast<double>(dropped));
      return;
    }
    StageBatch::Aside others = batch.set_aside([&](std::size_t i) { return !selected(i); });
    pipeline_.process(batch);
    batch.put_back(std::move(others));
  }

  void flush(Flush which, StageBatch& out) override {
    StageBatch::Aside passing = out.set_aside([](std::size_t) { return true; });
    pipeline_.flush(which, out);
    out.put_back(std::move(passing));
  }

  [[nodiscard]] Duration patience() const override { return pipeline_.patience(); }
  [[nodiscard]] bool reads_found() const override { return pipeline_.reads_found(); }

 private:
  enum class Known : char { kNot, kYes, kNo };

  const Selector selector_;
  const bool drops_;
  Counter dropped_;
  Pipeline pipeline_;
};

schema::Schema MatchStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::selector>("selector", "Which entries: label matchers and line filters.")
          .required(),
      attr<&Args::action>("action", "Whether the stages run on them, or they are dropped.")
          .one_of("", "keep", "drop"),
      attr<&Args::pipeline_name>("pipeline_name", "A name for the reader."),
      attr<&Args::drop_counter_reason>("drop_counter_reason",
                                       "The reason under which dropped lines are counted."),
      schema::choice<&Args::stages>("stage", "What is done to the selected entries, in order.",
                                    &stage_choices),
  });
  return kTable;
}

void MatchStage::Args::validate(schema::Problems& problems) const {
  if (action != "drop" && stages.empty())
    problems.add({}, "stage.match needs a stage to run on what it selects");
  if (action == "drop" && !stages.empty())
    problems.add("action", "stages do not run on entries that are dropped");
}

}  // namespace

extern constexpr StageDef stage_match = define_stage<MatchStage>(
    "match", "Runs stages on the entries that a selector selects, or drops those.");

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// stage.output: makes an extracted value the line.

#include "components/loki/process/stage.h"

#include <string>

namespace weir::loki {
namespace {

class OutputStage final : public Stage {
 public:
  struct Args {
    std::string source;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void names(FoundNames& names) const { names.reads.emplace_back("source", source); }
  };

  OutputStage(const StageContext& context, const Args& args) : args_(args), log_(context.log) {}

  void process(StageBatch& batch) override {
    std::size_t absent = 0, not_text = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const FoundValue value = batch.found(i, args_.source);
      if (value.has_text()) {
        batch.entry(i).line = batch.text(value);
      } else {
        ++(value.exists() ? not_text : absent);
      }
    }
    if (absent != 0) {
      log_.debug("extracted data did not contain output source",
                 {{"stage", "output"}, {"source", args_.source}, {"entries", absent}});
    }
    if (not_text != 0) {
      log_.debug("extracted output could not be converted to a string",
                 {{"stage", "output"}, {"source", args_.source}, {"entries", not_text}});
    }
  }

 private:
  const Args args_;
  const Logger log_;
};

schema::Schema OutputStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::source>("source", "Name of the extracted value.").required(),
  });
  return kTable;
}

void OutputStage::Args::validate(schema::Problems& problems) const {
  if (source.empty())
    problems.add("source", "must not be empty", {}, text::DiagnosticCode::kBadValue);
}

}  // namespace

extern constexpr StageDef stage_output =
    define_stage<OutputStage>("output", "Makes an extracted value the line.");

}  // namespace weir::loki

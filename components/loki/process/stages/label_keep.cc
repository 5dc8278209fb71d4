// SPDX-License-Identifier: Apache-2.0
// stage.label_keep: removes every label but some.

#include "components/loki/process/stage.h"

#include <algorithm>
#include <string>
#include <vector>

namespace weir::loki {
namespace {

class LabelKeepStage final : public Stage {
 public:
  struct Args {
    std::vector<std::string> values;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
  };

  LabelKeepStage(const StageContext&, const Args& args) : args_(args) {}

  void process(StageBatch& batch) override {
    LabelsBuilder builder;
    batch.rewrite_labels([&](const Labels& labels) {
      builder.reset(labels);
      builder.remove_if([&](std::string_view name, std::string_view) {
        return std::find(args_.values.begin(), args_.values.end(), name) == args_.values.end();
      });
      return builder.build();
    });
  }
  [[nodiscard]] bool reads_found() const override { return false; }

 private:
  const Args args_;
};

schema::Schema LabelKeepStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::values>("values", "Names of the labels to keep.").required(),
  });
  return kTable;
}

void LabelKeepStage::Args::validate(schema::Problems& problems) const {
  if (values.empty()) problems.add("values", "names no label", {}, text::DiagnosticCode::kBadValue);
}

}  // namespace

extern constexpr StageDef stage_label_keep =
    define_stage<LabelKeepStage>("label_keep", "Removes every label but those named.");

}  // namespace weir::loki

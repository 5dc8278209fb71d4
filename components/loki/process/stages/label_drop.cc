// SPDX-License-Identifier: Apache-2.0
// stage.label_drop: removes labels by name.

#include "components/loki/process/stage.h"

#include <string>
#include <vector>

namespace weir::loki {
namespace {

class LabelDropStage final : public Stage {
 public:
  struct Args {
    std::vector<std::string> values;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
  };

  LabelDropStage(const StageContext&, const Args& args) : args_(args) {}

  void process(StageBatch& batch) override {
    LabelsBuilder builder;
    batch.rewrite_labels([&](const Labels& labels) {
      builder.reset(labels);
      for (const std::string& name : args_.values) builder.remove(name);
      return builder.build();
    });
  }
  [[nodiscard]] bool reads_found() const override { return false; }

 private:
  const Args args_;
};

schema::Schema LabelDropStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::values>("values", "Names of the labels to remove.").required(),
  });
  return kTable;
}

void LabelDropStage::Args::validate(schema::Problems& problems) const {
  if (values.empty()) problems.add("values", "names no label", {}, text::DiagnosticCode::kBadValue);
}

}  // namespace

extern constexpr StageDef stage_label_drop =
    define_stage<LabelDropStage>("label_drop", "Removes labels by name.");

}  // namespace weir::loki

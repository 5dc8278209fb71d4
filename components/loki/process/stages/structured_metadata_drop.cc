// SPDX-License-Identifier: Apache-2.0
// stage.structured_metadata_drop: removes structured metadata by name.

#include "components/loki/process/stage.h"

#include <algorithm>
#include <string>
#include <vector>

namespace weir::loki {
namespace {

class StructuredMetadataDropStage final : public Stage {
 public:
  struct Args {
    std::vector<std::string> values;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
  };

  StructuredMetadataDropStage(const StageContext&, const Args& args) : args_(args) {}

  void process(StageBatch& batch) override {
    const auto goes = [this](const Label& label) {
      return std::find(args_.values.begin(), args_.values.end(), label.name) != args_.values.end();
    };
    std::vector<Label> kept;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      Entry& entry = batch.entry(i);
      if (std::none_of(entry.metadata.begin(), entry.metadata.end(), goes)) continue;
      kept.clear();
      std::remove_copy_if(entry.metadata.begin(), entry.metadata.end(), std::back_inserter(kept),
                          goes);
      entry.metadata = batch.logs().metadata(kept);
    }
  }
  [[nodiscard]] bool reads_found() const override { return false; }

 private:
  const Args args_;
};

schema::Schema StructuredMetadataDropStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::values>("values", "Names of the metadata to remove.").required(),
  });
  return kTable;
}

void StructuredMetadataDropStage::Args::validate(schema::Problems& problems) const {
  if (values.empty())
    problems.add("values", "names no metadata", {}, text::DiagnosticCode::kBadValue);
}

}  // namespace

extern constexpr StageDef stage_structured_metadata_drop =
    define_stage<StructuredMetadataDropStage>("structured_metadata_drop",
                                              "Removes structured metadata by name.");

}  // namespace weir::loki

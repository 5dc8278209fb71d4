// SPDX-License-Identifier: Apache-2.0
// stage.static_labels: sets labels to fixed values.

#include "base/utf8.h"
#include "components/loki/process/stage.h"

#include <map>
#include <optional>
#include <string>

namespace weir::loki {
namespace {

class StaticLabelsStage final : public Stage {
 public:
  struct Args {
    std::map<std::string, std::optional<std::string>> values;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void names(FoundNames& names) const {
      for (const auto& [name, value] : values) names.labels.push_back(name);
    }
  };

  StaticLabelsStage(const StageContext&, const Args& args) : args_(args) {}

  void process(StageBatch& batch) override {
    LabelsBuilder builder;
    batch.rewrite_labels([&](const Labels& labels) {
      builder.reset(labels);
      for (const auto& [name, value] : args_.values) {
        if (value && !value->empty()) builder.set(name, *value);
      }
      return builder.build();
    });
  }
  [[nodiscard]] bool reads_found() const override { return false; }

 private:
  const Args args_;
};

schema::Schema StaticLabelsStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::values>("values", "Labels and their values; one without a value is not set.")
          .required(),
  });
  return kTable;
}

void StaticLabelsStage::Args::validate(schema::Problems& problems) const {
  for (const auto& [name, value] : values) {
    if (!is_utf8_label_name(name)) {
      problems.add("values", format("\"{}\" cannot name a label", name), {},
                   text::DiagnosticCode::kBadLabelName);
    }
    if (value && !is_utf8(*value)) {
      problems.add("values", format("the value of \"{}\" is not UTF-8", name), {},
                   text::DiagnosticCode::kBadValue);
    }
  }
}

}  // namespace

extern constexpr StageDef stage_static_labels =
    define_stage<StaticLabelsStage>("static_labels", "Sets labels to fixed values.");

}  // namespace weir::loki

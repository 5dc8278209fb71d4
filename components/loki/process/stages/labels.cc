// SPDX-License-Identifier: Apache-2.0
// stage.labels: sets labels from what earlier stages found, or from structured metadata.

#include "base/utf8.h"
#include "components/loki/process/label_memo.h"
#include "components/loki/process/stage.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::loki {
namespace {

class LabelsStage final : public Stage {
 public:
  struct Args {
    std::map<std::string, std::optional<std::string>> values;
    std::string source_type = "extracted";

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void names(FoundNames& names) const;
  };

  LabelsStage(const StageContext& context, const Args& args)
      : log_(context.log), from_metadata_(args.source_type == "structured_metadata") {
    for (const auto& [label, source] : args.values)
      sources_.emplace_back(label, source.value_or("").empty() ? label : *source);
  }

  void process(StageBatch& batch) override {
    LabelMemo memo(batch.logs());
    std::vector<Label> changes;
    std::size_t not_text = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      changes.clear();
      for (const auto& [label, source] : sources_) {
        const FoundValue value =
            from_metadata_ ? in_metadata(batch.entry(i), source) : batch.found(i, source);
        const std::string_view text = batch.text(value);
        if (value.has_text() && is_utf8(text)) {
          changes.push_back({label, text});
        } else if (value.exists()) {
          ++not_text;
        }
      }
      batch.entry(i).labels = memo.with(batch.entry(i).labels, changes);
    }
    if (not_text != 0)
      log_.debug("failed to convert extracted label value to string",
                 {{"stage", "labels"}, {"values", not_text}});
  }
  [[nodiscard]] bool reads_found() const override { return !from_metadata_; }

 private:
  static FoundValue in_metadata(const Entry& entry, std::string_view name) {
    for (const Label& label : entry.metadata) {
      if (label.name == name) return FoundValue(label.value);
    }
    return {};
  }

  const Logger log_;
  const bool from_metadata_;
  std::vector<std::pair<std::string, std::string>> sources_;  ///< label, where its value is found
};

schema::Schema LabelsStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::values>("values",
                          "Labels, and the name of the value each takes; its own name if empty.")
          .required(),
      attr<&Args::source_type>("source_type", "Where the values are.")
          .one_of("extracted", "structured_metadata"),
  });
  return kTable;
}

void LabelsStage::Args::names(FoundNames& names) const {
  // A label made of one of another name may rename what came in; one of its own name only repeats
  // it.
  for (const auto& [label, source] : values) {
    names.labels.push_back(label);
    if (source_type != "extracted") continue;
    if (source.value_or("").empty() || *source == label)
      names.wants.push_back(label);
    else
      names.reads.emplace_back("values", *source);
  }
}

void LabelsStage::Args::validate(schema::Problems& problems) const {
  for (const auto& [label, source] : values) {
    if (is_utf8_label_name(label)) continue;
    problems.add("values", format("\"{}\" cannot name a label", label), {},
                 text::DiagnosticCode::kBadLabelName);
  }
}

}  // namespace

extern constexpr StageDef stage_labels =
    define_stage<LabelsStage>("labels", "Sets labels from extracted values.");

}  // namespace weir::loki

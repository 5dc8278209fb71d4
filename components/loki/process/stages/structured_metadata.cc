// SPDX-License-Identifier: Apache-2.0
// stage.structured_metadata: moves labels, and copies extracted values, to structured metadata.

#include "base/utf8.h"
#include "components/loki/process/stage.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::loki {
namespace {

class StructuredMetadataStage final : public Stage {
 public:
  struct Args {
    std::map<std::string, std::optional<std::string>> values;
    Regex regex;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void names(FoundNames& names) const {
      for (const auto& [name, from] : values)
        names.reads.emplace_back("values", from.value_or("").empty() ? name : *from);
    }
  };

  StructuredMetadataStage(const StageContext& context, const Args& args)
      : log_(context.log), regex_(args.regex), has_regex_(!args.regex.text().empty()) {
    for (const auto& [name, source] : args.values)
      sources_.emplace_back(name, source.value_or("").empty() ? name : *source);
  }

  void process(StageBatch& batch) override {
    // Metadata travels on with the batch, so its texts are the batch's.
    std::vector<std::string_view> names;
    for (const auto& [name, source] : sources_) names.push_back(batch.logs().text(name));
    std::vector<std::optional<Moved>> moved(batch.logs().label_sets().size());
    std::vector<Label> metadata;
    std::size_t not_text = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      Entry& entry = batch.entry(i);
      metadata.assign(entry.metadata.begin(), entry.metadata.end());
      take_found(batch, i, names, metadata, not_text);
      std::optional<Moved>& labels = moved[entry.labels];
      if (!labels) labels = take_labels(batch, i, names);
      for (const Label& label : labels->metadata) put(metadata, label);
      entry.labels = labels->rest;
      if (!metadata.empty()) entry.metadata = batch.logs().metadata(metadata);
    }
    if (not_text != 0)
      log_.debug("failed to convert extracted label value to string",
                 {{"stage", "structured_metadata"}, {"values", not_text}});
  }

 private:
  /// What a label set gives, and what remains of it.
  struct Moved {
    std::vector<Label> metadata;
    std::uint32_t rest;
  };

  static void put(std::vector<Label>& metadata, const Label& label) {
    const auto at = std::find_if(metadata.begin(), metadata.end(),
                                 [&](const Label& l) { return l.name == label.name; });
    if (at != metadata.end()) {
      *at = label;
    } else {
      metadata.push_back(label);
    }
  }

  void take_found(StageBatch& batch, std::size_t i, const std::vector<std::string_view>& names,
                  std::vector<Label>& metadata, std::size_t& not_text) const {
    for (std::size_t n = 0; n < sources_.size(); ++n) {
      const FoundValue value = batch.found(i, sources_[n].second);
      if (value.exists() && !value.has_text()) ++not_text;
      const std::string_view text = batch.text(value);
      if (value.has_text() && is_utf8(text)) put(metadata, {names[n], text});
    }
    if (!has_regex_) return;
    batch.each_found(i, [&](std::string_view name, const FoundValue& value) {
      if (!regex_.matches(name)) return;
      if (!value.has_text()) {
        ++not_text;
        return;
      }
      const std::string_view text = batch.text(value);
      if (is_utf8(text)) put(metadata, {batch.logs().text(name), text});
    });
  }

  Moved take_labels(StageBatch& batch, std::size_t i,
                    const std::vector<std::string_view>& names) const {
    const Labels labels = batch.labels(i);
    Moved out;
    LabelsBuilder rest(labels);
    for (std::size_t n = 0; n < sources_.size(); ++n) {
      const std::string& source = sources_[n].second;
      if (!labels.has(source)) continue;
      put(out.metadata, {names[n], batch.logs().text(labels.get(source))});
      rest.remove(source);
    }
    for (const Label& label : labels) {
      if (!has_regex_ || !rest.has(label.name) || !regex_.matches(label.name)) continue;
      put(out.metadata, {batch.logs().text(label.name), batch.logs().text(label.value)});
      rest.remove(label.name);
    }
    out.rest =
        out.metadata.empty() ? batch.entry(i).labels : batch.logs().label_index(rest.build());
    return out;
  }

  const Logger log_;
  const Regex regex_;
  const bool has_regex_;
  std::vector<std::pair<std::string, std::string>>
      sources_;  ///< name of the metadata, of the value
};

schema::Schema StructuredMetadataStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::values>(
          "values",
          "Names of metadata, and the extracted value or label each takes; its own name if empty."),
      attr<&Args::regex>(
          "regex",
          "Extracted values and labels whose name matches are taken under their own name."),
  });
  return kTable;
}

void StructuredMetadataStage::Args::validate(schema::Problems& problems) const {
  for (const auto& [name, source] : values) {
    if (is_utf8_label_name(name)) continue;
    problems.add("values", format("\"{}\" cannot name a label", name), {},
                 text::DiagnosticCode::kBadLabelName);
  }
}

}  // namespace

extern constexpr StageDef stage_structured_metadata = define_stage<StructuredMetadataStage>(
    "structured_metadata", "Moves labels and copies extracted values to structured metadata.");

}  // namespace weir::loki

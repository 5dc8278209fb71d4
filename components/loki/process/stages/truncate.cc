// SPDX-License-Identifier: Apache-2.0
// stage.truncate: shortens lines, labels, structured metadata and extracted values.

#include "components/loki/process/go_text.h"
#include "components/loki/process/stage.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace weir::loki {
namespace {

/// What a rule shortens, as it is written in the configuration, in `truncated` and in the metric.
constexpr std::array<std::string_view, 4> kTruncatedFields = {"extracted", "label", "line",
                                                              "structured_metadata"};

class TruncateStage final : public Stage {
 public:
  struct Rule {
    Bytes limit{};
    std::string suffix;
    std::vector<std::string> sources;
    std::string source_type = "line";

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    [[nodiscard]] bool takes(std::string_view name) const {
      return sources.empty() || std::find(sources.begin(), sources.end(), name) != sources.end();
    }
    /// The text that stays of one, the suffix behind it not included.
    [[nodiscard]] std::size_t room() const { return limit.count - suffix.size(); }
  };
  struct Args {
    std::vector<Rule> rules;
    static schema::Schema schema();
    void names(FoundNames& names) const { names.gives.emplace_back("truncated"); }
  };

  TruncateStage(const StageContext& context, const Args& args) : args_(args) {
    for (std::size_t f = 0; f < kTruncatedFields.size(); ++f) {
      truncated_[f] = context.metrics.counter("loki_process_truncated_fields_total",
                                              "A count of all log lines, labels, extracted values, "
                                              "or structured_metadata truncated as a result of a "
                                              "pipeline stage",
                                              {{"field", std::string(kTruncatedFields[f])}});
    }
  }

  void process(StageBatch& batch) override {
    std::vector<unsigned> fields(batch.size());  // a bit each
    for (const Rule& rule : args_.rules) {
      const auto at = std::find(kTruncatedFields.begin(), kTruncatedFields.end(), rule.source_type);
      const auto field = static_cast<std::size_t>(at - kTruncatedFields.begin());
      std::size_t count = 0;
      std::vector<std::optional<Shortened>> known(batch.logs().label_sets().size());
      for (std::size_t i = 0; i < batch.size(); ++i) {
        const std::size_t cut = rule.source_type == "line"    ? cut_line(batch, i, rule)
                                : rule.source_type == "label" ? cut_labels(batch, i, rule, known)
                                : rule.source_type == "extracted" ? cut_found(batch, i, rule)
                                                                  : cut_metadata(batch, i, rule);
        if (cut != 0) fields[i] |= 1u << field;
        count += cut;
      }
      if (count != 0) truncated_[field].add(static_cast<double>(count));
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (fields[i] != 0) tell(batch, i, fields[i]);
    }
  }

 private:
  /// What a label set becomes, and how many of its values were too long.
  struct Shortened {
    std::uint32_t labels;
    std::size_t count;
  };

  static bool is_long(const Rule& rule, std::string_view text) { return text.size() > rule.room(); }
  static std::string_view shortened(StageBatch& batch, const Rule& rule, std::string_view text) {
    return batch.logs().text(std::string(text.substr(0, rule.room())) + rule.suffix);
  }

  static std::size_t cut_line(StageBatch& batch, std::size_t i, const Rule& rule) {
    std::string_view& line = batch.entry(i).line;
    if (!is_long(rule, line)) return 0;
    line = rule.suffix.empty() ? line.substr(0, rule.room()) : shortened(batch, rule, line);
    return 1;
  }

  static std::size_t cut_labels(StageBatch& batch, std::size_t i, const Rule& rule,
                                std::vector<std::optional<Shortened>>& known) {
    std::optional<Shortened>& result = known[batch.entry(i).labels];
    if (!result) {
      const Labels labels = batch.labels(i);
      LabelsBuilder builder(labels);
      std::size_t count = 0;
      for (const Label& label : labels) {
        if (!rule.takes(label.name) || !is_long(rule, label.value)) continue;
        builder.set(label.name, shortened(batch, rule, label.value));
        ++count;
      }
      result = Shortened{
          count == 0 ? batch.entry(i).labels : batch.logs().label_index(builder.build()), count};
    }
    batch.entry(i).labels = result->labels;
    return result->count;
  }

  static std::size_t cut_metadata(StageBatch& batch, std::size_t i, const Rule& rule) {
    Entry& entry = batch.entry(i);
    std::vector<Label> metadata(entry.metadata.begin(), entry.metadata.end());
    std::size_t count = 0;
    for (Label& label : metadata) {
      if (!rule.takes(label.name) || !is_long(rule, label.value)) continue;
      label.value = shortened(batch, rule, label.value);
      ++count;
    }
    if (count != 0) entry.metadata = batch.logs().metadata(metadata);
    return count;
  }

  static std::size_t cut_found(StageBatch& batch, std::size_t i, const Rule& rule) {
    std::vector<Label> changes;
    batch.each_found(i, [&](std::string_view name, const FoundValue& value) {
      const bool is_text = value.kind() == FoundValue::Kind::kText;
      if (is_text && rule.takes(name) && is_long(rule, value.as_text()))
        changes.push_back({name, value.as_text()});
    });
    for (const Label& change : changes)
      batch.set_found(i, change.name, FoundValue(shortened(batch, rule, change.value)));
    return changes.size();
  }

  /// `truncated` is what this stage and those before it have shortened.
  static void tell(StageBatch& batch, std::size_t i, unsigned fields) {
    std::set<std::string_view> all;
    for (std::size_t f = 0; f < kTruncatedFields.size(); ++f) {
      if ((fields >> f & 1) != 0) all.insert(kTruncatedFields[f]);
    }
    const FoundValue before = batch.found(i, "truncated");
    if (before.kind() == FoundValue::Kind::kText) {
      for (const std::string_view one : split_text(before.as_text(), ",")) all.insert(one);
    }
    std::string joined;
    for (const std::string_view one : all) joined.append(joined.empty() ? "" : ",").append(one);
    batch.set_found(i, "truncated", FoundValue(batch.logs().text(joined)));
  }

  const Args args_;
  std::array<Counter, kTruncatedFields.size()> truncated_;
};

schema::Schema TruncateStage::Rule::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Rule::limit>("limit", "How long a text may be, the suffix included.").required(),
      attr<&Rule::suffix>("suffix", "What is put at the end of a text that was shortened."),
      attr<&Rule::sources>("sources", "Names of what is shortened; all if empty."),
      attr<&Rule::source_type>("source_type", "What is shortened.")
          .one_of("line", "label", "structured_metadata", "extracted"),
  });
  return kTable;
}

void TruncateStage::Rule::validate(schema::Problems& problems) const {
  if (limit.count == 0)
    problems.add("limit", "must be greater than zero", {}, text::DiagnosticCode::kBadValue);
  if (source_type == "line" && !sources.empty())
    problems.add("sources", "the line has no sources to choose from");
  if (!suffix.empty() && limit.count <= suffix.size())
    problems.add("suffix", "is as long as the limit or longer");
}

schema::Schema TruncateStage::Args::schema() {
  static constexpr auto kTable = schema::table({
      schema::block<&Args::rules>("rule", "What is shortened, and to what length.").required(),
  });
  return kTable;
}

}  // namespace

extern constexpr StageDef stage_truncate = define_stage<TruncateStage>(
    "truncate", "Shortens lines, labels, structured metadata and extracted values.");

}  // namespace weir::loki

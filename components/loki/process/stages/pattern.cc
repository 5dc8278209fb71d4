// SPDX-License-Identifier: Apache-2.0
// stage.pattern: extracts the captures of a LogQL pattern.

#include "base/utf8.h"
#include "components/loki/process/label_memo.h"
#include "components/loki/process/log_pattern.h"
#include "components/loki/process/stages/input.h"

#include <optional>
#include <string>
#include <vector>

namespace weir::loki {
namespace {

class PatternStage final : public Stage {
 public:
  struct Args {
    std::string pattern;
    std::optional<std::string> source;
    bool labels_from_groups = false;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void names(FoundNames& names) const;
  };

  PatternStage(const StageContext& context, const Args& args)
      : makes_labels_(args.labels_from_groups),
        log_(context.log),
        input_("pattern", args.source.value_or("")),
        pattern_(LogPattern::parse(args.pattern).value_or(LogPattern())) {}

  void process(StageBatch& batch) override {
    StageInput::Misses misses;
    LabelMemo memo(batch.logs());
    std::vector<Label> changes;
    std::vector<std::pair<std::string_view, std::string_view>> captures;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto text = input_.read(batch, i, misses);
      if (!text) continue;
      if (!pattern_.match(*text, captures)) {
        ++misses.no_match;
        continue;
      }
      changes.clear();
      for (const auto& [name, value] : captures) {
        batch.set_found(i, name, FoundValue(value));
        if (makes_labels_ && is_utf8(value)) changes.push_back({name, value});
      }
      batch.entry(i).labels = memo.with(batch.entry(i).labels, changes);
    }
    input_.report(misses, log_);
  }
  [[nodiscard]] bool reads_found() const override { return !input_.is_line(); }

 private:
  const bool makes_labels_;
  const Logger log_;
  const StageInput input_;
  const LogPattern pattern_;
};

schema::Schema PatternStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::pattern>("pattern", "The pattern; each named capture is an extracted value.")
          .required(),
      attr<&Args::source>("source", "Extracted value to match; the line if not given."),
      attr<&Args::labels_from_groups>("labels_from_groups",
                                      "Whether the captures become labels too."),
  });
  return kTable;
}

void PatternStage::Args::names(FoundNames& names) const {
  names.reads.emplace_back("source", source.value_or(""));
  const auto parsed = LogPattern::parse(pattern);
  if (!parsed) return;
  for (const std::string& name : parsed->names()) names.gives.push_back(name);
}

void PatternStage::Args::validate(schema::Problems& problems) const {
  if (const auto parsed = LogPattern::parse(pattern); !parsed) {
    problems.add("pattern", format("is not a pattern: {}", parsed.error().message), {},
                 text::DiagnosticCode::kBadValue);
  }
  if (source && source->empty())
    problems.add("source", "must not be empty", {}, text::DiagnosticCode::kBadValue);
}

}  // namespace

extern constexpr StageDef stage_pattern =
    define_stage<PatternStage>("pattern", "Extracts the captures of a LogQL pattern.");

}  // namespace weir::loki

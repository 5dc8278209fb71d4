// SPDX-License-Identifier: Apache-2.0
// stage.regex: extracts the named groups of a regular expression.

#include "base/utf8.h"
#include "components/loki/process/label_memo.h"
#include "components/loki/process/stages/input.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::loki {
namespace {

class RegexStage final : public Stage {
 public:
  struct Args {
    Regex expression;
    std::optional<std::string> source;
    bool labels_from_groups = false;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void names(FoundNames& names) const;
  };

  RegexStage(const StageContext& context, const Args& args)
      : args_(args), log_(context.log), input_("regex", args.source.value_or("")) {
    const std::vector<std::string>& names = args_.expression.group_names();
    for (std::size_t i = 1; i < names.size(); ++i) {
      if (!names[i].empty()) groups_.push_back({i, names[i], args.labels_from_groups});
    }
  }

  void process(StageBatch& batch) override {
    StageInput::Misses misses;
    LabelMemo memo(batch.logs());
    std::vector<Label> changes;
    std::vector<std::string_view> found(args_.expression.group_names().size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto text = input_.read(batch, i, misses);
      if (!text) continue;
      if (!args_.expression.match(*text, found)) {
        ++misses.no_match;
        continue;
      }
      changes.clear();
      for (const Group& group : groups_) {
        const std::string_view value = found[group.index];  // one that took no part is empty
        batch.set_found(i, group.name, FoundValue(value));
        if (group.is_label && is_utf8(value)) changes.push_back({group.name, value});
      }
      batch.entry(i).labels = memo.with(batch.entry(i).labels, changes);
    }
    input_.report(misses, log_);
  }
  [[nodiscard]] bool reads_found() const override { return !input_.is_line(); }

 private:
  struct Group {
    std::size_t index;
    std::string name;
    bool is_label;
  };

  const Args args_;
  const Logger log_;
  const StageInput input_;
  std::vector<Group> groups_;
};

schema::Schema RegexStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::expression>("expression",
                              "The expression; each named group becomes an extracted value.")
          .required(),
      attr<&Args::source>("source", "Extracted value to match; the line if not given."),
      attr<&Args::labels_from_groups>("labels_from_groups",
                                      "Whether the groups become labels too."),
  });
  return kTable;
}

void RegexStage::Args::names(FoundNames& names) const {
  names.reads.emplace_back("source", source.value_or(""));
  const std::vector<std::string>& groups = expression.group_names();
  names.gives.insert(names.gives.end(), groups.begin(), groups.end());
}

void RegexStage::Args::validate(schema::Problems& problems) const {
  if (expression.text().empty())
    problems.add("expression", "must not be empty", {}, text::DiagnosticCode::kBadRegex);
  if (source && source->empty())
    problems.add("source", "must not be empty", {}, text::DiagnosticCode::kBadValue);
}

}  // namespace

extern constexpr StageDef stage_regex =
    define_stage<RegexStage>("regex", "Extracts the named groups of a regular expression.");

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// stage.drop: drops entries for which every given condition holds.

#include "components/loki/process/go_text.h"
#include "components/loki/process/stage.h"

#include <string>
#include <vector>

namespace weir::loki {
namespace {

class DropStage final : public Stage {
 public:
  struct Args {
    std::string source;
    Regex expression;
    std::string value;
    std::string separator = ";";
    Duration older_than{};
    Bytes longer_than{};
    std::string drop_counter_reason = "drop_stage";

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void names(FoundNames& names) const {
      for (const std::string_view name : split_text(source, ",", -1))
        names.reads.emplace_back("source", name);
    }
  };

  DropStage(const StageContext& context, const Args& args)
      : args_(args),
        sources_(split_text(args_.source, ",", args_.source.empty() ? 0 : -1)),
        separator_(args.separator.empty() ? ";" : args.separator),
        log_(context.log),
        clock_(context.clock),
        dropped_(context.dropped(args.drop_counter_reason.empty() ? "drop_stage"
                                                                  : args.drop_counter_reason)) {}

  void process(StageBatch& batch) override {
    const Time oldest = clock_.now() - args_.older_than;
    std::size_t not_text = 0;
    const std::size_t dropped =
        batch.remove_if([&](std::size_t i) { return goes(batch, i, oldest, not_text); });
    if (dropped != 0) dropped_.add(static_cast<double>(dropped));
    if (not_text != 0) {
      log_.debug(
          "Failed to convert extracted map value to string, cannot test regex line will not be "
          "dropped.",
          {{"stage", "drop"}, {"source", args_.source}, {"entries", not_text}});
    }
  }
  [[nodiscard]] bool reads_found() const override { return !sources_.empty(); }

 private:
  /// The cheapest conditions come first.
  bool goes(StageBatch& batch, std::size_t i, Time oldest, std::size_t& not_text) const {
    const Entry& entry = batch.entry(i);
    if (args_.longer_than.count != 0 && entry.line.size() <= args_.longer_than.count) return false;
    if (args_.older_than != Duration::zero() && entry.time >= oldest) return false;
    if (sources_.empty())
      return args_.expression.text().empty() || args_.expression.matches(entry.line);
    return sources_match(batch, i, not_text);
  }

  bool sources_match(StageBatch& batch, std::size_t i, std::size_t& not_text) const {
    const bool looks_inside = !args_.value.empty() || !args_.expression.text().empty();
    std::string joined;
    bool first = true;
    for (const std::string_view source : sources_) {
      const FoundValue value = batch.found(i, source);
      if (!looks_inside && !value.exists()) return false;
      if (!looks_inside || !value.exists()) continue;
      if (!value.has_text()) {
        ++not_text;
        return false;
      }
      if (!std::exchange(first, false)) joined += separator_;
      joined += batch.text(value);
    }
    if (!args_.value.empty()) return joined == args_.value;
    return args_.expression.text().empty() || args_.expression.matches(joined);
  }

  const Args args_;
  const std::vector<std::string_view> sources_;  ///< parts of args_.source
  const std::string separator_;
  const Logger log_;
  Clock& clock_;
  Counter dropped_;
};

schema::Schema DropStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::source>(
          "source", "Extracted values to look at, names parted by commas; the line if empty."),
      attr<&Args::expression>("expression",
                              "What the line, or the joined values of `source`, must match."),
      attr<&Args::value>("value", "What the joined values of `source` must be."),
      attr<&Args::separator>("separator", "Text put between the joined values."),
      attr<&Args::older_than>("older_than", "How old the entry's timestamp must be at least."),
      attr<&Args::longer_than>("longer_than",
                               "How long the line must be at least, this much not included."),
      attr<&Args::drop_counter_reason>("drop_counter_reason",
                                       "The reason under which dropped lines are counted."),
  });
  return kTable;
}

void DropStage::Args::validate(schema::Problems& problems) const {
  if (source.empty() && expression.text().empty() && older_than == Duration::zero() &&
      longer_than.count == 0) {
    problems.add({},
                 "stage.drop needs at least one of source, expression, older_than and longer_than");
  }
  if (!value.empty() && !expression.text().empty())
    problems.add("value", "value and expression do not go together");
  if (!value.empty() && source.empty())
    problems.add("value", "value needs a source whose value it is");
}

}  // namespace

extern constexpr StageDef stage_drop =
    define_stage<DropStage>("drop", "Drops entries for which every given condition holds.");

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// stage.logfmt: extracts values from logfmt text.

#include "components/loki/process/logfmt.h"

#include "components/loki/process/stages/input.h"

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace weir::loki {
namespace {

/// How many pairs of one line `regex` may take: the next stage looks through all of them.
constexpr std::size_t kMaxPairs = 1000;

class LogfmtStage final : public Stage {
 public:
  struct Args {
    std::map<std::string, std::string> mapping;
    Regex regex;
    std::string source;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void names(FoundNames& names) const;
  };

  LogfmtStage(const StageContext& context, const Args& args)
      : args_(args), log_(context.log), input_("logfmt", args.source) {
    for (const auto& [name, key] : args_.mapping)
      wanted_.insert_or_assign(key.empty() ? name : key, name);
  }

  void process(StageBatch& batch) override {
    StageInput::Misses misses;
    std::size_t failed = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (const auto text = input_.read(batch, i, misses))
        failed += extract(batch, i, *text) ? 0 : 1;
    }
    input_.report(misses, log_);
    if (failed != 0)
      log_.debug("failed to decode logfmt", {{"stage", "logfmt"}, {"entries", failed}});
  }
  [[nodiscard]] bool reads_found() const override { return !input_.is_line(); }

 private:
  bool extract(StageBatch& batch, std::size_t i, std::string_view text) const {
    LogfmtScanner scanner(text);
    std::size_t by_regex = 0;
    while (scanner.next()) {
      const auto wanted = wanted_.find(scanner.key());
      const bool fits =
          !args_.regex.text().empty() && by_regex < kMaxPairs && args_.regex.matches(scanner.key());
      if (wanted == wanted_.end() && !fits) continue;
      const std::string_view value =
          scanner.value_is_unescaped() ? batch.logs().text(scanner.value()) : scanner.value();
      if (wanted != wanted_.end()) batch.set_found(i, wanted->second, FoundValue(value));
      if (!fits) continue;
      batch.set_found(i, scanner.key(), FoundValue(value));
      ++by_regex;
    }
    return !scanner.failed();
  }

  const Args args_;
  const Logger log_;
  const StageInput input_;
  std::map<std::string, std::string, std::less<>> wanted_;  ///< key in the text → name of the value
};

schema::Schema LogfmtStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::mapping>(
          "mapping", "Names of values, and the key each is found under; its own name if empty."),
      attr<&Args::regex>("regex", "Keys that match are extracted under their own name."),
      attr<&Args::source>("source", "Extracted value to read; the line if empty."),
  });
  return kTable;
}

void LogfmtStage::Args::names(FoundNames& names) const {
  names.reads.emplace_back("source", source);
  for (const auto& [name, key] : mapping) names.gives.push_back(name);
  names.gives_any = names.gives_any || !regex.text().empty();
}

void LogfmtStage::Args::validate(schema::Problems& problems) const {
  if (mapping.empty() && regex.text().empty())
    problems.add({}, "stage.logfmt needs mapping or regex");
}

}  // namespace

extern constexpr StageDef stage_logfmt =
    define_stage<LogfmtStage>("logfmt", "Extracts values from logfmt text.");

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// stage.replace: replaces what the groups of a regular expression capture, by a Go template of
// each.

#include "components/loki/process/go_template.h"
#include "components/loki/process/stages/found_data.h"
#include "components/loki/process/stages/input.h"

#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace weir::loki {
namespace {

class ReplaceStage final : public Stage {
 public:
  struct Args {
    Regex expression;
    std::string source;
    GoTemplate replace;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void names(FoundNames& names) const;
  };

  ReplaceStage(const StageContext& context, const Args& args)
      : args_(args), log_(context.log), input_("replace", args.source) {}

  void process(StageBatch& batch) override {
    StageInput::Misses misses;
    std::size_t failed = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto text = input_.read(batch, i, misses);
      if (text && !rewrite(batch, i, *text)) ++failed;
    }
    input_.report(misses, log_);
    if (failed != 0)
      log_.debug("failed to execute template on extracted value",
                 {{"stage", "replace"}, {"entries", failed}});
  }

 private:
  /// What was captured and what became of it, the latest of equal texts last.
  using Replaced = std::vector<std::pair<std::string_view, std::string>>;

  bool rewrite(StageBatch& batch, std::size_t i, std::string_view text) const {
    std::vector<std::string_view> first;
    Replaced replaced;
    std::string out;
    std::size_t done = 0;
    bool good = true;
    args_.expression.find_all(text, [&](std::span<const std::string_view> groups) {
      if (first.empty()) first.assign(groups.begin(), groups.end());
      good = replace_groups(batch, i, text, groups, done, out, replaced);
      return good;
    });
    if (!good || first.empty()) return good;
    out += text.substr(done);
    const std::string_view result = batch.logs().text(out);
    if (input_.is_line()) {
      batch.entry(i).line = result;
    } else {
      batch.set_found(i, input_.source(), FoundValue(result));
    }
    find_groups(batch, i, first, replaced);
    return true;
  }

  /// Each group of one match: the text up to it and what it becomes. Of nested groups the outer one
  /// counts.
  bool replace_groups(StageBatch& batch, std::size_t i, std::string_view text,
                      std::span<const std::string_view> groups, std::size_t& done, std::string& out,
                      Replaced& replaced) const {
    for (std::size_t g = 1; g < groups.size(); ++g) {
      if (groups[g].data() == nullptr) continue;
      std::string made;
      const std::array<Label, 1> value = {Label{"Value", groups[g]}};
      if (!args_.replace.render(FoundData(batch, i, value), made)) return false;
      const auto begin = static_cast<std::size_t>(groups[g].data() - text.data());
      if (done <= begin) {
        out += text.substr(done, begin - done);
        out += made;
        done = begin + groups[g].size();
      }
      const auto known = find_replaced(replaced, groups[g]);
      if (known != replaced.end()) {
        known->second = std::move(made);
      } else if (replaced.size() < kMaxReplaced) {
        replaced.emplace_back(groups[g], std::move(made));
      }
    }
    return true;
  }

  /// The named groups of the first match are found values, as they became.
  void find_groups(StageBatch& batch, std::size_t i, const std::vector<std::string_view>& first,
                   Replaced& replaced) const {
    const std::vector<std::string>& names = args_.expression.group_names();
    for (std::size_t g = 1; g < names.size(); ++g) {
      if (names[g].empty()) continue;
      const auto known = find_replaced(replaced, first[g]);
      if (known != replaced.end())
        batch.set_found(i, names[g], FoundValue(batch.logs().text(known->second)));
    }
  }

  static Replaced::iterator find_replaced(Replaced& replaced, std::string_view captured) {
    auto at = replaced.begin();
    while (at != replaced.end() && at->first != captured) ++at;
    return at;
  }

  /// Only named groups of the first match are ever asked for; a line of a million matches keeps no
  /// more.
  static constexpr std::size_t kMaxReplaced = 256;

  const Args args_;
  const Logger log_;
  const StageInput input_;
};

schema::Schema ReplaceStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::expression>("expression", "The expression whose groups are replaced.").required(),
      attr<&Args::source>("source", "Extracted value to change; the line if empty."),
      attr<&Args::replace>("replace",
                           "Go template of what each group becomes; `.Value` is what it captured."),
  });
  return kTable;
}

void ReplaceStage::Args::names(FoundNames& names) const {
  names.reads.emplace_back("source", source);
  const std::vector<std::string>& groups = expression.group_names();
  names.gives.insert(names.gives.end(), groups.begin(), groups.end());
}

void ReplaceStage::Args::validate(schema::Problems& problems) const {
  if (expression.text().empty())
    problems.add("expression", "must not be empty", {}, text::DiagnosticCode::kBadRegex);
}

}  // namespace

extern constexpr StageDef stage_replace = define_stage<ReplaceStage>(
    "replace", "Replaces what the groups of a regular expression capture.");

}  // namespace weir::loki

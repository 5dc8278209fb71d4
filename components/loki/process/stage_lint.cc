// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/stage_lint.h"

#include "components/loki/process/stage.h"
#include "interpreter/value/unknown.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

namespace weir::loki {
namespace {

using text::DiagnosticCode;

/// Whether all arguments of a block have values; those of blocks inside are asked by themselves.
bool is_known(const schema::EvaluatedBody& body) {
  return std::all_of(body.attributes.begin(), body.attributes.end(), [](const auto& attribute) {
    return attribute.value && !value::has_unknown(*attribute.value);
  });
}

/// Goes through the stages in the order of the text, with what is extracted so far.
class StageWalk {
 public:
  explicit StageWalk(catalog::Lint& lint) : lint_(lint) {}

  void run(const std::vector<schema::Chosen>& stages, const schema::EvaluatedBody& body) {
    auto next = stages.begin();
    for (const schema::EvaluatedBlock& block : body.blocks) {
      if (next != stages.end() && block.name == format("stage.{}", next->choice->name)) {
        visit(*next++, block);
      } else {
        finds_any_ = true;  // a stage that is not built
      }
    }
  }

  /// States what those downstream may want to know.
  void conclude() {
    constexpr auto kNames = DiagnosticCode::kNeverExtracted;
    if (found_.count("stream") != 0 && found_.count("content") + found_.count("output") != 0)
      lint_.settles(DiagnosticCode::kContainerFormat);
    // Some stages make labels of what they extract.
    lint_.passes(kNames);
    if (finds_any_) return lint_.gives(kNames);
    for (const auto* names : {&found_, &labels_}) {
      for (const std::string& name : *names) lint_.gives(kNames, name);
    }
  }

 private:
  void visit(const schema::Chosen& stage, const schema::EvaluatedBlock& block) {
    FoundNames own;
    const StageDef& definition = definition_of(*stage.choice);
    // What stage.metrics counts is shown by the program itself: nothing need come behind it.
    if (definition.name == "metrics") lint_.settles(DiagnosticCode::kFeedsNothing);
    if (definition.names != nullptr) definition.names(stage.args.get(), own);
    for (const std::string& name : own.wants) judge_label(name, block);
    for (const auto& [argument, name] : own.reads) judge_read(argument, name, block);
    for (const schema::Member& member :
         schema::members(definition.args().schema(), stage.args.get())) {
      const bool nests =
          member.field->kind == schema::FieldKind::kChoice && member.field->name == "stage";
      if (nests) run(*static_cast<const std::vector<schema::Chosen>*>(member.at), block.body);
    }
    found_.insert(own.gives.begin(), own.gives.end());
    labels_.insert(own.labels.begin(), own.labels.end());
    finds_any_ = finds_any_ || own.gives_any || !is_known(block.body);
  }

  /// Stages inside a stage.match find the labels that were set before it.
  [[nodiscard]] bool is_given(std::string_view name) const {
    return finds_any_ || found_.contains(name) || labels_.contains(name);
  }

  void judge_label(const std::string& name, const schema::EvaluatedBlock& block) {
    if (is_given(name)) return;
    lint_.warn(block.head, DiagnosticCode::kLabelNeverExtracted,
               format("no stage before this one extracts \"{}\", so the label is not set", name),
               hint_for(name));
  }

  void judge_read(std::string_view argument, const std::string& name,
                  const schema::EvaluatedBlock& block) {
    if (name.empty() || is_given(name)) return;
    lint_.wants(lint_.inside(block).place_of(argument), DiagnosticCode::kNeverExtracted, name,
                format("{} reads \"{}\", which no stage before it extracts and no label brings",
                       block.name, name),
                hint_for(name));
  }

  std::string hint_for(std::string_view name) {
    std::string meant;
    if (near_names_ != 0) {
      --near_names_;
      meant = text::did_you_mean(name, {found_.begin(), found_.end()});
    }
    return meant.empty() ? "extract it first, with stage.json, stage.logfmt or stage.regex" : meant;
  }

  catalog::Lint& lint_;
  std::set<std::string, std::less<>> found_, labels_;
  bool finds_any_ = false;       // also names that only the data or the world know
  std::size_t near_names_ = 20;  // how often near names are still looked for
};

}  // namespace

void lint_stages(const std::vector<schema::Chosen>& stages, catalog::Lint& lint) {
  StageWalk walk(lint);
  walk.run(stages, lint.body());
  walk.conclude();
}

}  // namespace weir::loki

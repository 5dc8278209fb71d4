// SPDX-License-Identifier: Apache-2.0
// What a stage is: the manual for whoever writes one. stages/drop.cc is the one to copy.
//
// A stage is a class with Args and process(), defined by one constant and listed by one line in
// stages/stages.def. The checker, the formatter, completion, help and the reference pages know it
// by its table of arguments.

#pragma once

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "components/core/codecs.h"
#include "components/loki/process/stage_batch.h"
#include "interpreter/schema/schema.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::loki {

/// Edits entries. An entry it cannot handle goes on unchanged: no error, at most a count and one
/// line of debug a batch.
class Stage {
 public:
  Stage() = default;
  virtual ~Stage() = default;
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  /// Edits the batch in place. Threads: any, several at once: what changes is guarded.
  virtual void process(StageBatch& batch) = 0;
  /// Whether it asks for what earlier stages found.
  [[nodiscard]] virtual bool reads_found() const { return true; }
};

/// A stage whose entries may have to wait for later ones. What waits has the receipts of the
/// batches it came from, so a source does not move past it.
class BufferingStage : public Stage {
 public:
  enum class Flush {
    kDue,  ///< what has waited its time
    kAll,  ///< everything: the pipeline ends. What would be torn is not sent but abandoned
  };
  /// Puts waiting entries at the end of `out`. Threads: as process().
  virtual void flush(Flush which, StageBatch& out) = 0;
  /// How long an entry waits for the next. Zero: nothing ever waits.
  [[nodiscard]] virtual Duration patience() const = 0;
};

/// What a stage gets to be made.
struct StageContext {
  Logger log;
  MetricScope metrics;
  Clock& clock;

  /// loki_process_dropped_lines_total with its reason.
  [[nodiscard]] Counter dropped(std::string_view reason) const;
};

/// What stages find and ask for, as far as their arguments say: for warnings.
struct FoundNames {
  std::vector<std::string> gives;
  bool gives_any = false;           ///< also names that only the data knows
  std::vector<std::string> wants;   ///< without which the stage does nothing
  std::vector<std::string> labels;  ///< that it may set
  /// What it reads, of stages before it or of the labels that come in: the argument that says so,
  /// and the name.
  std::vector<std::pair<std::string_view, std::string>> reads;
};

/// One row of the registry. A literal type.
struct StageDef {
  std::string_view name;
  std::string_view doc;
  schema::Stability stability = schema::Stability::kGenerallyAvailable;
  const schema::BlockOps& (*args)() = nullptr;
  std::unique_ptr<Stage> (*make)(const StageContext& context, const void* args) = nullptr;
  /// Adds what it finds and asks for; null: nothing to say.
  void (*names)(const void* args, FoundNames& names) = nullptr;
};

/// The definition of stage class S: its Args, and how to make one from them.
template <class S>
consteval StageDef define_stage(std::string_view name, std::string_view doc) {
  StageDef def{};
  def.name = name;
  def.doc = doc;
  def.args = &schema::detail::block_ops<typename S::Args>;
  def.make = [](const StageContext& context, const void* args) -> std::unique_ptr<Stage> {
    return std::make_unique<S>(context, *static_cast<const typename S::Args*>(args));
  };
  if constexpr (requires(const typename S::Args& args, FoundNames& names) { args.names(names); }) {
    def.names = [](const void* args, FoundNames& names) {
      static_cast<const typename S::Args*>(args)->names(names);
    };
  }
  return def;
}

/// `stage.NAME` blocks: every stage of stages.def, and the names that are not built yet.
std::span<const schema::Choice> stage_choices();
/// The definition behind a choice.
const StageDef& definition_of(const schema::Choice& choice);

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// Pipeline: stages in a row, the body of loki.process and of stage.match.

#pragma once

#include "base/mutex.h"
#include "components/loki/process/stage.h"

#include <memory>
#include <vector>

namespace weir::loki {

/// Threads: any, many at once.
class Pipeline {
 public:
  /// `stages` as decoded: each of a stage that is built, its arguments validated.
  Pipeline(const StageContext& context, const std::vector<schema::Chosen>& stages);

  /// The whole way of a batch: its labels are found values, then every stage edits it.
  void run(LogBatch& logs);
  /// What waited: which of it, see BufferingStage::Flush. Often empty.
  [[nodiscard]] LogBatch flush(BufferingStage::Flush which);
  /// How long the most impatient stage lets an entry wait; zero if nothing ever waits.
  [[nodiscard]] Duration patience() const { return patience_; }
  /// Whether any stage asks for what others found.
  [[nodiscard]] bool reads_found() const { return reads_found_; }

  /// The same for a batch that is on its way in another pipeline.
  void process(StageBatch& batch);
  /// The stages alone: labels are no found values.
  void edit(StageBatch& batch);
  void flush(BufferingStage::Flush which, StageBatch& out);

 private:
  struct Step {
    std::unique_ptr<Stage> stage;
    BufferingStage* buffering;  ///< the same, if it is one
  };
  std::unique_ptr<StageBatch::Room> take_room();
  void give_room(std::unique_ptr<StageBatch::Room> room);

  std::vector<Step> steps_;
  bool reads_found_ = false;
  Duration patience_{};
  Mutex mutex_;
  std::vector<std::unique_ptr<StageBatch::Room>> rooms_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::loki

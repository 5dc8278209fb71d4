// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/pipeline.h"

#include <algorithm>

namespace weir::loki {

Pipeline::Pipeline(const StageContext& context, const std::vector<schema::Chosen>& stages) {
  for (const schema::Chosen& chosen : stages) {
    const StageDef& definition = definition_of(*chosen.choice);
    Step step{definition.make(context, chosen.args.get()), nullptr};
    step.buffering = dynamic_cast<BufferingStage*>(step.stage.get());
    reads_found_ = reads_found_ || step.stage->reads_found();
    if (step.buffering != nullptr && step.buffering->patience() != Duration::zero()) {
      const Duration patience = step.buffering->patience();
      patience_ = patience_ == Duration::zero() ? patience : std::min(patience_, patience);
    }
    steps_.push_back(std::move(step));
  }
}

void Pipeline::run(LogBatch& logs) {
  std::unique_ptr<StageBatch::Room> room = take_room();
  StageBatch batch(logs, reads_found_, *room);
  process(batch);
  give_room(std::move(room));
}

void Pipeline::process(StageBatch& batch) {
  batch.find_labels();
  edit(batch);
}

void Pipeline::edit(StageBatch& batch) {
  for (const Step& step : steps_) {
    if (batch.empty()) return;
    step.stage->process(batch);
    batch.finish();
  }
}

LogBatch Pipeline::flush(BufferingStage::Flush which) {
  LogBatch logs;
  std::unique_ptr<StageBatch::Room> room = take_room();
  StageBatch batch(logs, reads_found_, *room);
  flush(which, batch);
  give_room(std::move(room));
  return logs;
}

void Pipeline::flush(BufferingStage::Flush which, StageBatch& out) {
  // What stage n lets go runs through the stages behind it, which may keep it in turn, before they
  // flush.
  for (const Step& step : steps_) {
    if (!out.empty()) {
      step.stage->process(out);
      out.finish();
    }
    if (step.buffering != nullptr) {
      step.buffering->flush(which, out);
      out.finish();
    }
  }
}

std::unique_ptr<StageBatch::Room> Pipeline::take_room() {
  MutexLock lock(mutex_);
  if (rooms_.empty()) return std::make_unique<StageBatch::Room>();
  std::unique_ptr<StageBatch::Room> room = std::move(rooms_.back());
  rooms_.pop_back();
  return room;
}

void Pipeline::give_room(std::unique_ptr<StageBatch::Room> room) {
  MutexLock lock(mutex_);
  rooms_.push_back(std::move(room));  // as many as ever worked at once
}

}  // namespace weir::loki

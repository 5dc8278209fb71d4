// SPDX-License-Identifier: Apache-2.0
// loki.process: runs log entries through a pipeline of stages.

#include "base/snapshot.h"
#include "components/core/sink.h"
#include "components/loki/process/pipeline.h"
#include "components/loki/process/stage_lint.h"
#include "interpreter/catalog/lint.h"
#include "interpreter/graph/component.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace weir::loki {
namespace {

/// Edits log entries, stage by stage.
///
/// Data:    LogBatch in, the same LogBatch out; some stages keep entries for a while, with their
/// receipts. Threads: consume() from any thread, many at once; update() from the control thread
/// only. Errors:  none of its own; the outcome travels in the batch's receipt.
class Process final : public graph::Component, public LogSink {
 public:
  struct Args {
    std::vector<LogReceiver> forward_to;
    std::vector<schema::Chosen> stages;

    static schema::Schema schema();
    void lint(catalog::Lint& lint) const { lint_stages(stages, lint); }
  };
  struct Exports {
    LogReceiver receiver;

    static schema::Schema schema();
  };

  explicit Process(graph::Context& context) : context_(context), strand_(context.pool().strand()) {
    port_->open(*this);
  }

  Status update(Args args);
  void wind_down() override;
  void stop(Duration deadline) override;
  void consume(LogBatch batch) override;

 private:
  /// Immutable once published; the pipeline guards what it changes.
  struct Plan {
    std::shared_ptr<Pipeline> pipeline;
    Fanout<LogBatch> next;

    void flush(BufferingStage::Flush which) const { next.consume(pipeline->flush(which)); }
  };

  void watch(Duration patience);

  graph::Context& context_;
  const std::shared_ptr<LogPort> port_ = std::make_shared<LogPort>();
  // Shared with the timer's task, which may outlive the component by a moment.
  const std::shared_ptr<Snapshot<Plan>> plan_ = std::make_shared<Snapshot<Plan>>();
  value::Value stages_;  ///< those of the plan, to tell whether they changed
  exec::Strand strand_;
  exec::Timer timer_;
};

schema::Schema Process::Args::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Args::forward_to>("forward_to", "Where entries go when all stages are done.")
          .required(),
      schema::choice<&Args::stages>("stage", "What is done to each entry, in order.",
                                    &stage_choices),
  });
  return kTable;
}

schema::Schema Process::Exports::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Exports::receiver>("receiver", "Takes log entries."),
  });
  return kTable;
}

Status Process::update(Args args) {
  const std::shared_ptr<const Plan> old = plan_->get();
  // Equal stages keep their state: pending blocks, last times, rates.
  Args stages_only{{}, args.stages};
  value::Value stages = schema::encode(Args::schema(), &stages_only);
  const bool same = old != nullptr && value::same(stages, stages_);
  auto plan = std::make_shared<Plan>();
  plan->pipeline =
      same ? old->pipeline
           : std::make_shared<Pipeline>(
                 StageContext{context_.log(), context_.metrics(), context_.clock()}, args.stages);
  plan->next = Fanout<LogBatch>(std::move(args.forward_to));
  const Duration patience = plan->pipeline->patience();
  stages_ = std::move(stages);
  plan_->set(std::move(plan));
  if (!same) {
    if (old != nullptr) old->flush(BufferingStage::Flush::kAll);
    watch(patience);
  }
  context_.publish(Exports{{port_}});
  return {};
}

/// Flushes what has waited its time, a few times within the shortest patience.
void Process::watch(Duration patience) {
  timer_.cancel();
  if (patience == Duration::zero()) return;
  constexpr Duration kOften = std::chrono::milliseconds(10);
  constexpr Duration kSeldom = std::chrono::seconds(1);
  timer_ = strand_.every(std::clamp(patience / 4, kOften, kSeldom),
                         [plan = plan_] { plan->get()->flush(BufferingStage::Flush::kDue); });
}

void Process::wind_down() {
  if (const auto plan = plan_->get()) plan->flush(BufferingStage::Flush::kAll);
}

void Process::stop(Duration) {
  port_->close();
  timer_.cancel();
  wind_down();  // what came since
}

void Process::consume(LogBatch batch) {
  const auto plan = plan_->get();
  plan->pipeline->run(batch);
  plan->next.consume(std::move(batch));
}

}  // namespace
}  // namespace weir::loki

namespace weir {
extern constexpr catalog::ComponentDef loki_process =
    graph::define<loki::Process>("loki.process", schema::Stability::kGenerallyAvailable,
                                 "Runs log entries through a pipeline of stages.");
}

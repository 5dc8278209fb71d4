// SPDX-License-Identifier: Apache-2.0
// For tests: stages decoded from configuration text, and a world for them to run in.

#pragma once

#include "base/mutex.h"
#include "components/loki/process/pipeline.h"
#include "interpreter/eval/evaluate.h"
#include "interpreter/syntax/parse.h"
#include "tests/support/component_fixture.h"
#include "tests/support/fake_clock.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::loki {

/// What a configuration of stages becomes: as in a loki.process block.
struct DecodedStages {
  struct Args {
    std::vector<schema::Chosen> stages;
    static schema::Schema schema() {
      static constexpr auto kTable = schema::table({
          schema::choice<&Args::stages>("stage", "What is done to each entry.", &stage_choices),
      });
      return kTable;
    }
  };
  Args args;
  text::DiagnosticSink problems;

  explicit DecodedStages(std::string_view config) {
    const auto file = syntax::parse_file(text::Source::make("test", std::string(config)), problems);
    const eval::Variables scope;
    const catalog::FunctionTable functions;
    const catalog::CallContext call_context;
    eval::Evaluator evaluator(scope, functions, call_context, eval::Mode::kRun, problems);
    const schema::EvaluatedBody body = evaluator.body(file->body);
    schema::DecodeContext context;
    context.name = "loki.process";
    if (!problems.has_errors())
      schema::decode(schema::detail::block_ops<Args>(), body, context, &args, problems);
  }
  [[nodiscard]] bool has(text::DiagnosticCode code) const {
    for (const text::Diagnostic& d : problems.all()) {
      if (d.code == code) return true;
    }
    return false;
  }
  /// The messages that say so, one a line.
  [[nodiscard]] std::string not_built() const {
    std::string out;
    for (const text::Diagnostic& d : problems.all()) {
      if (d.code == text::DiagnosticCode::kNotBuiltYet) out += d.message + "\n";
    }
    return out;
  }
  [[nodiscard]] std::string first_problem() const {
    return problems.all().empty() ? "" : problems.all().front().message;
  }
};

/// A pipeline, its clock, metrics and log. `config` is right.
struct StageWorld {
  test::FakeClock clock;
  MetricRegistry metrics;
  LogOutput output{clock};
  Mutex logging;    // held while the log is written
  std::string log;  // read when nothing runs
  DecodedStages decoded;
  Pipeline pipeline;

  explicit StageWorld(std::string_view config)
      : decoded(config), pipeline(context(), decoded.args.stages) {}

  StageContext context() {
    output.configure(LogLevel::kDebug, LogFormat::kLogfmt);
    output.redirect([this](std::string_view line, LogLevel) {
      MutexLock lock(logging);
      log += line;
    });
    return {Logger(output), MetricScope(metrics), clock};
  }
  /// Runs records as one batch; what comes out.
  std::vector<test::LogRecord> run(const std::vector<test::LogRecord>& in, Receipt receipt = {}) {
    LogBatch batch = test::log_batch(in, std::move(receipt));
    pipeline.run(batch);
    auto out = test::records(batch);
    batch.receipt.deliver();
    return out;
  }
  std::vector<test::LogRecord> flush(BufferingStage::Flush which) {
    LogBatch batch = pipeline.flush(which);
    auto out = test::records(batch);
    batch.receipt.deliver();
    return out;
  }
};

}  // namespace weir::loki

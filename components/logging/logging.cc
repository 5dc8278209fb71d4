// SPDX-License-Identifier: Apache-2.0
// The `logging` block: how Weir's own log is written, and which pipelines it also goes through.

#include "base/log.h"
#include "components/core/sink.h"
#include "interpreter/graph/component.h"

namespace weir::own_log {
namespace {

/// Configures the program's log.
///
/// Data:    LogBatch out, a line each, labelled component="alloy", as dashboards of the field expect.
/// Errors:  a line that a pipeline does not take is lost there; stderr has it all the same.
class Logging final : public graph::Component {
 public:
  struct Args {
    std::string level = "info";
    std::string format = "logfmt";
    std::string destination = "stderr";
    std::vector<LogReceiver> write_to;
    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
  };

  explicit Logging(graph::Context& context)
      : output_(context.service<LogOutput>()), clock_(context.clock()) {}

  Status update(Args args);
  void stop(Duration) override {
    if (output_ != nullptr) output_->mirror(nullptr);
  }

 private:
  LogOutput* const output_;
  Clock& clock_;
};

schema::Schema Logging::Args::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Args::level>("level", "The least important lines that are written.")
          .one_of("error", "warn", "info", "debug"),
      schema::attr<&Args::format>("format", "How a line is written.").one_of("logfmt", "json"),
      schema::attr<&Args::destination>("destination", "Where lines go.")
          .one_of("stderr", "windows_event_log"),
      schema::attr<&Args::write_to>("write_to", "Receivers that lines also go to."),
  });
  return kTable;
}

void Logging::Args::validate(schema::Problems& problems) const {
  if (destination == "windows_event_log") {
    problems.add("destination", "there is no Windows event log here, stderr is needed");
  }
}

LogLevel level_of(std::string_view name) {
  if (name == "error") return LogLevel::kError;
  if (name == "warn") return LogLevel::kWarn;
  return name == "debug" ? LogLevel::kDebug : LogLevel::kInfo;
}

Status Logging::update(Args args) {
  if (output_ == nullptr) return {};
  if (args.write_to.empty()) {
    output_->mirror(nullptr);
  } else {
    const auto next = std::make_shared<const Fanout<LogBatch>>(std::move(args.write_to));
    const Labels labels = Labels::of({{"component", "alloy"}});
    output_->mirror([next, labels, &clock = clock_](std::string_view line, LogLevel) {
      LogBatch batch;
      const std::uint32_t index = batch.label_index(labels);
      batch.add(clock.now(), batch.text(line), index);
      next->consume(std::move(batch));
    });
  }
  output_->configure(level_of(args.level),
                     args.format == "json" ? LogFormat::kJson : LogFormat::kLogfmt);
  return {};
}

constexpr catalog::ComponentDef as_service(catalog::ComponentDef def) {
  def.singleton = true;
  return def;
}

}  // namespace
}  // namespace weir::own_log

namespace weir {
extern constexpr catalog::ComponentDef logging =
    own_log::as_service(graph::define<own_log::Logging>(
        "logging", schema::Stability::kGenerallyAvailable, "Configures Weir's own log."));
}

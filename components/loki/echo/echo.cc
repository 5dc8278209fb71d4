// SPDX-License-Identifier: Apache-2.0
// loki.echo: every entry as a line of Weir's own log, to see what a pipeline makes.

#include "components/core/sink.h"
#include "interpreter/graph/component.h"
#include "interpreter/value/quote.h"

namespace weir::loki {
namespace {

std::string print_pairs(const Label* begin, const Label* end) {
  std::string out = "{";
  for (const Label* label = begin; label != end; ++label) {
    out += format("{}{}={}", label == begin ? "" : ", ", label->name, value::quote(label->value));
  }
  return out + "}";
}

/// Writes each entry to the log.
///
/// Data:    LogBatch in; delivered once it is said.
/// Threads: consume() from any thread, many at once.
class Echo final : public graph::Component, public LogSink {
 public:
  struct Args {
    static schema::Schema schema() { return {}; }
  };
  struct Exports {
    LogReceiver receiver;
    static schema::Schema schema();
  };

  explicit Echo(graph::Context& context)
      : context_(context),
        received_(context.metrics().counter("loki_echo_received_entries_total",
                                            "Log entries that came.")),
        sent_(context.metrics().counter("loki_echo_sent_entries_total",
                                        "Log entries that were written.")) {
    port_->open(*this);
  }

  Status update(Args) {
    context_.publish(Exports{{port_}});
    return {};
  }
  void stop(Duration) override { port_->close(); }
  void consume(LogBatch batch) override;

 private:
  graph::Context& context_;
  const Counter received_, sent_;
  const std::shared_ptr<LogPort> port_ = std::make_shared<LogPort>();
};

schema::Schema Echo::Exports::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Exports::receiver>("receiver", "Takes log entries."),
  });
  return kTable;
}

void Echo::consume(LogBatch batch) {
  received_.add(static_cast<double>(batch.size()));
  for (const Entry& entry : batch.entries()) {
    const Labels& labels = batch.labels(entry);
    const auto metadata = entry.metadata;
    context_.log().info(
        "entry",
        {{"timestamp", print_rfc3339(entry.time)},
         {"entry", entry.line},
         {"labels", print_pairs(labels.begin(), labels.end())},
         {"structured_metadata", print_pairs(metadata.data(), metadata.data() + metadata.size())}});
  }
  sent_.add(static_cast<double>(batch.size()));
  batch.receipt.deliver();
}

}  // namespace
}  // namespace weir::loki

namespace weir {
extern constexpr catalog::ComponentDef loki_echo = graph::define<loki::Echo>(
    "loki.echo", schema::Stability::kExperimental, "Writes each log entry to Weir's own log.");
}

// SPDX-License-Identifier: Apache-2.0
// stage.eventlogmessage: extracts the `key: value` lines of a Windows event's message.

#include "components/loki/process/stages/event_message.h"

namespace weir::loki {
namespace {

class EventLogMessageStage final : public Stage {
 public:
  struct Args : EventMessageArgs {
    void validate(schema::Problems& problems) const {
      if (!is_plain_label_name(source))
        problems.add("source", format("\"{}\" cannot name a label", source), {},
                     text::DiagnosticCode::kBadLabelName);
    }
  };

  EventLogMessageStage(const StageContext&, const Args& args) : args_(args) {}

  void process(StageBatch& batch) override {
    // An entry whose message is no text goes, as in the reference.
    batch.remove_if([&](std::size_t i) {
      const FoundValue message = batch.found(i, args_.source);
      if (message.has_text()) extract(batch, i, batch.text(message));
      return message.exists() && !message.has_text();
    });
  }

 private:
  void extract(StageBatch& batch, std::size_t i, std::string_view message) const {
    for (const std::string_view line : split_text(message, "\r\n")) {
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      const std::string_view key = line.substr(0, colon);
      find_in_message(batch, i, args_, key, is_plain_label_name(key),
                      trim_space(line.substr(colon + 1)));
    }
  }

  const Args args_;
};

}  // namespace

extern constexpr StageDef stage_eventlogmessage = define_stage<EventLogMessageStage>(
    "eventlogmessage", "Extracts the lines of a Windows event's message.");

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// stage.eventlogmessage: extracts the `key: value` lines of a Windows event's message.

#include "components/loki/process/stages/event_message.h"

namespace weir::loki {
namespace {

class EventLogMessageStage final : public EventMessageStage<is_plain_label_name> {
 public:
  using EventMessageStage::EventMessageStage;

 private:
  void extract(StageBatch& batch, std::size_t i, std::string_view message) const override {
    for (const std::string_view line : split_text(message, "\r\n")) {
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      find(batch, i, line.substr(0, colon), trim_space(line.substr(colon + 1)));
    }
  }
};

}  // namespace

extern constexpr StageDef stage_eventlogmessage = define_stage<EventLogMessageStage>(
    "eventlogmessage", "Extracts the lines of a Windows event's message.");

}  // namespace weir::loki

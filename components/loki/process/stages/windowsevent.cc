// SPDX-License-Identifier: Apache-2.0
// stage.windowsevent: extracts the sections of a Windows event's message: a description, then
// `key: value` lines under titles.

#include "components/loki/process/stages/event_message.h"

#include <utility>
#include <vector>

namespace weir::loki {
namespace {

class WindowsEventStage final : public EventMessageStage<is_utf8_label_name> {
 public:
  using EventMessageStage::EventMessageStage;

 private:
  void extract(StageBatch& batch, std::size_t i, std::string_view message) const override {
    const std::vector<std::string_view> sections = split_text(message, "\r\n\r\n");
    for (std::size_t s = 0; s < sections.size(); ++s) {
      if (s == 0) {
        find_plain(batch, i, "Description", std::string(sections[s]));
      } else {
        extract_section(batch, i, split_text(sections[s], "\r\n"));
      }
    }
  }

  /// A first line without a value is a title, which the keys below it begin with; lines without a
  /// colon go on with the value before them.
  void extract_section(StageBatch& batch, std::size_t i,
                       const std::vector<std::string_view>& lines) const {
    std::string title;
    for (std::size_t at = 0; at < lines.size();) {
      const std::string_view line = lines[at++];
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      const std::string_view key = line.substr(0, colon);
      std::string value(line.substr(colon + 1));
      if (value.empty()) {
        if (at == 1) title = std::string(key) + "_";
        continue;
      }
      while (at < lines.size() && !lines[at].empty() &&
             lines[at].find(':') == std::string_view::npos) {
        value.append(",").append(lines[at++]);
      }
      find_plain(batch, i, title + std::string(key), std::move(value));
    }
  }

  void find_plain(StageBatch& batch, std::size_t i, std::string key, std::string value) const {
    std::erase_if(key, [](char c) { return c == '\t' || c == '\r' || c == '\n' || c == ' '; });
    std::erase_if(value, [](char c) { return c == '\t' || c == '\r' || c == '\n'; });
    find(batch, i, key, trim_space(value));
  }
};

}  // namespace

extern constexpr StageDef stage_windowsevent = define_stage<WindowsEventStage>(
    "windowsevent", "Extracts the sections of a Windows event's message.");

}  // namespace weir::loki

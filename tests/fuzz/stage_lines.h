// SPDX-License-Identifier: Apache-2.0
// A pipeline that fuzzers send the lines of a text through.

#pragma once

#include "tests/support/stage_fixture.h"

#include <string>
#include <string_view>
#include <vector>

namespace weir::loki {

class StageLines {
 public:
  explicit StageLines(std::string_view config) : world_(config) {}

  /// As one batch; then what waits.
  void run(std::string_view text) {
    std::vector<test::LogRecord> lines;
    while (!text.empty() && lines.size() < 100) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      lines.push_back(
          {{}, {{"f", std::to_string(lines.size() % 3)}}, std::string(text.substr(0, end)), {}});
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    world_.log.clear();
    world_.run(lines);
    world_.clock.advance(std::chrono::seconds(20));
    world_.flush(BufferingStage::Flush::kDue);
  }

 private:
  StageWorld world_;
};

}  // namespace weir::loki

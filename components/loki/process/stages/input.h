// SPDX-License-Identifier: Apache-2.0
// What a stage that parses text reads: the line, or what an earlier stage found under a name.

#pragma once

#include "components/loki/process/stage.h"

#include <optional>
#include <string>
#include <string_view>

namespace weir::loki {

/// Immutable. Threads: any.
class StageInput {
 public:
  /// How often nothing came of one batch's entries, and why.
  struct Misses {
    std::size_t absent = 0;
    std::size_t not_text = 0;
    std::size_t no_match = 0;  ///< for stages that match what they read
  };

  /// Without a source: the line.
  StageInput(std::string_view stage, std::string_view source) : stage_(stage), source_(source) {}

  [[nodiscard]] bool is_line() const { return source_.empty(); }
  [[nodiscard]] const std::string& source() const { return source_; }
  /// The text of entry `i`; nothing if there is none, which `misses` counts.
  std::optional<std::string_view> read(StageBatch& batch, std::size_t i, Misses& misses) const {
    if (is_line()) return batch.entry(i).line;
    const FoundValue value = batch.found(i, source_);
    if (value.has_text()) return batch.text(value);
    ++(value.exists() ? misses.not_text : misses.absent);
    return std::nullopt;
  }
  /// At a batch's end.
  void report(const Misses& misses, const Logger& log) const {
    if (misses.absent != 0) {
      log.debug("source does not exist in the set of extracted values",
                {{"stage", stage_}, {"source", source_}, {"entries", misses.absent}});
    }
    if (misses.not_text != 0) {
      log.debug("failed to convert source value to string",
                {{"stage", stage_}, {"source", source_}, {"entries", misses.not_text}});
    }
    if (misses.no_match != 0) {
      log.debug(format("{} did not match", stage_),
                {{"stage", stage_}, {"entries", misses.no_match}});
    }
  }

 private:
  std::string_view stage_;
  std::string source_;
};

}  // namespace weir::loki

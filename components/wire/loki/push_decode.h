// SPDX-License-Identifier: Apache-2.0
// Loki push requests to log entries: protobuf, JSON, and plain lines.

#pragma once

#include "base/result.h"
#include "components/core/log_batch.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace weir::wire {

/// What becomes of a stream: the set its entries get, or nothing to leave it out.
using StreamLabels = std::function<std::optional<Labels>(LabelsBuilder& labels)>;

/// A push with the times it came with.
struct LokiPush {
  LogBatch batch;
  std::optional<Error>
      bad_labels;  ///< of the last stream whose labels could not be read: it is left out
};

/// More entries, streams or metadata pairs than this are refused: a few bytes each on the wire,
/// they cost many more in memory.
inline constexpr std::size_t kMaxPushParts = 2'000'000;

/// Both: any bytes are safe. The batch holds what it needs of `body`.
/// Errors: kInvalid for a body that is no push; nothing of it is taken then.
Result<LokiPush> decode_loki_push(std::shared_ptr<const std::string> body,
                                  const StreamLabels& labels);
Result<LokiPush> decode_loki_push_json(std::string_view body, const StreamLabels& labels);

/// Lines of a text: CR and LF at their ends go, empty ones too; the last needs no end.
LogBatch decode_raw_lines(std::shared_ptr<const std::string> body, const Labels& labels, Time time);

}  // namespace weir::wire

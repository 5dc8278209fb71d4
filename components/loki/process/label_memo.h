// SPDX-License-Identifier: Apache-2.0
// LabelMemo: within one batch, which label set an entry gets when some labels are set on the one it
// has.
//
// A set is built and interned once for each (set, values) that occurs; every further line of the
// same stream costs a hash and a comparison. Entries of one stream come in runs, so the last answer
// is tried first.

#pragma once

#include "components/core/log_batch.h"

#include <cstdint>
#include <span>
#include <vector>

namespace weir::loki {

class LabelMemo {
 public:
  explicit LabelMemo(LogBatch& logs) : logs_(logs) {}

  /// The index of `base` with `changes` set on it. The same names in the same order each time,
  /// where one may be left out; their texts live as long as the batch.
  std::uint32_t with(std::uint32_t base, std::span<const Label> changes);

 private:
  struct Known {
    std::size_t hash;
    std::uint32_t base;
    std::uint32_t first;  ///< in changes_
    std::uint32_t count;
    std::uint32_t result;
  };
  [[nodiscard]] bool is(const Known& known, std::size_t hash, std::uint32_t base,
                        std::span<const Label> changes) const;
  std::uint32_t build(std::uint32_t base, std::span<const Label> changes);
  void grow();

  LogBatch& logs_;
  LabelsBuilder builder_;
  std::vector<Known> known_;
  std::vector<Label> changes_;
  std::vector<std::uint32_t> table_;  ///< open addressing: 1 + index into known_, 0 is free
  std::uint32_t last_ = 0;
};

}  // namespace weir::loki

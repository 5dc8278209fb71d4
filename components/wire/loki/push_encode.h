// SPDX-License-Identifier: Apache-2.0
// Log entries to a Loki push request, straight into the wire format.
//
// Entries are gathered by stream in one pass, with the size each will have; the second pass writes
// them into a buffer of exactly that size. Nothing is allocated for a line.

#pragma once

#include "components/core/log_batch.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::wire {

/// Reusable: clear() keeps its memory. Threads: one at a time.
class LokiPushEncoder {
 public:
  /// Adds an entry to its stream, behind those it has. The entry must live until clear(). Labels
  /// whose names start with `__` are left out of the selector: sets that differ in nothing else
  /// should not both be given, or they become two streams of one name.
  void add(const Labels& stream, const Entry& entry);
  [[nodiscard]] std::size_t entries() const { return nodes_.size(); }
  [[nodiscard]] std::size_t streams() const { return streams_.size(); }
  /// The PushRequest: streams in the order they first appeared, entries in the order they were
  /// added. A view that is good until clear() or the next encode().
  std::string_view encode();
  void clear();

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct Node {
    const Entry* entry;
    std::uint32_t size;  ///< of the EntryAdapter message
    std::uint32_t next = kNone;
  };
  struct Stream {
    Labels labels;
    std::uint32_t first;
    std::uint32_t last;
    std::size_t entries_size = 0;    ///< of all its entry fields
    std::size_t selector_begin = 0;  ///< in selectors_
    std::size_t selector_size = 0;
  };

  std::vector<Node> nodes_;
  std::vector<Stream> streams_;
  std::unordered_map<Labels, std::uint32_t> by_labels_;
  std::uint32_t last_stream_ = kNone;  // of the entry before: most often the next one's too
  std::string selectors_;
  std::string buffer_;  // only grows, so that it is cleared but once
};

}  // namespace weir::wire

// SPDX-License-Identifier: Apache-2.0
// LogBatch: log entries on their way.
//
// Lines are views into memory the batch holds: shared immutable chunks (the very bytes that were
// read) or the batch's own arena, where rewritten text goes. Label sets are few and shared: an
// entry has an index. So moving a batch moves pointers, and copying one for fan-out copies an
// index, not text.

#pragma once

#include "base/units.h"
#include "components/core/labels.h"
#include "components/core/receipt.h"
#include "components/core/text_arena.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace weir {

/// One log line.
struct Entry {
  Time time;
  std::string_view line;
  std::span<const Label> metadata;  ///< structured metadata, in order
  std::uint32_t labels = 0;         ///< index into the batch's label sets
  /// Where it begins in what the batch's receipt stands for, see Receipt::from(). 0: at its
  /// beginning, or nobody knows.
  std::uint32_t mark = 0;

  /// Of the line and the metadata.
  [[nodiscard]] std::size_t bytes() const {
    std::size_t total = line.size();
    for (const Label& label : metadata) total += label.name.size() + label.value.size();
    return total;
  }
};

/// Shapes: at most kMaxEntries or about kMaxBytes of lines by convention of the sources; any size
/// is legal. Threads: one at a time.
class LogBatch {
 public:
  static constexpr std::size_t kMaxEntries = 1024;
  static constexpr std::size_t kMaxBytes = 256u << 10;

  LogBatch() = default;
  LogBatch(LogBatch&&) noexcept = default;
  LogBatch& operator=(LogBatch&&) noexcept = default;
  LogBatch(const LogBatch&) = delete;
  LogBatch& operator=(const LogBatch&) = delete;

  /// For fan-out: shares text and label sets, copies entries and the receipt handle. Seals the
  /// arena.
  [[nodiscard]] LogBatch share();
  /// An empty batch that holds what this one holds, its receipt too: for entries taken over one by
  /// one.
  [[nodiscard]] LogBatch like();

  [[nodiscard]] std::vector<Entry>& entries() { return entries_; }
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// Bytes of lines and metadata.
  [[nodiscard]] std::size_t bytes() const;

  /// The index of `labels` in this batch, added if it is new.
  std::uint32_t label_index(const Labels& labels);
  [[nodiscard]] const Labels& labels(const Entry& entry) const { return label_sets_[entry.labels]; }
  [[nodiscard]] const std::vector<Labels>& label_sets() const { return label_sets_; }

  void add(Time time, std::string_view line, std::uint32_t labels,
           std::span<const Label> metadata = {}, std::uint32_t mark = 0) {
    entries_.push_back({time, line, metadata, labels, mark});
  }
  /// Keeps memory alive as long as this batch and its copies.
  void hold(std::shared_ptr<const void> memory) { held_.push_back(std::move(memory)); }
  /// Text that lives as long as this batch and its copies.
  std::string_view text(std::string_view copied);
  TextArena& arena();
  /// A list of metadata in the arena; names and values are not copied.
  std::span<const Label> metadata(std::span<const Label> labels);

  /// Drops entries; returns how many went. Order is kept.
  template <class Predicate>
  std::size_t remove_if(Predicate gone) {
    return std::erase_if(entries_, gone);
  }
  /// Replaces each label set by what `change(const Labels&) -> std::optional<Labels>` makes of it,
  /// called once per set in use; entries whose set becomes nothing are dropped. Returns how many
  /// went.
  template <class Change>
  std::size_t rewrite_labels(Change change);

  Receipt receipt;
  Time read_at;  ///< when the source got it; zero: it did not say

 private:
  std::vector<Entry> entries_;
  std::vector<Labels> label_sets_;
  std::vector<std::uint32_t>
      by_hash_;  // of many sets: their indexes + 1, open addressed; else empty
  std::vector<std::shared_ptr<const void>> held_;
  std::shared_ptr<TextArena> arena_;
};

template <class Change>
std::size_t LogBatch::rewrite_labels(Change change) {
  constexpr std::uint32_t kUnseen = 0xffffffff;
  constexpr std::uint32_t kGone = 0xfffffffe;
  std::vector<Labels> old = std::move(label_sets_);
  label_sets_.clear();
  by_hash_.clear();
  std::vector<std::uint32_t> to(old.size(), kUnseen);
  return std::erase_if(entries_, [&](Entry& entry) {
    std::uint32_t& index = to[entry.labels];
    if (index == kUnseen) {
      const std::optional<Labels> changed = change(static_cast<const Labels&>(old[entry.labels]));
      index = changed ? label_index(*changed) : kGone;
    }
    if (index == kGone) return true;
    entry.labels = index;
    return false;
  });
}

}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
// StageBatch: a batch on its way through a pipeline of stages, with what the stages found in each
// entry.
//
// Beside each entry of the LogBatch lies a Row: where its found items begin, which labels it came
// with, where it stood. Stages add, remove and set aside entries through this class alone, so that
// the two stay side by side. Label sets are only added while a batch is in a pipeline, never
// removed: indexes and texts of earlier sets stay good.

#pragma once

#include "components/core/log_batch.h"
#include "components/loki/process/found.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::loki {

/// An entry that waits for later lines, with memory of its own. Dropping it abandons its receipts.
struct KeptEntry {
  struct Item {
    std::string name;
    FoundValue value;  ///< of a text only the kind
    std::string text;
  };
  Time time;
  Labels labels;
  Labels initial;  ///< those it came with
  bool has_initial = false;
  std::string line;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<Item> found;
  std::vector<Receipt> receipts;  ///< of the earlier batches its text came from
  std::uint32_t mark = 0;         ///< Entry::mark, for text of the batch at hand

  /// The mark of an entry that begins with this: that of a receipt with earlier ones is 0.
  [[nodiscard]] std::uint32_t begins_at() const { return receipts.empty() ? mark : 0; }
};

/// Threads: one at a time.
class StageBatch {
 public:
  struct Row {
    std::uint32_t newest = FoundItems::kNone;   ///< its chain of found items
    std::uint32_t initial = FoundItems::kNone;  ///< the label set whose labels are found too
    std::uint32_t order = 0;                    ///< where it stood when entries were last set aside
    bool gone = false;
  };
  /// Memory that one batch after the other uses.
  struct Room {
    FoundItems items;
    std::vector<Row> rows;
  };

  /// `keeps_found`: whether any stage asks for what others found; if none does, nothing is kept.
  StageBatch(LogBatch& logs, bool keeps_found, Room& room);
  StageBatch(const StageBatch&) = delete;
  StageBatch& operator=(const StageBatch&) = delete;

  [[nodiscard]] LogBatch& logs() { return logs_; }
  [[nodiscard]] std::size_t size() const { return logs_.size(); }
  [[nodiscard]] bool empty() const { return logs_.empty(); }
  [[nodiscard]] Entry& entry(std::size_t i) { return logs_.entries()[i]; }
  [[nodiscard]] const Labels& labels(std::size_t i) const {
    return logs_.labels(logs_.entries()[i]);
  }

  // --- what stages found

  [[nodiscard]] bool keeps_found() const { return keeps_found_; }
  /// The labels that the entries have now are found values from here on; a pipeline begins with it.
  void find_labels();
  [[nodiscard]] FoundValue found(std::size_t i, std::string_view name) const;
  /// Name and text must live as long as the batch: in a line, in the arena, in what the batch
  /// holds.
  void set_found(std::size_t i, std::string_view name, FoundValue value) {
    if (keeps_found_) items_.set(rows_[i].newest, name, value);
  }
  /// Calls `see(name, value)` once for each value of entry `i`.
  template <class See>
  void each_found(std::size_t i, See see) const;
  /// The text of a value that has one; a number's is written to the arena.
  [[nodiscard]] std::string_view text(const FoundValue& value);

  // --- entries

  /// Entry `i` goes, when apply() is called.
  void drop(std::size_t i) { rows_[i].gone = true; }
  /// Entry `i` stays after all.
  void restore(std::size_t i) { rows_[i].gone = false; }
  /// `kept` goes before entry `i` (or to the end), when apply() is called; `i` never falls between
  /// calls. Its receipts settle with this batch.
  void insert(std::size_t i, KeptEntry kept);
  /// Does what drop() and insert() asked for; returns how many entries went.
  std::size_t apply();
  /// Drops entries where `gone(i)`; returns how many.
  template <class Predicate>
  std::size_t remove_if(Predicate gone) {
    for (std::size_t i = 0; i < size(); ++i) rows_[i].gone = gone(i);
    return apply();
  }

  /// Entries taken out for a while.
  struct Aside {
    std::vector<Entry> entries;
    std::vector<Row> rows;
    std::vector<std::uint32_t> orders;  ///< of all rows, as an earlier setting aside left them
  };
  /// Takes out the entries where `leaves(i)`.
  template <class Predicate>
  [[nodiscard]] Aside set_aside(Predicate leaves);
  /// Puts them back where they stood.
  void put_back(Aside aside);

  /// Each label set in use becomes `change(const Labels&) -> Labels`, called once for each.
  template <class Change>
  void rewrite_labels(Change change);

  // --- waiting

  /// A copy of entry `i` that lives on its own, without its line and without a receipt.
  [[nodiscard]] KeptEntry keep(std::size_t i) const;
  /// For whoever keeps text of this batch beyond its end: a share, from the mark of the first entry
  /// kept on, in the receipt the batch came to this stage with. Marks mean nothing afterwards.
  [[nodiscard]] Receipt receipt_from(std::uint32_t mark) const { return logs_.receipt.from(mark); }
  /// These settle with this batch.
  void settle_with(std::vector<Receipt> receipts);
  /// A stage's end: the batch's receipt becomes one with those it settles.
  void finish();

 private:
  Row& append(KeptEntry kept);

  LogBatch& logs_;
  const bool keeps_found_;
  FoundItems& items_;
  std::vector<Row>& rows_;
  Aside inserted_;
  std::vector<std::size_t> places_;  ///< before which entry each of inserted_ goes
  std::vector<Receipt> settles_;
};

template <class See>
void StageBatch::each_found(std::size_t i, See see) const {
  const Row& row = rows_[i];
  for (std::uint32_t at = row.newest; at != FoundItems::kNone; at = items_[at].next) {
    const FoundItems::Item& item = items_[at];
    // Only the newest of a name counts.
    if (items_.find(row.newest, item.key()) == &item.value && item.value.exists())
      see(item.key(), item.value);
  }
  if (row.initial == FoundItems::kNone) return;
  for (const Label& label : logs_.label_sets()[row.initial]) {
    if (items_.find(row.newest, label.name) == nullptr) see(label.name, FoundValue(label.value));
  }
}

template <class Predicate>
StageBatch::Aside StageBatch::set_aside(Predicate leaves) {
  Aside aside;
  for (std::size_t i = 0; i < size(); ++i) {
    aside.orders.push_back(rows_[i].order);
    rows_[i].order = static_cast<std::uint32_t>(i);
    if (!leaves(i)) continue;
    aside.entries.push_back(entry(i));
    aside.rows.push_back(rows_[i]);
    drop(i);
  }
  apply();
  return aside;
}

template <class Change>
void StageBatch::rewrite_labels(Change change) {
  std::vector<std::uint32_t> to(logs_.label_sets().size(), FoundItems::kNone);
  for (Entry& one : logs_.entries()) {
    std::uint32_t& index = to[one.labels];
    if (index == FoundItems::kNone) index = logs_.label_index(change(logs_.labels(one)));
    one.labels = index;
  }
}

}  // namespace weir::loki

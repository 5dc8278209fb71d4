// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/stage_batch.h"

#include <algorithm>

namespace weir::loki {
namespace {

/// The order of what goes behind all others.
constexpr std::uint32_t kAtTheEnd = 0xffffffff;

}  // namespace

StageBatch::StageBatch(LogBatch& logs, bool keeps_found, Room& room)
    : logs_(logs), keeps_found_(keeps_found), items_(room.items), rows_(room.rows) {
  items_.clear();
  rows_.assign(logs.size(), Row{});
  for (std::size_t i = 0; i < rows_.size(); ++i) rows_[i].order = static_cast<std::uint32_t>(i);
}

void StageBatch::find_labels() {
  if (!keeps_found_ || empty()) return;
  // Values are views into the label sets: whoever makes a line of one must find it alive, also
  // after a later component has replaced the sets.
  logs_.hold(std::make_shared<const std::vector<Labels>>(logs_.label_sets()));
  for (std::size_t i = 0; i < size(); ++i) {
    Row& row = rows_[i];
    if (row.newest == FoundItems::kNone) {
      row.initial = entry(i).labels;
      continue;
    }
    for (const Label& label : labels(i)) {
      const FoundValue known = found(i, label.name);
      if (known.kind() == FoundValue::Kind::kText && known.as_text() == label.value) continue;
      set_found(i, label.name, FoundValue(label.value));
    }
  }
}

FoundValue StageBatch::found(std::size_t i, std::string_view name) const {
  const Row& row = rows_[i];
  if (const FoundValue* value = items_.find(row.newest, name)) return *value;
  if (row.initial == FoundItems::kNone) return {};
  const Labels& initial = logs_.label_sets()[row.initial];
  return initial.has(name) ? FoundValue(initial.get(name)) : FoundValue();
}

std::string_view StageBatch::text(const FoundValue& value) {
  switch (value.kind()) {
    case FoundValue::Kind::kText: return value.as_text();
    case FoundValue::Kind::kBool: return value.as_bool() ? "true" : "false";
    case FoundValue::Kind::kNumber: {
      char room[kNumberRoom];
      return logs_.text(print_number(value.as_number(), room));
    }
    default: return {};
  }
}

StageBatch::Row& StageBatch::append(KeptEntry kept) {
  Row row;
  std::vector<Label> metadata;
  for (const auto& [name, value] : kept.metadata)
    metadata.push_back({logs_.text(name), logs_.text(value)});
  if (kept.has_initial && keeps_found_) {
    row.initial = logs_.label_index(kept.initial);
    logs_.hold(std::make_shared<const Labels>(kept.initial));
  }
  for (const KeptEntry::Item& item : kept.found) {
    if (!keeps_found_) break;
    const bool is_text = item.value.kind() == FoundValue::Kind::kText;
    items_.set(row.newest, logs_.text(item.name),
               is_text ? FoundValue(logs_.text(item.text)) : item.value);
  }
  inserted_.entries.push_back({kept.time, logs_.text(kept.line), logs_.metadata(metadata),
                               logs_.label_index(kept.labels), kept.begins_at()});
  inserted_.rows.push_back(row);
  settle_with(std::move(kept.receipts));
  return inserted_.rows.back();
}

void StageBatch::insert(std::size_t i, KeptEntry kept) {
  append(std::move(kept)).order = i < rows_.size() ? rows_[i].order : kAtTheEnd;
  places_.push_back(i);
}

std::size_t StageBatch::apply() {
  std::vector<Entry>& entries = logs_.entries();
  const std::size_t before = entries.size();
  const auto stays = static_cast<std::size_t>(
      std::count_if(rows_.begin(), rows_.end(), [](const Row& row) { return !row.gone; }));
  if (stays == before && places_.empty()) return 0;
  // In place if nothing is inserted: nothing is written before it has been read.
  Aside all;
  const bool in_place = places_.empty();
  std::vector<Entry>& to_entries = in_place ? entries : all.entries;
  std::vector<Row>& to_rows = in_place ? rows_ : all.rows;
  if (!in_place) {
    to_entries.resize(stays + places_.size());
    to_rows.resize(stays + places_.size());
  }
  std::size_t to = 0;
  std::size_t next = 0;
  for (std::size_t from = 0; from <= before; ++from) {
    for (; next < places_.size() && (places_[next] <= from || from == before); ++next) {
      to_entries[to] = inserted_.entries[next];
      to_rows[to++] = inserted_.rows[next];
    }
    if (from == before || rows_[from].gone) continue;
    to_entries[to] = entries[from];
    to_rows[to++] = rows_[from];
  }
  if (in_place) {
    entries.resize(to);
    rows_.resize(to);
  } else {
    entries = std::move(all.entries);
    rows_ = std::move(all.rows);
  }
  inserted_ = {};
  places_.clear();
  return before - stays;
}

void StageBatch::put_back(Aside aside) {
  Aside all;
  all.entries.reserve(size() + aside.entries.size());
  all.rows.reserve(size() + aside.entries.size());
  std::size_t here = 0;
  std::size_t there = 0;
  while (here < size() || there < aside.rows.size()) {
    const bool take_aside = here == size() || (there < aside.rows.size() &&
                                               aside.rows[there].order <= rows_[here].order);
    all.entries.push_back(take_aside ? aside.entries[there] : entry(here));
    all.rows.push_back(take_aside ? aside.rows[there] : rows_[here]);
    ++(take_aside ? there : here);
  }
  for (Row& row : all.rows) {
    if (row.order < aside.orders.size()) row.order = aside.orders[row.order];
  }
  logs_.entries() = std::move(all.entries);
  rows_ = std::move(all.rows);
}

KeptEntry StageBatch::keep(std::size_t i) const {
  const Entry& entry = logs_.entries()[i];
  KeptEntry out;
  out.time = entry.time;
  out.labels = logs_.labels(entry);
  out.mark = entry.mark;
  for (const Label& label : entry.metadata) out.metadata.emplace_back(label.name, label.value);
  if (!keeps_found_) return out;
  const Row& row = rows_[i];
  out.has_initial = row.initial != FoundItems::kNone;
  if (out.has_initial) out.initial = logs_.label_sets()[row.initial];
  for (std::uint32_t at = row.newest; at != FoundItems::kNone; at = items_[at].next) {
    const FoundItems::Item& item = items_[at];
    if (items_.find(row.newest, item.key()) != &item.value) continue;
    const bool is_text = item.value.kind() == FoundValue::Kind::kText;
    out.found.push_back({std::string(item.key()),
                         is_text ? FoundValue(std::string_view()) : item.value,
                         is_text ? std::string(item.value.as_text()) : std::string()});
  }
  return out;
}

void StageBatch::settle_with(std::vector<Receipt> receipts) {
  for (Receipt& receipt : receipts) settles_.push_back(std::move(receipt));
}

void StageBatch::finish() {
  if (settles_.empty()) return;
  logs_.receipt = Receipt::join(std::move(logs_.receipt), std::exchange(settles_, {}));
}

}  // namespace weir::loki

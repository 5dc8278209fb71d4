// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/label_memo.h"

#include <algorithm>
#include <functional>

namespace weir::loki {

bool LabelMemo::is(const Known& known, std::size_t hash, std::uint32_t base,
                   std::span<const Label> changes) const {
  return known.hash == hash && known.base == base && known.count == changes.size() &&
         std::equal(changes.begin(), changes.end(), changes_.begin() + known.first);
}

std::uint32_t LabelMemo::with(std::uint32_t base, std::span<const Label> changes) {
  if (changes.empty()) return base;
  std::size_t hash = base;
  for (const Label& change : changes) {
    hash = (hash ^ std::hash<std::string_view>()(change.value)) * 0x9e3779b97f4a7c15u +
           change.name.size();
  }
  if (!known_.empty() && is(known_[last_], hash, base, changes)) return known_[last_].result;
  if (known_.size() * 2 >= table_.size()) grow();
  std::size_t slot = hash >> 32 & (table_.size() - 1);
  for (; table_[slot] != 0; slot = (slot + 1) & (table_.size() - 1)) {
    last_ = table_[slot] - 1;
    if (is(known_[last_], hash, base, changes)) return known_[last_].result;
  }
  const std::uint32_t result = build(base, changes);
  last_ = static_cast<std::uint32_t>(known_.size());
  known_.push_back({hash, base, static_cast<std::uint32_t>(changes_.size()),
                    static_cast<std::uint32_t>(changes.size()), result});
  changes_.insert(changes_.end(), changes.begin(), changes.end());
  table_[slot] = last_ + 1;
  return result;
}

std::uint32_t LabelMemo::build(std::uint32_t base, std::span<const Label> changes) {
  builder_.reset(logs_.label_sets()[base]);
  for (const Label& change : changes) builder_.set(change.name, change.value);
  return logs_.label_index(builder_.build());
}

void LabelMemo::grow() {
  table_.assign(std::max<std::size_t>(16, table_.size() * 2), 0);
  for (std::uint32_t i = 0; i < known_.size(); ++i) {
    std::size_t slot = known_[i].hash >> 32 & (table_.size() - 1);
    while (table_[slot] != 0) slot = (slot + 1) & (table_.size() - 1);
    table_[slot] = i + 1;
  }
}

}  // namespace weir::loki

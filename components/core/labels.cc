// SPDX-License-Identifier: Apache-2.0
#include "components/core/labels.h"

#include "base/mutex.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

namespace weir {
namespace {

constexpr auto kByName = [](const Label& a, const Label& b) { return a.name < b.name; };

/// Multiplies to 128 bits and folds: every bit of the input moves every bit of the output.
std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const auto product =
      static_cast<unsigned __int128>(a ^ 0x9e3779b97f4a7c15) * (b ^ 0xbf58476d1ce4e5b9);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t hash_text(std::string_view text, std::uint64_t seed) {
  seed = mix(seed, text.size());
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), 8);
    seed = mix(seed, word);
  }
  std::uint64_t rest = 0;
  if (!text.empty()) std::memcpy(&rest, text.data(), text.size());
  return mix(seed, rest);
}

std::uint64_t hash_labels(std::span<const Label> labels) {
  std::uint64_t hash = 0;
  for (const Label& label : labels) hash = hash_text(label.value, hash_text(label.name, hash));
  return hash;
}

}  // namespace

/// All sets there are, by hash: shards of chained buckets, so that threads seldom meet.
///
/// A set's last holder lets go under its shard's lock: what a lookup finds is alive.
struct LabelTable {
  struct alignas(64) Shard {
    Mutex mutex;
    std::vector<Labels::Set*> buckets WEIR_GUARDED_BY(mutex) = std::vector<Labels::Set*>(16);
    std::size_t count WEIR_GUARDED_BY(mutex) = 0;

    Labels::Set*& bucket(std::uint64_t hash) WEIR_REQUIRES(mutex) {
      return buckets[hash & (buckets.size() - 1)];
    }

    void grow() WEIR_REQUIRES(mutex) {
      std::vector<Labels::Set*> old(buckets.size() * 2);
      old.swap(buckets);
      for (Labels::Set* set : old) {
        while (set != nullptr) {
          Labels::Set* const next = set->next;
          set->next = std::exchange(bucket(set->hash), set);
          set = next;
        }
      }
    }
  };

  std::array<Shard, 64> shards;
  Shard& shard(std::uint64_t hash) { return shards[hash >> 58]; }

  /// Never destroyed: sets may outlive every other static object.
  static LabelTable& instance() {
    static LabelTable& table = *new LabelTable;
    return table;
  }

  static Labels::Set* make_set(std::span<const Label> labels, std::uint64_t hash) {
    std::size_t text_size = 0;
    for (const Label& label : labels) text_size += label.name.size() + label.value.size();
    void* const memory =
        ::operator new(sizeof(Labels::Set) + labels.size() * sizeof(Label) + text_size);
    auto* const set =
        new (memory) Labels::Set{1, static_cast<std::uint32_t>(labels.size()), hash, nullptr};
    auto* out = reinterpret_cast<Label*>(set + 1);
    char* text = reinterpret_cast<char*>(out + labels.size());
    const auto copy = [&text](std::string_view from) {
      if (!from.empty()) std::memcpy(text, from.data(), from.size());
      const std::string_view copied(text, from.size());
      text += from.size();
      return copied;
    };
    for (const Label& label : labels) {
      const std::string_view name = copy(label.name);
      new (out++) Label{name, copy(label.value)};
    }
    return set;
  }

  Labels intern(std::span<const Label> labels) {
    const std::uint64_t hash = hash_labels(labels);
    Shard& home = shard(hash);
    MutexLock lock(home.mutex);
    for (Labels::Set* set = home.bucket(hash); set != nullptr; set = set->next) {
      if (set->hash != hash ||
          !std::equal(labels.begin(), labels.end(), set->labels(), set->labels() + set->count))
        continue;
      set->holders.fetch_add(1, std::memory_order_relaxed);
      return Labels(set);
    }
    if (++home.count > home.buckets.size()) home.grow();
    Labels::Set* const made = make_set(labels, hash);
    made->next = std::exchange(home.bucket(hash), made);
    return Labels(made);
  }

  void remove_last_holder(Labels::Set& set) {
    Shard& home = shard(set.hash);
    {
      MutexLock lock(home.mutex);
      if (set.holders.fetch_sub(1, std::memory_order_acq_rel) != 1) return;  // a lookup found it
      Labels::Set** at = &home.bucket(set.hash);
      while (*at != &set) at = &(*at)->next;
      *at = set.next;
      --home.count;
    }
    ::operator delete(&set);
  }
};

Labels Labels::of(std::vector<Label> labels) {
  std::stable_sort(labels.begin(), labels.end(), kByName);
  // Of equal names the last stays: unique() keeps first ones, so it runs from the back.
  const auto kept = std::unique(labels.rbegin(), labels.rend(),
                                [](const Label& a, const Label& b) { return a.name == b.name; });
  return of_sorted({kept.base(), labels.end()});
}

Labels Labels::of_sorted(std::span<const Label> labels) {
  return labels.empty() ? Labels() : LabelTable::instance().intern(labels);
}

void Labels::let_go(Set& set) {
  std::uint32_t holders = set.holders.load(std::memory_order_relaxed);
  while (holders > 1) {
    if (set.holders.compare_exchange_weak(holders, holders - 1, std::memory_order_acq_rel,
                                          std::memory_order_relaxed))
      return;
  }
  LabelTable::instance().remove_last_holder(set);
}

std::string_view Labels::get(std::string_view name) const {
  for (const Label& label : *this) {
    if (label.name == name) return label.value;
  }
  return {};
}

bool Labels::has(std::string_view name) const {
  return std::any_of(begin(), end(), [name](const Label& label) { return label.name == name; });
}

std::size_t Labels::interned() {
  std::size_t count = 0;
  for (LabelTable::Shard& shard : LabelTable::instance().shards) {
    MutexLock lock(shard.mutex);
    count += shard.count;
  }
  return count;
}

void LabelsBuilder::reset(const Labels& base) {
  base_ = base;
  labels_.assign(base_.begin(), base_.end());
  text_.clear();
  changed_ = false;
}

void LabelsBuilder::set(std::string_view name, std::string_view value) {
  const auto at = std::lower_bound(labels_.begin(), labels_.end(), Label{name, {}}, kByName);
  const bool known = at != labels_.end() && at->name == name;
  if (known && at->value == value) return;
  changed_ = true;
  if (known) {
    at->value = text_.copy(value);
  } else {
    labels_.insert(at, {text_.copy(name), text_.copy(value)});
  }
}

void LabelsBuilder::remove(std::string_view name) {
  changed_ =
      std::erase_if(labels_, [name](const Label& label) { return label.name == name; }) > 0 ||
      changed_;
}

std::string_view LabelsBuilder::get(std::string_view name) const {
  for (const Label& label : labels_) {
    if (label.name == name) return label.value;
  }
  return {};
}

bool LabelsBuilder::has(std::string_view name) const {
  return std::any_of(labels_.begin(), labels_.end(),
                     [name](const Label& label) { return label.name == name; });
}

void LabelsBuilder::remove_if(const std::function<bool(std::string_view, std::string_view)>& gone) {
  changed_ = std::erase_if(labels_,
                           [&](const Label& label) { return gone(label.name, label.value); }) > 0 ||
             changed_;
}

Labels LabelsBuilder::build() const {
  return changed_ ? Labels::of_sorted(labels_) : base_;
}

}  // namespace weir

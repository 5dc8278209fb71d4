// SPDX-License-Identifier: Apache-2.0
// Label sets: interned, immutable, sorted by name, shared.
//
// Two Labels of equal content are the same pointer, so comparing and hashing cost nothing and a
// thousand lines of one stream share one set. A set leaves the table with its last holder.

#pragma once

#include "components/core/text_arena.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

struct Label {
  std::string_view name;
  std::string_view value;
  friend bool operator==(const Label&, const Label&) = default;
};

/// One interned set. Cheap to copy. Threads: any; one handle by one at a time.
class Labels {
 public:
  Labels() = default;  // the empty set
  /// Interns; of equal names the last wins; labels of empty value are kept as they are given.
  static Labels of(std::vector<Label> labels);
  /// The same for labels that are sorted by name, each name once. Copies what it keeps.
  static Labels of_sorted(std::span<const Label> labels);
  Labels(const Labels& other) noexcept : set_(other.set_) {
    if (set_ != nullptr) set_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  Labels(Labels&& other) noexcept : set_(std::exchange(other.set_, nullptr)) {}
  Labels& operator=(Labels other) noexcept {
    std::swap(set_, other.set_);
    return *this;
  }
  ~Labels() {
    if (set_ != nullptr) let_go(*set_);
  }

  [[nodiscard]] bool empty() const { return set_ == nullptr; }
  [[nodiscard]] std::size_t size() const { return set_ != nullptr ? set_->count : 0; }
  /// Sorted by name; the views live as long as any handle of this set.
  [[nodiscard]] const Label* begin() const { return set_ != nullptr ? set_->labels() : nullptr; }
  [[nodiscard]] const Label* end() const { return begin() + size(); }
  /// The value, or an empty view.
  [[nodiscard]] std::string_view get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  /// A hash of the content, the same in every run.
  [[nodiscard]] std::uint64_t hash() const { return set_ != nullptr ? set_->hash : 0; }
  friend bool operator==(const Labels& a, const Labels& b) { return a.set_ == b.set_; }
  /// How many sets exist: for metrics and tests.
  static std::size_t interned();

 private:
  friend struct LabelTable;
  /// One allocation: this head, the labels, their text.
  struct Set {
    std::atomic<std::uint32_t> holders;
    std::uint32_t count;
    std::uint64_t hash;
    Set* next;  ///< in its bucket of the table
    [[nodiscard]] const Label* labels() const { return reinterpret_cast<const Label*>(this + 1); }
  };
  explicit Labels(Set* set) : set_(set) {}
  static void let_go(Set& set);

  Set* set_ = nullptr;
};

/// Changes label sets. Reusable: reset() keeps its memory. Threads: one at a time.
class LabelsBuilder {
 public:
  LabelsBuilder() = default;
  explicit LabelsBuilder(const Labels& base) { reset(base); }
  LabelsBuilder(const LabelsBuilder&) = delete;
  LabelsBuilder& operator=(const LabelsBuilder&) = delete;

  void reset(const Labels& base);
  void set(std::string_view name, std::string_view value);  ///< copies both
  void remove(std::string_view name);
  [[nodiscard]] std::string_view get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  /// Sorted; good until the next change. Texts live until reset().
  [[nodiscard]] const std::vector<Label>& all() const { return labels_; }
  /// Removes where `gone(name, value)`.
  void remove_if(const std::function<bool(std::string_view, std::string_view)>& gone);
  [[nodiscard]] Labels build() const;

 private:
  Labels base_;  // holds the text of labels that were not changed
  std::vector<Label> labels_;
  TextArena text_;
  bool changed_ = false;
};

}  // namespace weir

template <>
struct std::hash<weir::Labels> {
  std::size_t operator()(const weir::Labels& labels) const noexcept { return labels.hash(); }
};

// SPDX-License-Identifier: Apache-2.0
// Label sets: interned, immutable, sorted by name, shared.
//
// Two Labels of equal content are the same pointer, so comparing and hashing cost nothing and a
// thousand lines of one stream share one set. A set leaves the table with its last holder.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

struct Label {
  std::string_view name;
  std::string_view value;
  friend bool operator==(const Label&, const Label&) = default;
};

/// One interned set. Cheap to copy. Threads: any.
class Labels {
 public:
  Labels() = default;  // the empty set
  /// Interns; of equal names the last wins; labels of empty value are kept as they are given.
  static Labels of(std::vector<Label> labels);
  Labels(const Labels& other) noexcept;
  Labels(Labels&& other) noexcept : set_(std::exchange(other.set_, nullptr)) {}
  Labels& operator=(Labels other) noexcept {
    std::swap(set_, other.set_);
    return *this;
  }
  ~Labels();

  [[nodiscard]] bool empty() const { return set_ == nullptr; }
  [[nodiscard]] std::size_t size() const;
  /// Sorted by name; the views live as long as this handle.
  [[nodiscard]] const Label* begin() const;
  [[nodiscard]] const Label* end() const;
  /// The value, or an empty view.
  [[nodiscard]] std::string_view get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  /// A stable hash of the content.
  [[nodiscard]] std::uint64_t hash() const;
  friend bool operator==(const Labels& a, const Labels& b) { return a.set_ == b.set_; }
  /// How many sets exist: for metrics and tests.
  static std::size_t interned();

 private:
  struct Set;
  friend struct LabelTable;
  explicit Labels(Set* set) : set_(set) {}
  Set* set_ = nullptr;
};

/// Changes label sets. Reusable: reset() keeps its memory.
class LabelsBuilder {
 public:
  LabelsBuilder() = default;
  explicit LabelsBuilder(const Labels& base) { reset(base); }
  void reset(const Labels& base);
  void set(std::string_view name, std::string_view value);  ///< copies both
  void remove(std::string_view name);
  [[nodiscard]] std::string_view get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const { return labels_; }  ///< sorted
  /// Removes where `gone(name, value)`.
  void remove_if(const std::function<bool(std::string_view, std::string_view)>& gone);
  [[nodiscard]] Labels build() const;

 private:
  Labels base_;
  std::vector<std::pair<std::string, std::string>> labels_;
};

}  // namespace weir

template <>
struct std::hash<weir::Labels> {
  std::size_t operator()(const weir::Labels& labels) const noexcept { return labels.hash(); }
};

// SPDX-License-Identifier: Apache-2.0
// What stages found in an entry: the reference's "extracted" map, one small list per entry.
//
// A batch keeps the items of all its entries in one vector; the items of an entry are a chain
// through it, newest first. So writing costs an append and no allocation, and a batch of a thousand
// lines has one block of memory that is used again for the next batch. The labels an entry came
// with are found too, without being copied: a name that no stage wrote is looked up among them.

#pragma once

#include "components/core/labels.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace weir::loki {

/// A value as a stage found it. Text is a view into memory the batch holds.
class FoundValue {
 public:
  enum class Kind : std::uint8_t {
    kGone,  ///< not there, or taken away
    kNull,  ///< there, but without a text: a JSON null
    kBool,
    kNumber,
    kText,
  };

  FoundValue() = default;
  static FoundValue null() { return FoundValue(Kind::kNull); }
  static FoundValue boolean(bool v) {
    FoundValue out(Kind::kBool);
    out.number_ = v ? 1 : 0;
    return out;
  }
  static FoundValue number(double v) {
    FoundValue out(Kind::kNumber);
    out.number_ = v;
    return out;
  }
  FoundValue(
      std::string_view text)  // NOLINT(google-explicit-constructor): text is what most stages find
      : data_(text.data()), size_(static_cast<std::uint32_t>(text.size())), kind_(Kind::kText) {}

  [[nodiscard]] Kind kind() const { return kind_; }
  /// Whether a stage put something there, be it null.
  [[nodiscard]] bool exists() const { return kind_ != Kind::kGone; }
  /// Whether it has a text: neither absent nor null.
  [[nodiscard]] bool has_text() const { return kind_ > Kind::kNull; }
  [[nodiscard]] bool as_bool() const { return number_ != 0; }
  [[nodiscard]] double as_number() const { return number_; }
  [[nodiscard]] std::string_view as_text() const { return {data_, size_}; }

 private:
  explicit FoundValue(Kind kind) : kind_(kind) {}
  union {
    const char* data_ = nullptr;
    double number_;
  };
  std::uint32_t size_ = 0;
  Kind kind_ = Kind::kGone;
};

/// Room for the longest text of print_number().
inline constexpr std::size_t kNumberRoom = 352;
/// Decimal text without exponent, the fewest digits that read back as the same number: "0.1",
/// "1000000".
std::string_view print_number(double number, char (&room)[kNumberRoom]);

/// The items of all entries of one batch. An entry knows its newest item's index, or kNone.
class FoundItems {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  struct Item {
    const char* name;
    std::uint32_t name_size;
    std::uint32_t next;
    FoundValue value;
    [[nodiscard]] std::string_view key() const { return {name, name_size}; }
  };

  /// The newest value of `name` in the chain that begins at `newest`; null if it has none.
  [[nodiscard]] const FoundValue* find(std::uint32_t newest, std::string_view name) const {
    for (std::uint32_t at = newest; at != kNone; at = items_[at].next) {
      if (items_[at].key() == name) return &items_[at].value;
    }
    return nullptr;
  }
  /// Writes `name`; `newest` is the entry's chain.
  void set(std::uint32_t& newest, std::string_view name, FoundValue value) {
    items_.push_back({name.data(), static_cast<std::uint32_t>(name.size()), newest, value});
    newest = static_cast<std::uint32_t>(items_.size() - 1);
  }
  [[nodiscard]] const Item& operator[](std::uint32_t at) const { return items_[at]; }
  void clear() { items_.clear(); }

 private:
  std::vector<Item> items_;
};

}  // namespace weir::loki

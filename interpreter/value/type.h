// SPDX-License-Identifier: Apache-2.0
// Types of the language: what a field accepts, what a function takes and gives, what the checker
// knows of an expression before anything runs.

#pragma once

#include "interpreter/value/value.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::value {

/// A type. Immutable, cheap to copy.
class Type {
 public:
  enum class Tag {
    kAny,
    kNull,
    kBool,
    kNumber,
    kString,
    kDuration,
    kSize,
    kSecret,
    kOptionalSecret,
    kTime,
    kList,
    kMap,
    kObject,
    kFunction,
    kCapsule,
  };

  Type() = default;  // any
  /// Of kList, kMap, kObject: of anything.
  static Type of(Tag tag);
  static Type any() { return Type(Tag::kAny); }
  static Type list(Type element);
  static Type map(Type element);
  /// An object whose members are known by name, in order.
  static Type object(std::vector<std::pair<std::string, Type>> members);
  static Type capsule(const CapsuleType& type);
  /// The most that is known of a value: of an array the common type of its elements, null if it is
  /// empty.
  static Type of(const Value& value);

  [[nodiscard]] Tag tag() const { return tag_; }
  [[nodiscard]] const Type& element() const;  ///< of kList, kMap
  [[nodiscard]] const std::vector<std::pair<std::string, Type>>& members() const;  ///< of kObject
  [[nodiscard]] const Type* member(std::string_view name) const;
  [[nodiscard]] const CapsuleType* capsule_type() const { return capsule_; }
  /// The kind that values of the type have; nothing of any.
  [[nodiscard]] std::optional<Kind> kind() const;

  /// For reference pages and messages: "list(string)", "duration", "a receiver of logs".
  [[nodiscard]] std::string text() const;
  friend bool operator==(const Type& a, const Type& b);

 private:
  [[nodiscard]] std::string element_text() const;
  explicit Type(Tag tag) : tag_(tag) {}
  Tag tag_ = Tag::kAny;
  const CapsuleType* capsule_ = nullptr;
  std::shared_ptr<const Type> element_;
  std::shared_ptr<const std::vector<std::pair<std::string, Type>>> members_;
};

/// The narrowest type that holds values of both. Null, which is taken everywhere, adds nothing.
Type common(const Type& a, const Type& b);

/// May a value of static type `from` go into a field of type `to` under the coercions of spec 9?
/// kMaybe: it depends on the value (a string into a number; any into anything).
enum class Fit { kYes, kMaybe, kNo };
Fit fits(const Type& from, const Type& to);

}  // namespace weir::value

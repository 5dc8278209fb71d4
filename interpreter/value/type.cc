// SPDX-License-Identifier: Apache-2.0
#include "interpreter/value/type.h"

#include "base/check.h"
#include "base/format.h"
#include "interpreter/value/unknown.h"

#include <algorithm>

namespace weir::value {
namespace {

bool is_keyed(Type::Tag tag) {
  return tag == Type::Tag::kMap || tag == Type::Tag::kObject;
}

/// What all members of a map or object have in common.
Type type_of_members(const Type& keyed) {
  if (keyed.tag() == Type::Tag::kMap) return keyed.element();
  Type all = Type::of(Type::Tag::kNull);
  for (const auto& [name, type] : keyed.members()) all = common(all, type);
  return all;
}

Type type_of_array(const Array& array) {
  Type element = Type::of(Type::Tag::kNull);
  for (const Value& v : array) element = common(element, Type::of(v));
  return Type::list(std::move(element));
}

Type type_of_object(const Object& object) {
  std::vector<std::pair<std::string, Type>> members;
  for (const auto& [name, member] : object.members) members.emplace_back(name, Type::of(member));
  return Type::object(std::move(members));
}

Type type_of_capsule(const Value& value) {
  if (const Type* type = unknown_type(value)) return *type;
  if (value.as_secret() != nullptr) return Type::of(Type::Tag::kSecret);
  if (value.as_optional_secret() != nullptr) return Type::of(Type::Tag::kOptionalSecret);
  const CapsuleType* type = value.as_capsule().type;
  return type == nullptr ? Type::any() : Type::capsule(*type);
}

/// Of several parts that must all fit: the least sure.
Fit worst(Fit a, Fit b) {
  if (a == Fit::kNo || b == Fit::kNo) return Fit::kNo;
  return a == Fit::kMaybe || b == Fit::kMaybe ? Fit::kMaybe : Fit::kYes;
}

Fit fits_members(const Type& from, const Type& to) {
  Fit fit = Fit::kYes;
  for (const auto& [name, type] : from.members()) {
    if (to.tag() == Type::Tag::kMap) {
      fit = worst(fit, fits(type, to.element()));
    } else if (const Type* member = to.member(name)) {
      fit = worst(fit, fits(type, *member));
    } else {
      return Fit::kNo;
    }
  }
  return fit;
}

Fit fits_object(const Type& from, const Type& to) {
  if (from.tag() == Type::Tag::kObject) return fits_members(from, to);
  if (from.tag() != Type::Tag::kMap) return Fit::kNo;
  return to.tag() == Type::Tag::kMap ? fits(from.element(), to.element()) : Fit::kMaybe;
}

/// Whether values of the type are strings to the language: they were text before they were decoded.
bool is_text(Type::Tag tag) {
  using enum Type::Tag;
  return tag == kString || tag == kDuration || tag == kSize || tag == kTime;
}

Fit fits_string(Type::Tag from) {
  using enum Type::Tag;
  if (is_text(from) || from == kNumber) return Fit::kYes;
  return from == kOptionalSecret ? Fit::kMaybe : Fit::kNo;
}

/// Into what is read from text: a number, a duration, a size, an instant.
Fit fits_parsed(Type::Tag from, Type::Tag to) {
  using enum Type::Tag;
  if (from == to) return Fit::kYes;
  if (from == kString || from == kOptionalSecret) return Fit::kMaybe;
  if (to == kNumber) return from == kSize ? Fit::kMaybe : Fit::kNo;
  return from == kNumber ? Fit::kMaybe : Fit::kNo;
}

Fit fits_secret(Type::Tag from) {
  using enum Type::Tag;
  return is_text(from) || from == kSecret || from == kOptionalSecret ? Fit::kYes : Fit::kNo;
}

}  // namespace

Type Type::of(Tag tag) {
  if (tag == Tag::kList) return list(any());
  if (tag == Tag::kMap || tag == Tag::kObject) return map(any());
  return Type(tag);
}

Type Type::list(Type element) {
  Type t(Tag::kList);
  t.element_ = std::make_shared<const Type>(std::move(element));
  return t;
}

Type Type::map(Type element) {
  Type t(Tag::kMap);
  t.element_ = std::make_shared<const Type>(std::move(element));
  return t;
}

Type Type::object(std::vector<std::pair<std::string, Type>> members) {
  Type t(Tag::kObject);
  t.members_ =
      std::make_shared<const std::vector<std::pair<std::string, Type>>>(std::move(members));
  return t;
}

Type Type::capsule(const CapsuleType& type) {
  Type t(Tag::kCapsule);
  t.capsule_ = &type;
  return t;
}

Type Type::of(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull: return of(Tag::kNull);
    case Kind::kBool: return of(Tag::kBool);
    case Kind::kNumber: return of(Tag::kNumber);
    case Kind::kString: return of(Tag::kString);
    case Kind::kArray: return type_of_array(value.as_array());
    case Kind::kObject: return type_of_object(value.as_object());
    case Kind::kFunction: return of(Tag::kFunction);
    case Kind::kCapsule: return type_of_capsule(value);
  }
  return any();
}

const Type& Type::element() const {
  WEIR_CHECK(element_ != nullptr, "element() asks for a list or map");
  return *element_;
}

const std::vector<std::pair<std::string, Type>>& Type::members() const {
  WEIR_CHECK(members_ != nullptr, "members() asks for an object");
  return *members_;
}

const Type* Type::member(std::string_view name) const {
  const auto& all = members();
  // The exports of a whole module are sorted, and may be very many.
  const auto near = std::lower_bound(all.begin(), all.end(), name,
                                     [](const auto& m, std::string_view n) { return m.first < n; });
  if (near != all.end() && near->first == name) return &near->second;
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const auto& m) { return m.first == name; });
  return at == all.end() ? nullptr : &at->second;
}

std::string Type::element_text() const {
  return element().tag() == Tag::kNull ? "" : format("({})", element().text());
}

std::string Type::text() const {
  switch (tag_) {
    case Tag::kAny: return "any";
    case Tag::kNull: return "null";
    case Tag::kBool: return "bool";
    case Tag::kNumber: return "number";
    case Tag::kString: return "string";
    case Tag::kDuration: return "duration";
    case Tag::kSize: return "size";
    case Tag::kSecret: return "secret";
    case Tag::kOptionalSecret: return "string or secret";
    case Tag::kTime: return "time";
    case Tag::kList: return "list" + element_text();
    case Tag::kMap: return "map" + element_text();
    case Tag::kObject: return "object";
    case Tag::kFunction: return "function";
    case Tag::kCapsule: return std::string(capsule_->words);
  }
  return {};
}

std::optional<Kind> Type::kind() const {
  switch (tag_) {
    case Tag::kAny: return std::nullopt;
    case Tag::kNull: return Kind::kNull;
    case Tag::kBool: return Kind::kBool;
    case Tag::kNumber: return Kind::kNumber;
    case Tag::kString:
    case Tag::kDuration:
    case Tag::kSize:
    case Tag::kTime: return Kind::kString;
    case Tag::kList: return Kind::kArray;
    case Tag::kMap:
    case Tag::kObject: return Kind::kObject;
    case Tag::kFunction: return Kind::kFunction;
    case Tag::kSecret:
    case Tag::kOptionalSecret:
    case Tag::kCapsule: return Kind::kCapsule;
  }
  return std::nullopt;
}

Type common(const Type& a, const Type& b) {
  using enum Type::Tag;
  if (a == b || b.tag() == kNull) return a;
  if (a.tag() == kNull) return b;
  if (a.tag() == kList && b.tag() == kList) return Type::list(common(a.element(), b.element()));
  if (is_keyed(a.tag()) && is_keyed(b.tag())) {
    return Type::map(common(type_of_members(a), type_of_members(b)));
  }
  return Type::any();
}

bool operator==(const Type& a, const Type& b) {
  if (a.tag_ != b.tag_ || a.capsule_ != b.capsule_) return false;
  if (a.element_ != b.element_) return *a.element_ == *b.element_;
  return a.members_ == b.members_ || *a.members_ == *b.members_;
}

Fit fits(const Type& from, const Type& to) {
  using enum Type::Tag;
  if (to.tag() == kAny || from.tag() == kNull) return Fit::kYes;
  if (from.tag() == kAny) return Fit::kMaybe;
  switch (to.tag()) {
    case kString: return fits_string(from.tag());
    case kNumber:
    case kDuration:
    case kSize:
    case kTime: return fits_parsed(from.tag(), to.tag());
    case kSecret:
    case kOptionalSecret: return fits_secret(from.tag());
    case kList: return from.tag() == kList ? fits(from.element(), to.element()) : Fit::kNo;
    case kMap:
    case kObject: return fits_object(from, to);
    case kCapsule: return from == to ? Fit::kYes : Fit::kNo;
    case kAny:
    case kNull:
    case kBool:
    case kFunction: return from.tag() == to.tag() ? Fit::kYes : Fit::kNo;
  }
  return Fit::kNo;
}

}  // namespace weir::value

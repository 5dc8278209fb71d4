// SPDX-License-Identifier: Apache-2.0
#include "interpreter/value/value.h"

#include "base/check.h"

#include <algorithm>

namespace weir::value {
namespace {

bool same_secret(const void* a, const void* b) {
  return static_cast<const Secret*>(a)->text == static_cast<const Secret*>(b)->text;
}

bool same_optional_secret(const void* a, const void* b) {
  const auto* x = static_cast<const OptionalSecret*>(a);
  const auto* y = static_cast<const OptionalSecret*>(b);
  return x->secret == y->secret && x->text == y->text;
}

std::string hidden(const void*) {
  return "(secret)";
}

std::string hidden_if_secret(const void* object) {
  const auto* s = static_cast<const OptionalSecret*>(object);
  return s->secret ? "(secret)" : s->text;
}

void add_extent(Extent& sum, const Value& part) {
  const Extent extent = part.extent();
  const std::uint64_t room = ~std::uint64_t{0} - sum.bytes;
  sum.bytes += std::min(room, extent.bytes);
  sum.depth = std::max(sum.depth, extent.depth + 1);
}

/// Sorts by key; of equal keys the last stays.
void sort_unique(std::vector<std::pair<std::string, Value>>& members) {
  const auto by_key = [](const auto& a, const auto& b) { return a.first < b.first; };
  const auto unsorted = [](const auto& a, const auto& b) { return a.first >= b.first; };
  if (std::adjacent_find(members.begin(), members.end(), unsorted) == members.end()) return;
  std::stable_sort(members.begin(), members.end(), by_key);
  const auto kept = std::unique(members.rbegin(), members.rend(),
                                [](const auto& a, const auto& b) { return a.first == b.first; });
  members.erase(members.begin(), kept.base());
}

bool capsules_equal(const Capsule& a, const Capsule& b) {
  if (a.type != b.type) return false;
  if (a.object == b.object) return true;
  return a.type != nullptr && a.type->equal != nullptr && a.object && b.object &&
         a.type->equal(a.object.get(), b.object.get());
}

/// Which of two relations between values is asked for.
enum class Relation { kEqual, kSame };

bool related(const Value& a, const Value& b, Relation relation);

bool arrays_related(const Array& a, const Array& b, Relation relation) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](const Value& x, const Value& y) { return related(x, y, relation); });
}

bool objects_related(const Object& a, const Object& b, Relation relation) {
  if (a.members.size() != b.members.size()) return false;
  return std::all_of(a.members.begin(), a.members.end(), [&](const auto& member) {
    const Value* other = b.find(member.first);
    return other != nullptr && related(member.second, *other, relation);
  });
}

bool numbers_related(const Number& a, const Number& b, Relation relation) {
  if (relation == Relation::kEqual) return a == b;
  if (a.kind != b.kind) return false;
  return a == b || (a.kind == Number::Kind::kFloat && a.real != a.real && b.real != b.real);
}

/// The text of a string or secret: what the language compares between the two; null of all others.
const std::string* comparable_text(const Value& v) {
  if (v.kind() == Kind::kString) return &v.as_string();
  if (const Secret* s = v.as_secret()) return &s->text;
  if (const OptionalSecret* s = v.as_optional_secret()) return &s->text;
  return nullptr;
}

bool related(const Value& a, const Value& b, Relation relation) {
  if (a.kind() != b.kind()) {
    if (relation == Relation::kSame) return false;
    if (a.kind() != Kind::kString && b.kind() != Kind::kString) return false;
    const std::string* x = comparable_text(a);
    const std::string* y = comparable_text(b);
    return x != nullptr && y != nullptr && *x == *y;
  }
  if (relation == Relation::kSame && a.shares(b)) return true;
  switch (a.kind()) {
    case Kind::kNull: return true;
    case Kind::kBool: return a.as_bool() == b.as_bool();
    case Kind::kNumber: return numbers_related(a.as_number(), b.as_number(), relation);
    case Kind::kString: return a.as_string() == b.as_string();
    case Kind::kArray: return arrays_related(a.as_array(), b.as_array(), relation);
    case Kind::kObject: return objects_related(a.as_object(), b.as_object(), relation);
    case Kind::kFunction: return relation == Relation::kSame && a.as_function() == b.as_function();
    case Kind::kCapsule: return capsules_equal(a.as_capsule(), b.as_capsule());
  }
  return false;
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::kNull: return "null";
    case Kind::kBool: return "bool";
    case Kind::kNumber: return "number";
    case Kind::kString: return "string";
    case Kind::kArray: return "array";
    case Kind::kObject: return "object";
    case Kind::kFunction: return "function";
    case Kind::kCapsule: return "capsule";
  }
  return "null";
}

const CapsuleType kSecretType = {"alloytypes.Secret", "a secret", &same_secret, &hidden};
const CapsuleType kOptionalSecretType = {"alloytypes.OptionalSecret", "a secret or a string",
                                         &same_optional_secret, &hidden_if_secret};

const Value* Object::find(std::string_view key) const {
  if (!ordered) {
    const auto at = std::lower_bound(members.begin(), members.end(), key,
                                     [](const auto& m, std::string_view k) { return m.first < k; });
    return at != members.end() && at->first == key ? &at->second : nullptr;
  }
  const auto at =
      std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.first == key; });
  return at == members.end() ? nullptr : &at->second;
}

Value::Value(bool v) : data_(v) {}
Value::Value(Number v) : data_(v) {}
Value::Value(std::string v) : data_(std::make_shared<const std::string>(std::move(v))) {}
Value::Value(std::string_view v) : Value(std::string(v)) {}

Value::Value(Array v) {
  Extent extent{Extent{}.bytes, 1};
  for (const Value& element : v) add_extent(extent, element);
  data_ = std::make_shared<const Node<Array>>(Node<Array>{std::move(v), extent});
}

Value::Value(Object v) {
  if (!v.ordered) sort_unique(v.members);
  Extent extent{Extent{}.bytes, 1};
  for (const auto& [key, member] : v.members) {
    extent.bytes += key.size();
    add_extent(extent, member);
  }
  data_ = std::make_shared<const Node<Object>>(Node<Object>{std::move(v), extent});
}

Value::Value(const catalog::FunctionDef* v) : data_(v) {}
Value::Value(Capsule v) : data_(std::move(v)) {}

Value Value::secret(std::string text) {
  return Value(Capsule{&kSecretType, std::make_shared<const Secret>(Secret{std::move(text)})});
}

Value Value::optional_secret(std::string text, bool secret) {
  return Value(Capsule{&kOptionalSecretType, std::make_shared<const OptionalSecret>(
                                                 OptionalSecret{std::move(text), secret})});
}

Kind Value::kind() const {
  return static_cast<Kind>(data_.index());
}

bool Value::as_bool() const {
  WEIR_CHECK(kind() == Kind::kBool, "as_bool() asks for a bool");
  return *std::get_if<bool>(&data_);
}

const Number& Value::as_number() const {
  WEIR_CHECK(kind() == Kind::kNumber, "as_number() asks for a number");
  return *std::get_if<Number>(&data_);
}

const std::string& Value::as_string() const {
  WEIR_CHECK(kind() == Kind::kString, "as_string() asks for a string");
  return **std::get_if<std::shared_ptr<const std::string>>(&data_);
}

const Array& Value::as_array() const {
  WEIR_CHECK(kind() == Kind::kArray, "as_array() asks for an array");
  return (*std::get_if<std::shared_ptr<const Node<Array>>>(&data_))->content;
}

const Object& Value::as_object() const {
  WEIR_CHECK(kind() == Kind::kObject, "as_object() asks for an object");
  return (*std::get_if<std::shared_ptr<const Node<Object>>>(&data_))->content;
}

const catalog::FunctionDef* Value::as_function() const {
  WEIR_CHECK(kind() == Kind::kFunction, "as_function() asks for a function");
  return *std::get_if<const catalog::FunctionDef*>(&data_);
}

const Capsule& Value::as_capsule() const {
  WEIR_CHECK(kind() == Kind::kCapsule, "as_capsule() asks for a capsule");
  return *std::get_if<Capsule>(&data_);
}

const Secret* Value::as_secret() const {
  const auto* capsule = std::get_if<Capsule>(&data_);
  if (capsule == nullptr || capsule->type != &kSecretType) return nullptr;
  return static_cast<const Secret*>(capsule->object.get());
}

const OptionalSecret* Value::as_optional_secret() const {
  const auto* capsule = std::get_if<Capsule>(&data_);
  if (capsule == nullptr || capsule->type != &kOptionalSecretType) return nullptr;
  return static_cast<const OptionalSecret*>(capsule->object.get());
}

bool Value::shares(const Value& other) const {
  if (kind() != other.kind()) return false;
  if (kind() == Kind::kArray) return &as_array() == &other.as_array();
  return kind() == Kind::kObject && &as_object() == &other.as_object();
}

Extent Value::extent() const {
  switch (kind()) {
    case Kind::kString: return {Extent{}.bytes + as_string().size(), 0};
    case Kind::kArray: return (*std::get_if<std::shared_ptr<const Node<Array>>>(&data_))->extent;
    case Kind::kObject: return (*std::get_if<std::shared_ptr<const Node<Object>>>(&data_))->extent;
    default: return {};
  }
}

bool operator==(const Value& a, const Value& b) {
  return related(a, b, Relation::kEqual);
}
bool same(const Value& a, const Value& b) {
  return related(a, b, Relation::kSame);
}

}  // namespace weir::value

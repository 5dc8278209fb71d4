// SPDX-License-Identifier: Apache-2.0
// Values of the language: null, bool, number, string, array, object, function, capsule.
//
// A Value is immutable and cheap to copy: small ones are held, large ones shared. What the language
// cannot look into (receivers, relabel rules, secrets) is a capsule: a typed handle.

#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace weir::catalog {
struct FunctionDef;
}

namespace weir::value {

enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject, kFunction, kCapsule };
/// The word users see: "number".
std::string_view to_string(Kind kind);

/// A number is one of three kinds; promotion goes kUnsigned < kInteger < kFloat (spec 7).
struct Number {
  enum class Kind : std::uint8_t { kInteger, kUnsigned, kFloat };
  Kind kind = Kind::kInteger;
  union {
    std::int64_t integer = 0;
    std::uint64_t natural;
    double real;
  };
  static Number of(std::int64_t v);
  static Number of(std::uint64_t v);
  static Number of(double v);
  [[nodiscard]] double as_double() const;
  /// Decimal text, no exponent, shortest digits that round-trip (spec 9).
  [[nodiscard]] std::string text() const;
};
/// Whole numbers compare exactly, all others as floating point; a NaN is unordered.
std::partial_ordering operator<=>(const Number& a, const Number& b);
inline bool operator==(const Number& a, const Number& b) {
  return std::is_eq(a <=> b);
}

class Value;

/// The type of a capsule: one constant per C++ type that travels through expressions. Compared by
/// address.
struct CapsuleType {
  std::string_view name;   ///< as the reference prints it: "loki.LogsReceiver"
  std::string_view words;  ///< as we say it: "a receiver of logs"
  /// Deep equality of two of this type; null: same object.
  bool (*equal)(const void* a, const void* b) = nullptr;
  /// The text that display and the API show; null: capsule("NAME").
  std::string (*display)(const void* object) = nullptr;
  /// Data flows into it: a receiver. A reference to one is an edge from who refers to who exports.
  bool receives = false;
};

struct Capsule {
  const CapsuleType* type = nullptr;
  std::shared_ptr<const void> object;
};

/// Text that is never shown. convert.nonsensitive alone takes it out.
struct Secret {
  std::string text;
};
/// Text that is a secret only if `secret` says so; else it behaves as a string.
struct OptionalSecret {
  std::string text;
  bool secret = false;
};
extern const CapsuleType kSecretType;          // object: Secret
extern const CapsuleType kOptionalSecretType;  // object: OptionalSecret

using Array = std::vector<Value>;

/// How much there is to walk: values share their parts, so a short expression can make a huge one.
struct Extent {
  std::uint64_t bytes = 32;  ///< about, shared parts counted each time; stops at the largest number
  std::uint32_t depth = 0;   ///< arrays and objects inside each other
};

/// Members of an object. Either in declared order (exports, schema-backed) or sorted by key.
struct Object {
  std::vector<std::pair<std::string, Value>> members;
  bool ordered = false;  ///< true: order means something and is kept; false: sorted, keys unique

  [[nodiscard]] const Value* find(std::string_view key) const;
};

class Value {
 public:
  Value() = default;  // null
  explicit Value(bool v);
  explicit Value(Number v);
  explicit Value(std::string v);
  explicit Value(std::string_view v);
  explicit Value(const char* v) : Value(std::string_view(v)) {}
  explicit Value(Array v);
  /// Sorts `v` by key unless it is ordered; of equal keys the last wins.
  explicit Value(Object v);
  explicit Value(const catalog::FunctionDef* v);
  explicit Value(Capsule v);
  static Value integer(std::int64_t v) { return Value(Number::of(v)); }
  static Value natural(std::uint64_t v) { return Value(Number::of(v)); }
  static Value real(double v) { return Value(Number::of(v)); }
  static Value secret(std::string text);
  static Value optional_secret(std::string text, bool secret);

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool is_null() const { return kind() == Kind::kNull; }
  /// Each asks for its kind; WEIR_CHECK otherwise.
  [[nodiscard]] bool as_bool() const;
  [[nodiscard]] const Number& as_number() const;
  [[nodiscard]] const std::string& as_string() const;
  [[nodiscard]] const Array& as_array() const;
  [[nodiscard]] const Object& as_object() const;
  [[nodiscard]] const catalog::FunctionDef* as_function() const;
  [[nodiscard]] const Capsule& as_capsule() const;
  /// Null unless this is a capsule of that type.
  [[nodiscard]] const Secret* as_secret() const;
  [[nodiscard]] const OptionalSecret* as_optional_secret() const;
  [[nodiscard]] Extent extent() const;
  /// Whether both are the one array or object in memory.
  [[nodiscard]] bool shares(const Value& other) const;

  /// The language's == (spec 7): by value, numbers after promotion, functions never equal.
  friend bool operator==(const Value& a, const Value& b);

 private:
  template <class T>
  struct Node {
    T content;
    Extent extent;
  };
  // In the order of Kind.
  std::variant<std::monostate, bool, Number, std::shared_ptr<const std::string>,
               std::shared_ptr<const Node<Array>>, std::shared_ptr<const Node<Object>>,
               const catalog::FunctionDef*, Capsule>
      data_;
};

/// Whether two evaluations gave the same: as ==, but functions equal themselves, numbers also by
/// kind, secrets by contents. What the graph asks before it updates a component.
bool same(const Value& a, const Value& b);

/// What is shown in place of a capsule: "(secret)", its own text, or capsule("NAME").
std::string display(const Capsule& capsule);
/// The value as Alloy text: `{\n\ta = 1,\n}`; secrets as (secret). Corpus: language/encode.
std::string print(const Value& value);
/// The web API's form: {"type":"string","value":"x"}. Corpus: language/json.
std::string to_api_json(const Value& value);
/// Plain JSON as `weir eval --json` prints it; secrets as "(secret)".
std::string to_json(const Value& value);

}  // namespace weir::value

// SPDX-License-Identifier: Apache-2.0
// A JMESPath expression as a tree, and what its functions see: shared by the parser, the search and
// the functions, and by nobody else.

#pragma once

#include "components/loki/process/call.h"
#include "components/loki/process/jmespath.h"

#include <utility>

namespace weir::loki {

namespace jmespath {

using codec::JsonValue;
/// Nothing: the search fails.
using Answer = std::optional<JsonValue>;

/// A variable of `let`, those around it behind it.
struct Binding {
  std::string_view name;
  const JsonValue* value;
  const Binding* outer;
};

/// Where an expression is evaluated.
struct Scope {
  const JsonValue& root;
  std::size_t& room;  ///< bytes that may still be made
  const Binding* bindings = nullptr;
};

/// `&expression`, an argument that is evaluated for each element.
struct Reference {
  const JmesPath::Node& node;
  const Scope& scope;
  [[nodiscard]] Answer of(const JsonValue& element) const;
};

/// What functions are called with.
struct Language {
  struct Value {
    JsonValue json;
    const Reference* reference = nullptr;  ///< instead
  };
  using Answer = JsonValue;

  static const JsonValue* read(const Value& v, As<JsonValue>) {
    return v.reference == nullptr ? &v.json : nullptr;
  }
  static const Reference* read(const Value& v, As<Reference>) { return v.reference; }
  static const JsonValue::Array* read(const Value& v, As<JsonValue::Array>) {
    return v.json.as_array();
  }
  static const JsonValue::Object* read(const Value& v, As<JsonValue::Object>) {
    return v.json.as_object();
  }
  static std::optional<std::string_view> read(const Value& v, As<std::string_view>);
  static std::optional<double> read(const Value& v, As<double>);
  static std::optional<std::int64_t> read(const Value& v, As<std::int64_t>);
  static std::optional<std::vector<double>> read(const Value& v, As<std::vector<double>>);
  static std::optional<std::vector<std::string_view>> read(const Value& v,
                                                           As<std::vector<std::string_view>>);

  static JsonValue answer(JsonValue v) { return v; }
  /// As a whole number where it is one, so that it prints as one.
  static JsonValue answer(double v);
  static JsonValue answer(bool v) { return JsonValue(v); }
  static JsonValue answer(std::string v) { return JsonValue(std::move(v)); }
  static JsonValue answer(std::string_view v) { return JsonValue(v); }
};

/// JMESPath's truth: everything but null, false, and what is empty.
bool is_true(const JsonValue& value);
/// Deep; numbers by their value, members in any order.
bool equal(const JsonValue& a, const JsonValue& b);

/// Null if the language has no such function.
const CallRow<Language>* find_function(std::string_view name);

/// The tree of an expression. Errors: kInvalid with the column.
Result<std::shared_ptr<const JmesPath::Node>> parse(std::string_view text);

}  // namespace jmespath

struct JmesPath::Node {
  enum class Kind {
    kCurrent,
    kRoot,
    kVariable,
    kField,
    kIndex,
    kSlice,
    kSub,
    kPipe,
    kProjection,
    kValues,
    kFlatten,
    kFilter,
    kList,
    kHash,
    kLiteral,
    kCompare,
    kCalculate,
    kMinus,
    kPlus,
    kOr,
    kAnd,
    kNot,
    kLet,
    kCall,
    kReference,
  };
  using Ptr = std::shared_ptr<const Node>;

  Kind kind = Kind::kCurrent;
  std::string text;                      ///< a name or an operator
  std::optional<std::int64_t> slice[3];  ///< kSlice; [0] also of kIndex
  Ptr left, right, condition;
  std::vector<std::pair<std::string, Ptr>> parts;  ///< kList, kHash, kCall, kLet
  codec::JsonValue literal;
  const CallRow<jmespath::Language>* function = nullptr;
};

}  // namespace weir::loki

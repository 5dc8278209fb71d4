// SPDX-License-Identifier: Apache-2.0
// coalesce: the first argument that says something.

#include "interpreter/catalog/function_def.h"

#include <algorithm>

namespace weir::stdlib {
namespace {

using catalog::Example;
using catalog::FunctionDef;
using catalog::Param;
using catalog::Rest;
using value::Kind;
using value::Type;
using value::Value;

/// Null, false, 0, "", [], {} and secrets without text.
bool says_nothing(const Value& v) {
  switch (v.kind()) {
    case Kind::kNull: return true;
    case Kind::kBool: return !v.as_bool();
    case Kind::kNumber: return v.as_number().as_double() == 0;
    case Kind::kString: return v.as_string().empty();
    case Kind::kArray: return v.as_array().empty();
    case Kind::kObject: return v.as_object().members.empty();
    case Kind::kFunction: return false;
    case Kind::kCapsule: break;
  }
  if (const auto* secret = v.as_secret()) return secret->text.empty();
  const auto* optional = v.as_optional_secret();
  return optional != nullptr && optional->text.empty();
}

Result<Value> coalesce(const Rest<Value>& values) {
  const auto found = std::find_if_not(values.values.begin(), values.values.end(), says_nothing);
  if (found != values.values.end()) return *found;
  return values.values.empty() ? Value() : values.values.back();
}

Type type_of_coalesce(std::span<const Type> args) {
  Type all = Type::of(Type::Tag::kNull);
  for (const Type& arg : args) all = common(all, arg);
  return all;
}

constexpr Param kCoalesceParams[] = {{"values", "What to choose from, in order."}};
constexpr Example kCoalesceExamples[] = {
    {R"(coalesce("", null, "a", "b"))", R"("a")"},
    {"coalesce([], {}, 0, false)", "false"},
    {"coalesce()", "null"},
};

}  // namespace

extern constexpr FunctionDef coalesce_values =
    catalog::function<&coalesce>(
        "coalesce",
        "Returns the first value that is not null, false, 0 or empty; if all are, the last.",
        kCoalesceParams, kCoalesceExamples)
        .typed(&type_of_coalesce);

}  // namespace weir::stdlib

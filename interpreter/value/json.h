// SPDX-License-Identifier: Apache-2.0
// Values from and to the trees that JSON and YAML are read into. to_json() and to_api_json() are
// declared in value.h.

#pragma once

#include "base/codec/json.h"
#include "base/result.h"
#include "interpreter/value/value.h"

#include <string_view>

namespace weir::value {

/// What numbers of a JSON text become.
enum class JsonNumbers {
  kFloats,     ///< all floating point, as the language's functions have it
  kAsWritten,  ///< whole ones stay whole
};

/// Errors: kInvalid with the place and what is wrong; nesting is bounded.
Result<Value> parse_json(std::string_view text, JsonNumbers numbers);
Result<Value> parse_yaml(std::string_view text);

/// Members keep their order; functions and capsules become the text that is shown for them.
codec::JsonValue to_tree(const Value& value);

}  // namespace weir::value

// SPDX-License-Identifier: Apache-2.0
// JSONPath: which parts of a document a path selects.
//
//   path     = [ "$" ] { "." name | "." "*" | ".." ( name | "*" ) | [ ".." ] "[" selector { ","
//   selector } "]" } selector = "*" | 'name' | "name" | number | [ start ] ":" [ end ] [ ":" step ]
//   | "?" filter filter   = or of and of: "!" filter | "(" filter ")" | operand [ ( == != < <= > >=
//   =~ in ) operand ] operand  = "@" path | "$" path | number | string | true | false | null |
//   /regex/ | "[" operands "]"
//
// The first step of a path may be a bare name. A filter's operand alone asks whether the path finds
// anything. Values of different types are unequal and in no order.

#pragma once

#include "base/result.h"
#include "interpreter/value/value.h"

#include <string_view>

namespace weir::stdlib {

/// What `path` selects of `document`, in the order of the document, objects by key. Errors: a path
/// that is none, or one that walks more than a bounded number of nodes.
Result<value::Array> select(const value::Value& document, std::string_view path);

}  // namespace weir::stdlib

// SPDX-License-Identifier: Apache-2.0
// A value of which only the type is known: what the checker puts in the place of what exists only
// at run time.
//
// It is a capsule, so that it can stand anywhere inside arrays and objects whose other members are
// known: of `{__path__ = "/var/log/*.log", host = sys.env("HOST")}` only `host` is unknown. Never
// seen at run time.

#pragma once

#include "interpreter/value/type.h"
#include "interpreter/value/value.h"

namespace weir::value {

/// Stands for a value of this type.
Value unknown(Type type);
/// The type that an unknown value will have; null if `value` is known.
const Type* unknown_type(const Value& value);
/// Whether `value` is unknown or anything inside it is.
bool has_unknown(const Value& value);

}  // namespace weir::value

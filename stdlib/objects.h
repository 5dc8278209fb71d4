// SPDX-License-Identifier: Apache-2.0
// A list of objects as an argument: targets, rows of a table.

#pragma once

#include "interpreter/schema/codec.h"

namespace weir::stdlib {

/// Elements are objects, all of them.
struct Objects {
  value::Array elements;
};

}  // namespace weir::stdlib

namespace weir::schema {

template <>
struct Codec<stdlib::Objects> {
  static value::Type type();
  static bool decode(const value::Value& in, stdlib::Objects& out, Decoder& decoder);
  static value::Value encode(const stdlib::Objects& in);
};

}  // namespace weir::schema

// SPDX-License-Identifier: Apache-2.0
// Lists as arguments, shared with the value they come from: nothing is copied, however often a
// large list is passed.

#pragma once

#include "interpreter/schema/codec.h"

namespace weir::stdlib {

/// A list of anything; null is an empty one.
struct List {
  value::Value value{value::Array{}};
  [[nodiscard]] const value::Array& elements() const { return value.as_array(); }
};

/// A list of objects: targets, rows of a table.
struct Objects {
  value::Value value{value::Array{}};
  [[nodiscard]] const value::Array& elements() const { return value.as_array(); }
};

}  // namespace weir::stdlib

namespace weir::schema {

template <>
struct Codec<stdlib::List> {
  static value::Type type();
  static bool decode(const value::Value& in, stdlib::List& out, Decoder& decoder);
};

template <>
struct Codec<stdlib::Objects> {
  static value::Type type();
  static bool decode(const value::Value& in, stdlib::Objects& out, Decoder& decoder);
};

}  // namespace weir::schema

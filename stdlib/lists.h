// SPDX-License-Identifier: Apache-2.0
// Arguments of functions that take values as they are: nothing is converted, null is no list.
//
// Lists are shared with the value they come from: nothing is copied, however often a large list is
// passed.

#pragma once

#include "interpreter/schema/codecs.h"

#include <optional>
#include <string>
#include <vector>

namespace weir::stdlib {

/// A list of anything.
struct List {
  value::Value value{value::Array{}};
  [[nodiscard]] const value::Array& elements() const { return value.as_array(); }
};

/// A list of objects: targets, rows of a table.
struct Objects {
  value::Value value{value::Array{}};
  [[nodiscard]] const value::Array& elements() const { return value.as_array(); }
};

/// A bool, string or vector that only a value of that very kind becomes.
template <class T>
struct Exactly {
  T value{};
};

constexpr value::Kind kind_of(const Exactly<bool>&) {
  return value::Kind::kBool;
}
constexpr value::Kind kind_of(const Exactly<std::string>&) {
  return value::Kind::kString;
}
template <class T>
constexpr value::Kind kind_of(const Exactly<std::vector<T>>&) {
  return value::Kind::kArray;
}

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

template <class T>
struct Codec<stdlib::Exactly<T>> {
  static value::Type type() { return Codec<T>::type(); }
  static bool decode(const value::Value& in, stdlib::Exactly<T>& out, Decoder& decoder) {
    if (in.kind() != kind_of(out)) return decoder.mismatch(type(), in);
    return Codec<T>::decode(in, out.value, decoder);
  }
};

/// Left out it is nothing, but null is not left out.
template <class T>
struct Codec<std::optional<stdlib::Exactly<T>>> {
  static value::Type type() { return Codec<T>::type(); }
  static bool decode(const value::Value& in, std::optional<stdlib::Exactly<T>>& out,
                     Decoder& decoder) {
    return Codec<stdlib::Exactly<T>>::decode(in, out.emplace(), decoder);
  }
};

}  // namespace weir::schema

// SPDX-License-Identifier: Apache-2.0
// Codecs of the language's own types (spec 9).

#pragma once

#include "base/units.h"
#include "interpreter/schema/codec.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace weir::schema {

#define WEIR_DECLARE_CODEC(T)                                             \
  template <>                                                             \
  struct Codec<T> {                                                       \
    static value::Type type();                                            \
    static bool decode(const value::Value& in, T& out, Decoder& decoder); \
    static value::Value encode(const T& in);                              \
  }

WEIR_DECLARE_CODEC(bool);
WEIR_DECLARE_CODEC(std::int8_t);
WEIR_DECLARE_CODEC(std::int16_t);
WEIR_DECLARE_CODEC(std::int32_t);
WEIR_DECLARE_CODEC(std::int64_t);
WEIR_DECLARE_CODEC(std::uint8_t);
WEIR_DECLARE_CODEC(std::uint16_t);
WEIR_DECLARE_CODEC(std::uint32_t);
WEIR_DECLARE_CODEC(std::uint64_t);
WEIR_DECLARE_CODEC(float);
WEIR_DECLARE_CODEC(double);
WEIR_DECLARE_CODEC(std::string);
WEIR_DECLARE_CODEC(Duration);
WEIR_DECLARE_CODEC(Bytes);
WEIR_DECLARE_CODEC(value::Secret);
WEIR_DECLARE_CODEC(value::OptionalSecret);
WEIR_DECLARE_CODEC(value::Value);

template <class T>
struct Codec<std::vector<T>> {
  static value::Type type() { return value::Type::list(Codec<T>::type()); }
  static bool decode(const value::Value& in, std::vector<T>& out, Decoder& decoder) {
    out.clear();
    if (in.is_null()) return true;
    if (in.kind() != value::Kind::kArray) return decoder.mismatch(type(), in);
    bool good = true;
    for (std::size_t i = 0; i < in.as_array().size(); ++i) {
      decoder.enter(i);
      good = Codec<T>::decode(in.as_array()[i], out.emplace_back(), decoder) && good;
      decoder.leave();
    }
    return good;
  }
  static value::Value encode(const std::vector<T>& in) {
    value::Array out;
    for (const T& element : in) out.push_back(Codec<T>::encode(element));
    return value::Value(std::move(out));
  }
};

template <class T>
struct Codec<std::map<std::string, T>> {
  static value::Type type() { return value::Type::map(Codec<T>::type()); }
  static bool decode(const value::Value& in, std::map<std::string, T>& out, Decoder& decoder) {
    out.clear();
    if (in.is_null()) return true;
    if (in.kind() != value::Kind::kObject) return decoder.mismatch(type(), in);
    bool good = true;
    for (const auto& [key, member] : in.as_object().members) {
      decoder.enter(key);
      good = Codec<T>::decode(member, out[key], decoder) && good;
      decoder.leave();
    }
    return good;
  }
  static value::Value encode(const std::map<std::string, T>& in) {
    value::Object out;
    for (const auto& [key, member] : in) out.members.emplace_back(key, Codec<T>::encode(member));
    return value::Value(std::move(out));
  }
};

/// Null or absent is "not given".
template <class T>
struct Codec<std::optional<T>> {
  static value::Type type() { return Codec<T>::type(); }
  static bool decode(const value::Value& in, std::optional<T>& out, Decoder& decoder) {
    out.reset();
    return in.is_null() || Codec<T>::decode(in, out.emplace(), decoder);
  }
  static value::Value encode(const std::optional<T>& in) {
    return in ? Codec<T>::encode(*in) : value::Value();
  }
};

}  // namespace weir::schema

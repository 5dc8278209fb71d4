// SPDX-License-Identifier: Apache-2.0
// Codec<T>: how one C++ type appears in the language. Specialise it beside the type.
//
//   template <> struct Codec<Duration> {
//     static value::Type type();                                   // what the checker and the docs
//     say static bool decode(const value::Value&, Duration&, Decoder&);  // false after
//     decoder.fail(...) static value::Value encode(const Duration&);                 // what the
//     API and the docs show
//   };
//
// The specialisations for the language's own types (bool, integers, floats, string, Duration,
// Bytes, Secret, OptionalSecret, Value, vector, map, optional) are in codecs.h.

#pragma once

#include "interpreter/text/diagnostic.h"
#include "interpreter/value/type.h"
#include "interpreter/value/value.h"

#include <string>
#include <variant>
#include <vector>

namespace weir::schema {

/// A step from a value into it: a field's name or an element's index.
using PathStep = std::variant<std::string, std::size_t>;
using Path = std::vector<PathStep>;
/// ".field1[2]"
std::string print(const Path& path);

/// Collects what is wrong with a value while it is decoded, and where inside it. A value is well
/// decoded if failures() is empty, whatever the codecs returned: what is not known yet fails
/// nothing.
class Decoder {
 public:
  struct Failure {
    text::DiagnosticCode code;
    Path path;
    std::string message;
    std::string hint;
  };

  /// Reports a failure at the current path; returns false, so that codecs can `return d.fail(...)`.
  bool fail(text::DiagnosticCode code, std::string message, std::string hint = {});
  /// What every codec ends in that cannot take `got`: "should be number, got string". Returns
  /// false. Of an unknown value (value::unknown) the type is judged; one that may fit is no
  /// failure.
  bool mismatch(const value::Type& wanted, const value::Value& got);
  /// Some value was not known, so what was decoded is not what will be. Unknown capsules do not
  /// count: nobody looks into them.
  void mark_incomplete() { complete_ = false; }
  [[nodiscard]] bool complete() const { return complete_; }

  void enter(PathStep step) { path_.push_back(std::move(step)); }
  void leave() { path_.pop_back(); }
  [[nodiscard]] const std::vector<Failure>& failures() const { return failures_; }

 private:
  bool fail_exposed(const value::Type& wanted);
  bool judge_unknown(const value::Type& wanted, const value::Type& got);

  Path path_;
  std::vector<Failure> failures_;
  bool complete_ = true;
};

template <class T>
struct Codec;

/// A Codec<T> with the type taken away: what a Field holds.
struct TypeOps {
  value::Type (*type)();
  bool (*decode)(const value::Value& in, void* out, Decoder& decoder);
  value::Value (*encode)(const void* in);
  bool (*judge)(const value::Value& in, Decoder& decoder);  ///< decode, without an object to keep
};

template <class T>
const TypeOps& type_ops() {
  static constexpr TypeOps kOps = {
      &Codec<T>::type,
      [](const value::Value& in, void* out, Decoder& d) {
        return Codec<T>::decode(in, *static_cast<T*>(out), d);
      },
      [](const void* in) { return Codec<T>::encode(*static_cast<const T*>(in)); },
      [](const value::Value& in, Decoder& d) {
        T out{};
        return Codec<T>::decode(in, out, d);
      },
  };
  return kOps;
}

}  // namespace weir::schema

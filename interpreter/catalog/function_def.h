// SPDX-License-Identifier: Apache-2.0
// What a function of the standard library is: its signature, documentation and examples, declared once.
//
// A function is a C++ function; its language signature is deduced from it:
//
//   Result<std::string> to_upper(const std::string& text);
//   constexpr Param kParams[] = {{"text", "What to change."}};
//   constexpr Example kExamples[] = {{R"(string.to_upper("ab"))", R"("AB")"}};
//   extern constexpr FunctionDef string_to_upper = function<&to_upper>("string.to_upper", "Returns text in upper case.", kParams, kExamples);

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "interpreter/schema/stability.h"
#include "interpreter/schema/codecs.h"
#include "interpreter/value/type.h"
#include "interpreter/value/value.h"

namespace weir::catalog {

using schema::Stability;

/// What functions may ask of the world; injected, so that tests and the checker can hold it still.
struct CallContext {
  std::string (*env)(const std::string& name, void* self) = nullptr;
  void* env_self = nullptr;
};

/// Where a call went wrong and how.
struct CallError {
  int argument = -1;  ///< index from 0; -1: the call itself
  text::DiagnosticCode code = text::DiagnosticCode::kBadCall;
  schema::Path path;  ///< inside the argument
  std::string message;
  std::string hint;
};

struct Param {
  std::string_view name;
  std::string_view doc;
};
struct Example {
  std::string_view expression;
  std::string_view result;  ///< an expression of equal value
};

/// The last parameter of a function that takes any number of arguments.
template <class T>
struct Rest {
  std::vector<T> values;
};

/// One row of the registry. A literal type.
struct FunctionDef {
  std::string_view name;
  std::string_view doc;
  std::span<const Param> params;
  std::span<const Example> examples;
  bool variadic = false;            ///< the last param repeats, none is fine
  std::size_t optional_params = 0;  ///< how many at the end may be left out
  bool pure = true;                 ///< same arguments, same result, no look at the world: the checker may call it
  Stability stability = Stability::kGenerallyAvailable;
  std::string_view alias_of = {};   ///< deprecated name of another function
  std::vector<value::Type> (*param_types)() = nullptr;  ///< one per param
  value::Type (*result_type)() = nullptr;
  /// Arguments are counted already. False after adding to `errors`.
  bool (*call)(const CallContext& context, std::span<const value::Value> args, value::Value& out, std::vector<CallError>& errors) = nullptr;

  [[nodiscard]] constexpr FunctionDef impure() const { FunctionDef f = *this; f.pure = false; return f; }
  [[nodiscard]] constexpr FunctionDef since(Stability level) const { FunctionDef f = *this; f.stability = level; return f; }
};

namespace detail {

template <class T> struct Arg {
  using Type = std::remove_cvref_t<T>;
  static constexpr bool kRest = false;
  static value::Type type() { return schema::Codec<Type>::type(); }
};
template <class T> struct Arg<const Rest<T>&> {
  using Type = Rest<T>;
  static constexpr bool kRest = true;
  static value::Type type() { return schema::Codec<T>::type(); }
};

template <class T>
bool decode_arg(const value::Value& in, T& out, int index, std::vector<CallError>& errors) {
  schema::Decoder decoder;
  if (schema::Codec<T>::decode(in, out, decoder)) return true;
  for (const auto& failure : decoder.failures()) errors.push_back({index, failure.code, failure.path, failure.message, failure.hint});
  return false;
}
template <class T>
bool decode_args(std::span<const value::Value> in, std::size_t index, T& out, std::vector<CallError>& errors) {
  if (index >= in.size()) return true;  // an optional one keeps its default
  return decode_arg(in[index], out, static_cast<int>(index), errors);
}
template <class T>
bool decode_args(std::span<const value::Value> in, std::size_t index, Rest<T>& out, std::vector<CallError>& errors) {
  bool good = true;
  for (; index < in.size(); ++index) good = decode_arg(in[index], out.values.emplace_back(), static_cast<int>(index), errors) && good;
  return good;
}

template <auto F> struct Callable;
template <class R, class... A, Result<R> (*F)(A...)>
struct Callable<F> {
  static constexpr std::size_t kCount = sizeof...(A);
  static constexpr bool kVariadic = (false || ... || Arg<A>::kRest);
  static std::vector<value::Type> types() { return {Arg<A>::type()...}; }
  static value::Type result() { return schema::Codec<R>::type(); }
  static bool call(const CallContext&, std::span<const value::Value> args, value::Value& out, std::vector<CallError>& errors) {
    return call_with(args, out, errors, std::index_sequence_for<A...>());
  }
  template <std::size_t... I>
  static bool call_with(std::span<const value::Value> args, value::Value& out, std::vector<CallError>& errors, std::index_sequence<I...>) {
    std::tuple<typename Arg<A>::Type...> in;
    bool good = true;
    ((good = decode_args(args, I, std::get<I>(in), errors) && good), ...);
    if (!good) return false;
    auto result = F(std::get<I>(in)...);
    if (!result) {
      errors.push_back({-1, text::DiagnosticCode::kBadCall, {}, result.error().message, {}});
      return false;
    }
    out = schema::Codec<R>::encode(*result);
    return true;
  }
};
/// A function that looks at the world takes the context first.
template <class R, class... A, Result<R> (*F)(const CallContext&, A...)>
struct Callable<F> {
  static constexpr std::size_t kCount = sizeof...(A);
  static constexpr bool kVariadic = (false || ... || Arg<A>::kRest);
  static std::vector<value::Type> types() { return {Arg<A>::type()...}; }
  static value::Type result() { return schema::Codec<R>::type(); }
  static bool call(const CallContext& context, std::span<const value::Value> args, value::Value& out, std::vector<CallError>& errors) {
    return call_with(context, args, out, errors, std::index_sequence_for<A...>());
  }
  template <std::size_t... I>
  static bool call_with(const CallContext& context, std::span<const value::Value> args, value::Value& out, std::vector<CallError>& errors, std::index_sequence<I...>) {
    std::tuple<typename Arg<A>::Type...> in;
    bool good = true;
    ((good = decode_args(args, I, std::get<I>(in), errors) && good), ...);
    if (!good) return false;
    auto result = F(context, std::get<I>(in)...);
    if (!result) {
      errors.push_back({-1, text::DiagnosticCode::kBadCall, {}, result.error().message, {}});
      return false;
    }
    out = schema::Codec<R>::encode(*result);
    return true;
  }
};
}  // namespace detail

template <auto F, std::size_t P, std::size_t E>
consteval FunctionDef function(std::string_view name, std::string_view doc, const Param (&params)[P], const Example (&examples)[E]) {
  static_assert(detail::Callable<F>::kCount == P, "a function documents each of its parameters");
  FunctionDef f{};
  f.name = name;
  f.doc = doc;
  f.params = params;
  f.examples = examples;
  f.variadic = detail::Callable<F>::kVariadic;
  f.param_types = &detail::Callable<F>::types;
  f.result_type = &detail::Callable<F>::result;
  f.call = &detail::Callable<F>::call;
  if (f.doc.empty() || f.doc.back() != '.') throw "a function's doc is a sentence";
  for (const Param& p : params) {
    if (p.name.empty() || p.doc.empty()) throw "a parameter has a name and a doc";
  }
  return f;
}

/// The functions and constants that expressions may use, by full name. Handed down from the top.
class FunctionTable {
 public:
  FunctionTable() = default;
  /// `rows` must outlive the table.
  explicit FunctionTable(std::span<const FunctionDef* const> rows);
  void add_constant(std::string name, value::Value value);

  [[nodiscard]] const FunctionDef* find(std::string_view full_name) const;
  [[nodiscard]] std::span<const FunctionDef* const> all() const { return rows_; }
  /// The library as one object of the language: {array = {concat = function...}, constants = {...}}.
  [[nodiscard]] const value::Value& root() const { return root_; }

 private:
  void rebuild();
  std::span<const FunctionDef* const> rows_;
  std::vector<std::pair<std::string, value::Value>> constants_;
  value::Value root_;
};

}  // namespace weir::catalog

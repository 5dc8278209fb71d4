// SPDX-License-Identifier: Apache-2.0
// What a function of the standard library is: its signature, documentation and examples, declared
// once.
//
// A function is a C++ function; its language signature is deduced from it:
//
//   Result<std::string> to_upper(const std::string& text);
//   constexpr Param kParams[] = {{"text", "What to change."}};
//   constexpr Example kExamples[] = {{R"(string.to_upper("ab"))", R"("AB")"}};
//   extern constexpr FunctionDef string_to_upper = function<&to_upper>("string.to_upper", "Returns
//   text in upper case.", kParams, kExamples);

#pragma once

#include "base/result.h"
#include "interpreter/schema/codecs.h"
#include "interpreter/schema/stability.h"
#include "interpreter/value/type.h"
#include "interpreter/value/value.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace weir::catalog {

using schema::Stability;

/// What functions may ask of the world; injected, so that tests and the checker can hold it still.
struct CallContext {
  std::string (*env)(const std::string& name, void* self) = nullptr;
  void* env_self = nullptr;
};

/// Where a call went wrong, or is suspicious, and how: an error or a warning by its code.
struct CallError {
  int argument = -1;  ///< index from 0; -1: the call itself
  text::DiagnosticCode code = text::DiagnosticCode::kBadCall;
  schema::Path path;  ///< inside the argument
  std::string message;
  std::string hint;
};

/// One call under way: what a function takes first if it looks at the world, blames an argument, or
/// warns.
class Call {
 public:
  Call(const CallContext& context, std::vector<CallError>& errors)
      : context_(context), errors_(errors) {}

  [[nodiscard]] const CallContext& context() const { return context_; }
  /// Blames an argument; the caller returns what this returns.
  Error blame(CallError error);
  void warn(CallError warning) { errors_.push_back(std::move(warning)); }

 private:
  const CallContext& context_;
  std::vector<CallError>& errors_;
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
  std::size_t optional_params = 0;  ///< how many at the end may be left out: std::optional ones
  bool pure = true;  ///< same arguments, same result, no look at the world: the checker may call it
  bool shows = false;  ///< its result is plain text of its arguments: secrets are refused
  Stability stability = Stability::kGenerallyAvailable;
  std::string_view alias_of = {};                       ///< deprecated name of another function
  std::vector<value::Type> (*param_types)() = nullptr;  ///< one per param
  value::Type (*result_type)() = nullptr;
  /// The result's type by those of the arguments, where that says more; null: result_type.
  value::Type (*result_of)(std::span<const value::Type> args) = nullptr;
  /// Arguments are counted already. False after adding an error; warnings may be added either way.
  bool (*call)(const CallContext& context, std::span<const value::Value> args, value::Value& out,
               std::vector<CallError>& errors) = nullptr;

  [[nodiscard]] constexpr FunctionDef impure() const {
    FunctionDef f = *this;
    f.pure = false;
    return f;
  }
  [[nodiscard]] constexpr FunctionDef refusing_secrets() const {
    FunctionDef f = *this;
    f.shows = true;
    return f;
  }
  [[nodiscard]] constexpr FunctionDef since(Stability level) const {
    FunctionDef f = *this;
    f.stability = level;
    return f;
  }
  [[nodiscard]] constexpr FunctionDef typed(value::Type (*of)(std::span<const value::Type>)) const {
    FunctionDef f = *this;
    f.result_of = of;
    return f;
  }
  /// The same function under a deprecated name.
  [[nodiscard]] constexpr FunctionDef alias(std::string_view old_name) const {
    FunctionDef f = *this;
    f.alias_of = name;
    f.name = old_name;
    return f;
  }

  [[nodiscard]] std::size_t least_args() const {
    return params.size() - optional_params - (variadic ? 1 : 0);
  }
  [[nodiscard]] bool takes(std::size_t count) const {
    return count >= least_args() && (variadic || count <= params.size());
  }
  /// "1", "3 or 4", "at least 2": for messages.
  [[nodiscard]] std::string arity() const;
  /// "string.trim(text string, characters string) string", as the reference pages show it.
  [[nodiscard]] std::string signature() const;
};

namespace detail {

template <class T>
inline constexpr bool kIsRest = false;
template <class T>
inline constexpr bool kIsRest<Rest<T>> = true;
template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <class T>
struct ArgType {
  static value::Type type() { return schema::Codec<T>::type(); }
};
template <class T>
struct ArgType<Rest<T>> {
  static value::Type type() { return schema::Codec<T>::type(); }
};

using Args = std::span<const value::Value>;

template <class T>
bool decode_arg(Args in, std::size_t index, T& out, std::vector<CallError>& errors) {
  if (index >= in.size()) return true;  // an optional one keeps its default
  schema::Decoder decoder;
  if (schema::Codec<T>::decode(in[index], out, decoder)) return true;
  for (const auto& f : decoder.failures())
    errors.push_back({static_cast<int>(index), f.code, f.path, f.message, f.hint});
  return false;
}
template <class T>
bool decode_arg(Args in, std::size_t index, Rest<T>& out, std::vector<CallError>& errors) {
  bool good = true;
  for (; index < in.size(); ++index)
    good = decode_arg(in, index, out.values.emplace_back(), errors) && good;
  return good;
}

/// Decodes the arguments, calls, encodes the result. `invoke` takes the Call and the arguments.
template <class R, class... A>
struct Signature {
  static constexpr std::size_t kCount = sizeof...(A);
  static constexpr bool kVariadic = (false || ... || kIsRest<A>);
  static constexpr std::size_t kOptional = (0 + ... + (kIsOptional<A> ? 1 : 0));
  static std::vector<value::Type> types() { return {ArgType<A>::type()...}; }
  static value::Type result() { return schema::Codec<R>::type(); }

  template <class Invoke>
  static bool call(const CallContext& context, Args in, value::Value& out,
                   std::vector<CallError>& errors, Invoke invoke) {
    return call(context, in, out, errors, invoke, std::index_sequence_for<A...>());
  }
  template <class Invoke, std::size_t... I>
  static bool call(const CallContext& context, Args in, value::Value& out,
                   std::vector<CallError>& errors, Invoke invoke, std::index_sequence<I...>) {
    std::tuple<A...> args;
    bool good = true;
    ((good = decode_arg(in, I, std::get<I>(args), errors) && good), ...);
    if (!good) return false;
    Call call(context, errors);
    Result<R> result = invoke(call, std::get<I>(args)...);
    if (result) {
      out = schema::Codec<R>::encode(*result);
    } else if (!result.error().message.empty()) {  // an empty one was blamed on an argument
      errors.push_back({-1, text::DiagnosticCode::kBadCall, {}, result.error().message, {}});
    }
    return result.has_value();
  }
};

/// A C++ function's type taken apart; `Call&` in front is no argument of the language.
template <class F>
struct Callable;
template <class R, class... A>
struct Callable<Result<R> (*)(A...)> : Signature<R, std::remove_cvref_t<A>...> {
  static constexpr bool kTakesCall = false;
};
template <class R, class... A>
struct Callable<Result<R> (*)(Call&, A...)> : Signature<R, std::remove_cvref_t<A>...> {
  static constexpr bool kTakesCall = true;
};

template <auto F>
bool call_function(const CallContext& context, Args in, value::Value& out,
                   std::vector<CallError>& errors) {
  using Function = Callable<decltype(F)>;
  return Function::call(context, in, out, errors, [](Call& call, auto&... args) {
    if constexpr (Function::kTakesCall) {
      return F(call, args...);
    } else {
      return F(args...);
    }
  });
}
}  // namespace detail

template <auto F, std::size_t P, std::size_t E>
consteval FunctionDef function(std::string_view name, std::string_view doc,
                               const Param (&params)[P], const Example (&examples)[E]) {
  using Function = detail::Callable<decltype(F)>;
  static_assert(Function::kCount == P, "a function documents each of its parameters");
  FunctionDef f{};
  f.name = name;
  f.doc = doc;
  f.params = params;
  f.examples = examples;
  f.variadic = Function::kVariadic;
  f.optional_params = Function::kOptional;
  f.param_types = &Function::types;
  f.result_type = &Function::result;
  f.call = &detail::call_function<F>;
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
  /// The library as one object of the language: {array = {concat = function...}, constants =
  /// {...}}.
  [[nodiscard]] const value::Value& root() const { return root_; }

 private:
  void rebuild();
  std::span<const FunctionDef* const> rows_;
  std::vector<std::pair<std::string, value::Value>> constants_;
  value::Value root_{value::Object{}};
};

}  // namespace weir::catalog

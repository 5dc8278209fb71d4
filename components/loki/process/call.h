// SPDX-License-Identifier: Apache-2.0
// The functions of the small languages inside stages (Go templates, JMESPath) as C++ functions.
//
// A row of a language's table is made from the function alone: how many arguments it takes and of
// which kinds follows from its parameters.
//
//   std::string_view without_prefix(std::string_view text, std::string_view prefix);
//   row<TemplateLanguage, &without_prefix>("TrimPrefix")
//
// A language says how its values are read and made: `Value` (an argument), `Answer` (a result),
// `read(const Value&, As<T>)`, which gives something that is false if the value is no T and else
// the T at its `*`, and `answer(T)`.

#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace weir::loki {

/// Names a type in a call.
template <class T>
struct As {};

/// How many arguments a function takes that sets no bound.
inline constexpr std::size_t kAnyNumber = 100;

/// One row of a language's table.
template <class Language>
struct CallRow {
  using Arguments = std::span<const typename Language::Value>;
  using Answer = std::optional<typename Language::Answer>;

  std::string_view name;
  std::size_t least, most;  ///< how many arguments
  /// Nothing if it does not take these arguments.
  Answer (*call)(Arguments arguments);
};

namespace call {

/// A parameter: how many arguments it may stand for, and how they are read from the `at`th on.
template <class Language, class Parameter>
struct Reader {
  static constexpr std::size_t kLeast = 1, kMost = 1;
  static auto read(std::span<const typename Language::Value> arguments, std::size_t at) {
    return Language::read(arguments[at], As<std::remove_cvref_t<Parameter>>());
  }
};
/// One that may be left out.
template <class Language, class T>
struct Reader<Language, std::optional<T>> {
  static constexpr std::size_t kLeast = 0, kMost = 1;
  static std::optional<std::optional<T>> read(std::span<const typename Language::Value> arguments,
                                              std::size_t at) {
    if (at >= arguments.size()) return std::optional<T>();
    const auto value = Language::read(arguments[at], As<T>());
    if (!value) return std::nullopt;
    return std::optional<T>(*value);
  }
};
/// All the rest, as they are.
template <class Language>
struct Reader<Language, std::span<const typename Language::Value>> {
  static constexpr std::size_t kLeast = 0, kMost = kAnyNumber;
  static auto read(std::span<const typename Language::Value> arguments, std::size_t at) {
    return std::optional(arguments.subspan(std::min(at, arguments.size())));
  }
};

template <class Language, auto function, class R, class... P, std::size_t... I>
std::optional<typename Language::Answer> with(
    R (*)(P...), std::index_sequence<I...>,
    [[maybe_unused]] std::span<const typename Language::Value> arguments) {
  const std::tuple read(Reader<Language, P>::read(arguments, I)...);
  if (!(... && static_cast<bool>(std::get<I>(read)))) return std::nullopt;
  if constexpr (std::is_same_v<R, std::optional<typename Language::Answer>>) {
    return function(*std::get<I>(read)...);
  } else {
    return Language::answer(function(*std::get<I>(read)...));
  }
}

template <class Language, auto function, class R, class... P>
constexpr CallRow<Language> row(std::string_view name, R (*)(P...)) {
  return {name, (0 + ... + Reader<Language, P>::kLeast), (0 + ... + Reader<Language, P>::kMost),
          [](std::span<const typename Language::Value> arguments) {
            return with<Language, function>(function, std::index_sequence_for<P...>(), arguments);
          }};
}

}  // namespace call

/// The row of `function`, whose arguments were counted when its expression was compiled.
template <class Language, auto function>
constexpr CallRow<Language> row(std::string_view name) {
  return call::row<Language, function>(name, function);
}

/// The row of that name; null if there is none.
template <class Language, std::size_t n>
const CallRow<Language>* find_row(const CallRow<Language> (&rows)[n], std::string_view name) {
  const auto at = std::find_if(std::begin(rows), std::end(rows),
                               [&](const CallRow<Language>& one) { return one.name == name; });
  return at == std::end(rows) ? nullptr : at;
}

}  // namespace weir::loki

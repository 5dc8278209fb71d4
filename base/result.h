// SPDX-License-Identifier: Apache-2.0
// Result<T> and Status: what a call into the world answers.
//
// The names are those of std::expected, which g++ 12 has only in C++23 mode, so that one day this
// file can be deleted. Errors read outside-in: each caller adds what it was doing with WEIR_TRY's
// context or Error::within.

#pragma once

#include "base/check.h"
#include "base/format.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace weir {

/// What kind of failure it was; decides retry policy, health and the answer to a client.
enum class Code {
  kInvalid,      ///< the request is wrong and will stay wrong
  kNotFound,     ///< the thing named is not there (now)
  kUnavailable,  ///< the other side cannot be reached or is not ready; retry
  kThrottled,    ///< the other side asks for less; retry later
  kPermanent,    ///< the other side refused for good
  kCancelled,    ///< we stopped before it finished
  kInternal,     ///< anything else
};

std::string_view to_string(Code code);

struct Error {
  Code code = Code::kInternal;
  std::string message;

  /// The same error with what was being done put in front: "push: 429 too many requests".
  [[nodiscard]] Error within(std::string_view what) const {
    return {code, format("{}: {}", what, message)};
  }
};

template <class... Args>
Error invalid(fmt::format_string<Args...> text, Args&&... args) {
  return {Code::kInvalid, fmt::format(text, std::forward<Args>(args)...)};
}
template <class... Args>
Error make_error(Code code, fmt::format_string<Args...> text, Args&&... args) {
  return {code, fmt::format(text, std::forward<Args>(args)...)};
}
/// The error of a failed system call: kNotFound for ENOENT, else kUnavailable; text of
/// `errno_value`.
Error system_error(int errno_value, std::string_view what);

/// A value or an Error.
template <class T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): that `return value;` stands for it is the point
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return get(); }
  const T& value() const& { return const_cast<Result*>(this)->get(); }
  T&& value() && { return std::move(get()); }
  T& operator*() & { return get(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(get()); }
  T* operator->() { return &get(); }
  const T* operator->() const { return &value(); }

  [[nodiscard]] const Error& error() const {
    WEIR_CHECK(!has_value(), "error() asks for a failed result");
    return *std::get_if<1>(&state_);
  }
  template <class U>
  T value_or(U&& fallback) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
  }

 private:
  T& get() {
    WEIR_CHECK(has_value(), "value() asks for a good result");
    return *std::get_if<0>(&state_);
  }
  std::variant<T, Error> state_;
};

/// Success, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  [[nodiscard]] const Error& error() const {
    WEIR_CHECK(error_.has_value(), "error() asks for a failed result");
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace weir

#define WEIR_CONCAT_(a, b) a##b
#define WEIR_CONCAT(a, b) WEIR_CONCAT_(a, b)

/// Declares `variable` with the value of `expr`, or returns its error.
#define WEIR_TRY(variable, expr) WEIR_TRY_(variable, expr, WEIR_CONCAT(weir_result_, __LINE__))
#define WEIR_TRY_(variable, expr, result) \
  auto result = (expr);                   \
  if (!result) return result.error();     \
  variable = std::move(*result)

/// Returns the error of `expr`, a Status, if it failed.
#define WEIR_TRY_STATUS(expr) \
  if (auto weir_status = (expr); !weir_status) return weir_status.error()

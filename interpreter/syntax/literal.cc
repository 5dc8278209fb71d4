// SPDX-License-Identifier: Apache-2.0
#include "interpreter/syntax/literal.h"

#include "base/format.h"
#include "base/utf8.h"
#include "interpreter/syntax/ast.h"

#include <algorithm>

namespace weir::syntax {
namespace {

constexpr std::string_view kSimpleEscapes = "abfnrtv\\\"";
constexpr std::string_view kSimpleValues = "\a\b\f\n\r\t\v\\\"";

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

/// The shape of a numbered escape, by the character after the backslash.
struct NumberedEscape {
  std::uint32_t prefix;  ///< characters before the digits: the x, u or U
  std::uint32_t digits;
  int base;
  char32_t most;
  bool code_point;  ///< false: one raw byte
};

bool numbered_escape(char c, NumberedEscape& out) {
  if (c >= '0' && c <= '7')
    out = {0, 3, 8, 255, false};
  else if (c == 'x')
    out = {1, 2, 16, 255, false};
  else if (c == 'u')
    out = {1, 4, 16, 0x10FFFF, true};
  else if (c == 'U')
    out = {1, 8, 16, 0x10FFFF, true};
  else
    return false;
  return true;
}

bool is_surrogate(char32_t value) {
  return value >= 0xD800 && value <= 0xDFFF;
}

/// Checks the escape whose backslash stands before `at`; moves `at` behind what belongs to it.
void check_escape(std::string_view literal, std::uint32_t& at,
                  std::vector<EscapeProblem>& problems) {
  const std::uint32_t begin = at;
  if (begin == literal.size()) {
    problems.push_back({begin, begin, "the text ends inside an escape sequence",
                        "write \"\\\\\" for a backslash"});
    return;
  }
  if (kSimpleEscapes.find(literal[at]) != std::string_view::npos) {
    ++at;
    return;
  }
  NumberedEscape shape{};
  if (!numbered_escape(literal[at], shape)) {
    const std::uint32_t length = static_cast<std::uint32_t>(decode_rune(literal.substr(at)).size);
    const std::string_view what = literal.substr(at, length);
    problems.push_back(
        {begin, begin + length, format("unknown escape sequence \"\\{}\"", what),
         what == "'"
             ? "a single quote needs no escape"
             : format("write \"\\\\{}\" for a backslash, or use a raw string between backticks",
                      what)});
    return;  // The character itself is ordinary text again.
  }
  at += shape.prefix;
  char32_t value = 0;
  for (std::uint32_t i = 0; i < shape.digits; ++i, ++at) {
    const int digit = at < literal.size() ? digit_of(literal[at]) : 16;
    if (digit >= shape.base) {
      problems.push_back({begin, std::max(begin + 1, at),
                          format("an escape sequence \"\\{}\" needs {} {} digits, found {}",
                                 literal.substr(begin, shape.prefix), shape.digits,
                                 shape.base == 8 ? "octal" : "hexadecimal", i),
                          "write \"\\\\\" for a backslash, or use a raw string between backticks"});
      return;
    }
    value = value * static_cast<char32_t>(shape.base) + static_cast<char32_t>(digit);
  }
  if (value > shape.most || (shape.code_point && is_surrogate(value))) {
    problems.push_back({begin, at,
                        format("escape sequence \"\\{}\" is no Unicode code point",
                               literal.substr(begin, at - begin)),
                        shape.base == 8 ? "the largest octal escape is \\377" : ""});
  }
}

}  // namespace

std::vector<EscapeProblem> check_escapes(std::string_view literal) {
  std::vector<EscapeProblem> problems;
  constexpr std::size_t kMostProblems = 20;  // in one literal: what is wrong is seen by then
  if (!literal.starts_with('"')) return problems;
  for (std::size_t found = literal.find('\\');
       found != std::string_view::npos && problems.size() < kMostProblems;) {
    std::uint32_t at = static_cast<std::uint32_t>(found) + 1;
    check_escape(literal, at, problems);
    found = literal.find('\\', at);
  }
  return problems;
}

std::string without_carriage_returns(std::string_view text, bool comment) {
  std::string out;
  out.reserve(text.size());
  const bool block = comment && text.starts_with("/*");
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool closes =
        block && out.size() > 2 && out.back() == '*' && i + 1 < text.size() && text[i + 1] == '/';
    if (text[i] != '\r' || closes) out += text[i];
  }
  return out;
}

std::string unquote(std::string_view literal) {
  if (literal.size() < 2) return std::string(literal);
  const std::string_view inner = literal.substr(1, literal.size() - 2);
  if (literal.front() == '`') return without_carriage_returns(inner, false);
  std::string out;
  out.reserve(inner.size());
  for (std::size_t i = 0; i < inner.size();) {
    if (inner[i] != '\\' || i + 1 == inner.size()) {
      out += inner[i++];
      continue;
    }
    const char kind = inner[++i];
    if (const auto simple = kSimpleEscapes.find(kind); simple != std::string_view::npos) {
      out += kSimpleValues[simple];
      ++i;
      continue;
    }
    NumberedEscape shape{};
    if (!numbered_escape(kind, shape)) continue;
    char32_t value = 0;
    i += shape.prefix;
    for (std::uint32_t n = 0; n < shape.digits && i < inner.size(); ++n, ++i) {
      value = value * static_cast<char32_t>(shape.base) + static_cast<char32_t>(digit_of(inner[i]));
    }
    if (shape.code_point) {
      append_utf8(out, value);
    } else {
      out += static_cast<char>(value);
    }
  }
  return out;
}

}  // namespace weir::syntax

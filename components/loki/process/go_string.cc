// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/go_string.h"

#include "base/utf8.h"

#include <cstdint>
#include <optional>

namespace weir::loki {
namespace {

/// Exactly `digits` digits of `base` at `at`, which moves behind them.
std::optional<std::uint32_t> take_code(std::string_view text, std::size_t& at, std::size_t digits,
                                       unsigned base) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < digits; ++i, ++at) {
    if (at >= text.size()) return std::nullopt;
    const char c = text[at];
    const unsigned lower = static_cast<unsigned char>(c) | 0x20u;
    const unsigned digit = c >= '0' && c <= '9'           ? static_cast<unsigned>(c - '0')
                           : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10
                                                          : 99;
    if (digit >= base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

/// What stands behind a backslash; `at` moves behind it.
bool take_escape(std::string_view text, std::size_t& at, std::string& out) {
  static constexpr std::string_view kNames = "abfnrtv\\\"";
  static constexpr std::string_view kMeant = "\a\b\f\n\r\t\v\\\"";
  if (at >= text.size()) return false;
  const char c = text[at++];
  if (const std::size_t i = kNames.find(c); i != std::string_view::npos) {
    out += kMeant[i];
    return true;
  }
  if (c == 'u' || c == 'U') {
    const auto code = take_code(text, at, c == 'u' ? 4 : 8, 16);
    if (!code || *code > 0x10FFFF || (*code >= 0xD800 && *code < 0xE000)) return false;
    append_utf8(out, *code);
    return true;
  }
  if (c != 'x') --at;
  const auto code = c == 'x' ? take_code(text, at, 2, 16) : take_code(text, at, 3, 8);
  if (!code || *code > 0xFF) return false;
  out += static_cast<char>(*code);
  return true;
}

}  // namespace

GoString read_go_string(std::string_view text) {
  constexpr std::string_view kOpen = "the string is not closed";
  GoString out;
  if (text.front() == '`') {
    const std::size_t end = text.find('`', 1);
    if (end == std::string_view::npos) return {{}, 0, kOpen};
    return {std::string(text.substr(1, end - 1)), end + 1};
  }
  for (out.size = 1; out.size < text.size() && text[out.size] != '\n';) {
    const char c = text[out.size++];
    if (c == '"') return out;
    if (c != '\\') {
      out.text += c;
    } else if (!take_escape(text, out.size, out.text)) {
      return {{}, out.size, "not an escape of a string"};
    }
  }
  return {{}, 0, kOpen};
}

}  // namespace weir::loki

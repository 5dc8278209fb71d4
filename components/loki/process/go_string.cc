// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/go_string.h"

#include "base/utf8.h"

#include <charconv>

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

GoChar read_go_char(std::string_view text) {
  std::size_t at = 1;
  std::string one;
  std::int64_t code = 0;
  if (text.size() < 3 || text[1] == '\n' || text[1] == '\'') return {};
  if (text[1] != '\\') {
    const Rune rune = decode_rune(text.substr(1));
    code = rune.code;
    at += rune.size;
  } else if (text[2] == '\'') {
    code = '\'';
    at = 3;
  } else {
    const bool is_byte = text[2] == 'x' || (text[2] >= '0' && text[2] <= '7');
    if (text[2] == '"' || !take_escape(text, ++at, one)) return {};
    code = is_byte ? static_cast<unsigned char>(one[0])
                   : static_cast<std::int64_t>(decode_rune(one).code);
  }
  if (at >= text.size() || text[at] != '\'') return {};
  return {code, at + 1};
}

namespace {

/// Without the underscores, which part digits; nothing where they stand elsewhere.
std::optional<std::string> without_underscores(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (digits[i] != '_') {
      out += digits[i];
    } else if (i + 1 == digits.size() || digits[i + 1] == '_') {
      return std::nullopt;
    }
  }
  return out;
}

bool take_sign(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative;
}

}  // namespace

std::optional<std::int64_t> read_go_integer(std::string_view text) {
  const bool negative = take_sign(text);
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    const char kind = static_cast<char>(text[1] | 0x20);
    base = kind == 'x' ? 16 : kind == 'b' ? 2 : 8;
    text.remove_prefix(kind == 'x' || kind == 'b' || kind == 'o' ? 2 : 1);
    if (text.starts_with('_')) text.remove_prefix(1);
  }
  if (text.empty() || text[0] == '_' || text[0] == '-') return std::nullopt;
  const auto digits = without_underscores(text);
  if (!digits) return std::nullopt;
  const std::string whole = (negative ? "-" : "") + *digits;
  std::int64_t out = 0;
  const char* const last = whole.data() + whole.size();
  const auto [end, error] = std::from_chars(whole.data(), last, out, base);
  return error == std::errc() && end == last ? std::optional(out) : std::nullopt;
}

std::optional<double> read_go_real(std::string_view text) {
  const bool negative = take_sign(text);
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  if (text.empty() || text[0] == '-' || text[0] == '_') return std::nullopt;
  const auto digits = without_underscores(text);
  if (!digits || (hex && digits->find_first_of("pP") == std::string::npos)) return std::nullopt;
  double out = 0;
  const char* const last = digits->data() + digits->size();
  const auto [end, error] = std::from_chars(
      digits->data(), last, out, hex ? std::chars_format::hex : std::chars_format::general);
  if (error != std::errc() || end != last) return std::nullopt;
  return negative ? -out : out;
}

}  // namespace weir::loki

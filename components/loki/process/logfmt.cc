// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/logfmt.h"

#include "base/utf8.h"

namespace weir::loki {
namespace {

bool is_logfmt_space(char c) {
  return static_cast<unsigned char>(c) <= ' ';
}

/// The four hex digits at the front of `text`; -1 if they are none.
int hex4(std::string_view text) {
  if (text.size() < 4) return -1;
  int out = 0;
  for (const char c : text.substr(0, 4)) {
    const int lower = c | 0x20;
    const int digit = c >= '0' && c <= '9'           ? c - '0'
                      : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10
                                                     : -1;
    if (digit < 0) return -1;
    out = out * 16 + digit;
  }
  return out;
}

/// Appends what the text between two quotes means; false if it holds a wrong escape or a control
/// character.
bool unescape(std::string_view text, std::string& out) {
  static constexpr std::string_view kNames = "\"\\/'bfnrt";
  static constexpr std::string_view kMeant = "\"\\/'\b\f\n\r\t";
  while (!text.empty()) {
    if (static_cast<unsigned char>(text[0]) < ' ') return false;
    if (text[0] != '\\') {
      const Rune rune = decode_rune(text);
      append_utf8(out, rune.code);
      text.remove_prefix(rune.size);
      continue;
    }
    if (text.size() < 2) return false;
    const char c = text[1];
    text.remove_prefix(2);
    if (const std::size_t i = kNames.find(c); i != std::string_view::npos) {
      out += kMeant[i];
      continue;
    }
    int code = c == 'u' ? hex4(text) : -1;
    if (code < 0) return false;
    text.remove_prefix(4);
    if (code >= 0xD800 && code < 0xDC00 && text.starts_with("\\u")) {  // the first half of a pair
      const int low = hex4(text.substr(2));
      if (low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        text.remove_prefix(6);
      }
    }
    append_utf8(out, static_cast<char32_t>(code));
  }
  return true;
}

}  // namespace

bool LogfmtScanner::next() {
  value_ = {};
  is_unescaped_ = false;
  while (!text_.empty() && is_logfmt_space(text_[0])) text_.remove_prefix(1);
  if (text_.empty()) return false;
  std::size_t end = 0;
  while (end < text_.size() && text_[end] != '=' && text_[end] != '"' &&
         !is_logfmt_space(text_[end]))
    ++end;
  key_ = text_.substr(0, end);
  const char stop = end < text_.size() ? text_[end] : ' ';
  if (stop == '"' || key_.empty() || (stop == '=' && !is_utf8(key_))) return fail();
  text_.remove_prefix(end);
  if (stop != '=') return true;
  text_.remove_prefix(1);
  if (text_.empty() || is_logfmt_space(text_[0])) return true;
  if (text_[0] == '"') return read_quoted();
  end = 0;
  while (end < text_.size() && !is_logfmt_space(text_[end])) {
    if (text_[end] == '=' || text_[end] == '"') return fail();
    ++end;
  }
  value_ = text_.substr(0, end);
  text_.remove_prefix(end);
  return true;
}

bool LogfmtScanner::read_quoted() {
  std::size_t end = 1;
  bool has_escape = false;
  for (; end < text_.size() && text_[end] != '"'; ++end) {
    if (text_[end] == '\n') return fail();
    if (text_[end] != '\\') continue;
    has_escape = true;
    ++end;
  }
  if (end >= text_.size()) return fail();
  value_ = text_.substr(1, end - 1);
  text_.remove_prefix(end + 1);
  if (!has_escape) return true;
  room_.clear();
  if (!unescape(value_, room_)) return fail();
  value_ = room_;
  is_unescaped_ = true;
  return true;
}

}  // namespace weir::loki

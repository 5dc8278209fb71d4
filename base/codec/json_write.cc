// SPDX-License-Identifier: Apache-2.0
#include "base/codec/json.h"
#include "base/utf8.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace weir::codec {
namespace {

/// What stands for a character that may not stand for itself; empty if it may.
std::string_view short_escape(char32_t c) {
  switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    case '\b': return "\\b";
    case '\f': return "\\f";
    default: return {};
  }
}

bool needs_escape(char c, bool escape_html) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte >= 0x80 || c == '"' || c == '\\' ||
         (escape_html && (c == '<' || c == '>' || c == '&'));
}

class JsonWriter {
 public:
  JsonWriter(std::string& out, JsonStyle style) : out_(out), style_(style) {}

  void write(const JsonValue& value) {
    switch (value.kind()) {
      case JsonValue::Kind::kNull: out_ += "null"; break;
      case JsonValue::Kind::kBool: out_ += *value.as_bool() ? "true" : "false"; break;
      case JsonValue::Kind::kInteger:
        format_to(std::back_inserter(out_), "{}", *value.as_integer());
        break;
      case JsonValue::Kind::kUnsigned:
        format_to(std::back_inserter(out_), "{}", *value.as_unsigned());
        break;
      case JsonValue::Kind::kDouble: write_double(value.number()); break;
      case JsonValue::Kind::kString:
        append_json_string(out_, *value.as_string(), style_.escape_html);
        break;
      case JsonValue::Kind::kArray: write_array(*value.as_array()); break;
      case JsonValue::Kind::kObject: write_object(*value.as_object()); break;
    }
  }

 private:
  void write_double(double number) {
    const std::size_t begin = out_.size();
    append_json_number(out_, number);
    if (style_.mark_doubles && out_.find_first_not_of("-0123456789", begin) == std::string::npos)
      out_ += ".0";
  }
  void write_array(const JsonValue::Array& items) {
    open('[');
    for (std::size_t i = 0; i < items.size(); ++i) {
      next(i == 0);
      write(items[i]);
    }
    close(']', items.empty());
  }
  void write_object(const JsonValue::Object& members) {
    std::vector<const JsonValue::Object::value_type*> order;
    order.reserve(members.size());
    for (const auto& member : members) order.push_back(&member);
    if (style_.sort_keys)
      std::stable_sort(order.begin(), order.end(),
                       [](const auto* a, const auto* b) { return a->first < b->first; });
    open('{');
    for (std::size_t i = 0; i < order.size(); ++i) {
      next(i == 0);
      append_json_string(out_, order[i]->first, style_.escape_html);
      out_ += style_.indent > 0 ? ": " : ":";
      write(order[i]->second);
    }
    close('}', members.empty());
  }
  void open(char bracket) {
    out_ += bracket;
    ++level_;
  }
  void next(bool first) {
    if (!first) out_ += ',';
    break_line();
  }
  void close(char bracket, bool empty) {
    --level_;
    if (!empty) break_line();
    out_ += bracket;
  }
  void break_line() {
    if (style_.indent > 0)
      out_.append("\n").append(static_cast<std::size_t>(level_ * style_.indent), ' ');
  }

  std::string& out_;
  const JsonStyle style_;
  int level_ = 0;
};

}  // namespace

void append_json_string(std::string& out, std::string_view text, bool escape_html) {
  out += '"';
  while (!text.empty()) {
    const auto plain_end = std::find_if(text.begin(), text.end(),
                                        [&](char c) { return needs_escape(c, escape_html); });
    const auto plain = static_cast<std::size_t>(plain_end - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const Rune rune = decode_rune(text);
    if (const std::string_view escape = short_escape(rune.code); !escape.empty()) {
      out += escape;
    } else if (rune.code < 0x80 || rune.code == 0x2028 || rune.code == 0x2029 || !rune.valid) {
      format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(rune.code));
    } else {
      out += text.substr(0, rune.size);
    }
    text.remove_prefix(rune.size);
  }
  out += '"';
}

void append_json_number(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  const double size = std::fabs(number);
  const bool exponent = size != 0 && (size < 1e-6 || size >= 1e21);
  char buffer[32];
  const auto [end, error] =
      std::to_chars(std::begin(buffer), std::end(buffer), number,
                    exponent ? std::chars_format::scientific : std::chars_format::fixed);
  std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  if (const std::size_t zero = text.find("e-0");
      zero != std::string_view::npos) {  // 1e-07 is written 1e-7
    out += text.substr(0, zero + 2);
    text.remove_prefix(zero + 3);
  }
  out += text;
}

std::string write_json(const JsonValue& value, JsonStyle style) {
  std::string out;
  JsonWriter(out, style).write(value);
  return out;
}

}  // namespace weir::codec

// SPDX-License-Identifier: Apache-2.0
// Values as JSON: the web API's form, which names each type, and the plain one.

#include "interpreter/value/decimal.h"
#include "interpreter/value/quote.h"
#include "interpreter/value/value.h"

namespace weir::value {
namespace {

void append_number(std::string& out, const Number& number) {
  out += number.kind == Number::Kind::kFloat ? json_text(number.real) : number.text();
}

/// What stands for a value that JSON has no form for.
std::string capsule_text(const Value& value) {
  return value.kind() == Kind::kFunction ? "function" : display(value.as_capsule());
}

void append_plain(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::kNull: out += "null"; return;
    case Kind::kBool: out += value.as_bool() ? "true" : "false"; return;
    case Kind::kNumber: append_number(out, value.as_number()); return;
    case Kind::kString: append_json_string(out, value.as_string()); return;
    case Kind::kFunction:
    case Kind::kCapsule: append_json_string(out, capsule_text(value)); return;
    case Kind::kArray:
      out += '[';
      for (const Value& element : value.as_array()) {
        if (out.back() != '[') out += ',';
        append_plain(out, element);
      }
      out += ']';
      return;
    case Kind::kObject:
      out += '{';
      for (const auto& [key, member] : value.as_object().members) {
        if (out.back() != '{') out += ',';
        append_json_string(out, key);
        out += ':';
        append_plain(out, member);
      }
      out += '}';
      return;
  }
}

void append_api(std::string& out, const Value& value) {
  const OptionalSecret* text = value.as_optional_secret();
  const bool plain_string = text != nullptr && !text->secret;
  out += "{\"type\":\"";
  out += to_string(plain_string ? Kind::kString : value.kind());
  out += "\",\"value\":";
  if (value.kind() == Kind::kArray) {
    out += '[';
    for (const Value& element : value.as_array()) {
      if (out.back() != '[') out += ',';
      append_api(out, element);
    }
    out += ']';
  } else if (value.kind() == Kind::kObject) {
    out += '[';
    for (const auto& [key, member] : value.as_object().members) {
      if (out.back() != '[') out += ',';
      out += "{\"key\":";
      append_json_string(out, key);
      out += ",\"value\":";
      append_api(out, member);
      out += '}';
    }
    out += ']';
  } else {
    append_plain(out, value);
  }
  out += '}';
}

}  // namespace

std::string to_json(const Value& value) {
  std::string out;
  append_plain(out, value);
  return out;
}

std::string to_api_json(const Value& value) {
  std::string out;
  append_api(out, value);
  return out;
}

}  // namespace weir::value

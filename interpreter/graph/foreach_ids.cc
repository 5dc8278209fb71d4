// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/foreach_ids.h"

#include "base/codec/sha.h"
#include "base/format.h"
#include "base/regex.h"
#include "interpreter/value/decimal.h"
#include "interpreter/value/quote.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

namespace weir::graph {

using value::Kind;
using value::Value;

namespace {

/// The text with all but its letters and digits, of any script, made `_`.
std::string plain(const std::string& text) {
  static const Regex kOther = Regex::compile(R"([^\p{L}\p{Nd}])").value();
  static const RegexTemplate kUnderscore("_", kOther);
  return kOther.replace_all(text, kUnderscore);
}

/// As Go's %g writes it: with an exponent from 1e+06 on and below 1e-04.
std::string go_float(double number) {
  value::Decimal d = std::isfinite(number) ? value::shortest_decimal(number) : value::Decimal();
  const int exponent = d.digits.empty() ? 0 : d.point - 1;
  if (exponent >= -4 && exponent < 6) return value::plain_text(number);
  if (d.digits.size() > 1) d.digits.insert(1, ".");
  return format("{}{}e{}{:02}", d.negative ? "-" : "", d.digits, exponent < 0 ? '-' : '+',
                std::abs(exponent));
}

std::string go_number(const value::Number& number) {
  switch (number.kind) {
    case value::Number::Kind::kInteger: return number.text();
    case value::Number::Kind::kUnsigned: return format("{:#x}", number.natural);
    case value::Number::Kind::kFloat: return go_float(number.real);
  }
  return {};
}

std::string id_of(const Value& item, bool hash_strings) {
  switch (item.kind()) {
    case Kind::kString:
      return hash_strings ? codec::sha256_hex(item.as_string()) : plain(item.as_string());
    case Kind::kBool: return item.as_bool() ? "true" : "false";
    case Kind::kNumber: {
      const value::Number& number = item.as_number();
      if (number.kind == value::Number::Kind::kInteger) return number.text();
      if (number.kind == value::Number::Kind::kUnsigned) break;
      std::string text = format("{:f}", number.real);
      std::replace(text.begin(), text.end(), '.', '_');
      return text;
    }
    case Kind::kNull: return codec::sha256_hex("<nil>");
    default: break;
  }
  return codec::sha256_hex(go_syntax(item));
}

const Value& stand_in(const Value& item, const std::string& field, bool& missing) {
  missing = false;
  if (field.empty() || item.kind() != Kind::kObject) return item;
  const Value* member = item.as_object().find(field);
  missing = member == nullptr;
  return missing ? item : *member;
}

}  // namespace

std::string go_syntax(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull: return "interface {}(nil)";
    case Kind::kBool: return value.as_bool() ? "true" : "false";
    case Kind::kNumber: return go_number(value.as_number());
    case Kind::kString: return value::quote(value.as_string());
    case Kind::kArray: {
      std::string out = "[]interface {}{";
      for (const Value& element : value.as_array())
        out += (out.back() == '{' ? "" : ", ") + go_syntax(element);
      return out + "}";
    }
    case Kind::kObject: {
      std::map<std::string_view, const Value*> sorted;
      for (const auto& [name, member] : value.as_object().members) sorted[name] = &member;
      std::string out = "map[string]interface {}{";
      for (const auto& [name, member] : sorted)
        out += (out.back() == '{' ? "" : ", ") + value::quote(name) + ":" + go_syntax(*member);
      return out + "}";
    }
    case Kind::kFunction: return "function";
    case Kind::kCapsule:  // as good as its address: the same as long as it lives
      return format("{}({})", value.as_capsule().type->name, value.as_capsule().object.get());
  }
  return {};
}

std::vector<std::string> foreach_ids(const std::vector<Value>& items, const std::string& field,
                                     bool hash_strings, std::vector<std::size_t>& missing) {
  std::vector<std::string> out;
  std::map<std::string, int> count;
  for (std::size_t i = 0; i < items.size(); ++i) {
    bool lacks = false;
    const std::string id = id_of(stand_in(items[i], field, lacks), hash_strings);
    if (lacks) missing.push_back(i);
    out.push_back(format("foreach_{}_{}", id, ++count[id]));
  }
  return out;
}

}  // namespace weir::graph

// SPDX-License-Identifier: Apache-2.0
#include "interpreter/value/json.h"

#include "base/codec/yaml.h"
#include "base/redact.h"

namespace weir::value {
namespace {

using codec::JsonValue;

Value from_tree(const JsonValue& tree, JsonNumbers numbers);

Value number_of(const JsonValue& tree, JsonNumbers numbers) {
  if (numbers == JsonNumbers::kAsWritten) {
    if (const auto* integer = tree.as_integer()) return Value::integer(*integer);
    if (const auto* natural = tree.as_unsigned()) return Value::natural(*natural);
  }
  return Value::real(tree.number());
}

Value array_of(const JsonValue::Array& tree, JsonNumbers numbers) {
  Array out;
  out.reserve(tree.size());
  for (const JsonValue& element : tree) out.push_back(from_tree(element, numbers));
  return Value(std::move(out));
}

Value object_of(const JsonValue::Object& tree, JsonNumbers numbers) {
  Object out;
  out.members.reserve(tree.size());
  for (const auto& [key, member] : tree) out.members.emplace_back(key, from_tree(member, numbers));
  return Value(std::move(out));
}

Value from_tree(const JsonValue& tree, JsonNumbers numbers) {
  switch (tree.kind()) {
    case JsonValue::Kind::kNull: return {};
    case JsonValue::Kind::kBool: return Value(*tree.as_bool());
    case JsonValue::Kind::kInteger:
    case JsonValue::Kind::kUnsigned:
    case JsonValue::Kind::kDouble: return number_of(tree, numbers);
    case JsonValue::Kind::kString: return Value(*tree.as_string());
    case JsonValue::Kind::kArray: return array_of(*tree.as_array(), numbers);
    case JsonValue::Kind::kObject: return object_of(*tree.as_object(), numbers);
  }
  return {};
}

JsonValue number_tree(const Number& number) {
  switch (number.kind) {
    case Number::Kind::kInteger: return number.integer;
    case Number::Kind::kUnsigned: return number.natural;
    case Number::Kind::kFloat: return number.real;
  }
  return {};
}

/// The web API's form of a value: what type it has, and the value. Addresses are shown without their passwords.
JsonValue api_tree(const Value& value) {
  const OptionalSecret* text = value.as_optional_secret();
  const bool plain_string = text != nullptr && !text->secret;
  JsonValue shown;
  if (value.kind() == Kind::kArray) {
    JsonValue::Array elements;
    for (const Value& element : value.as_array()) elements.push_back(api_tree(element));
    shown = std::move(elements);
  } else if (value.kind() == Kind::kObject) {
    JsonValue::Array members;
    for (const auto& [key, member] : value.as_object().members) {
      members.push_back(JsonValue::Object{{"key", key}, {"value", api_tree(member)}});
    }
    shown = std::move(members);
  } else if (value.kind() == Kind::kString) {
    shown = redact_url(value.as_string());
  } else {
    shown = to_tree(value);
  }
  return JsonValue::Object{{"type", to_string(plain_string ? Kind::kString : value.kind())},
                           {"value", std::move(shown)}};
}

}  // namespace

Result<Value> parse_json(std::string_view text, JsonNumbers numbers) {
  WEIR_TRY(const JsonValue tree, codec::parse_json(text));
  return from_tree(tree, numbers);
}

Result<Value> parse_yaml(std::string_view text) {
  WEIR_TRY(const JsonValue tree, codec::parse_yaml(text));
  return from_tree(tree, JsonNumbers::kAsWritten);
}

JsonValue to_tree(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull: return {};
    case Kind::kBool: return value.as_bool();
    case Kind::kNumber: return number_tree(value.as_number());
    case Kind::kString: return value.as_string();
    case Kind::kFunction: return "function";
    case Kind::kCapsule: return display(value.as_capsule());
    case Kind::kArray: break;
    case Kind::kObject: {
      JsonValue::Object out;
      for (const auto& [key, member] : value.as_object().members)
        out.emplace_back(key, to_tree(member));
      return out;
    }
  }
  JsonValue::Array out;
  for (const Value& element : value.as_array()) out.push_back(to_tree(element));
  return out;
}

std::string to_json(const Value& value) {
  return codec::write_json(to_tree(value));
}
std::string to_api_json(const Value& value) {
  return codec::write_json(api_tree(value));
}

}  // namespace weir::value

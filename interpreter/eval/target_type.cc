// SPDX-License-Identifier: Apache-2.0
#include "interpreter/eval/target_type.h"

#include "interpreter/schema/codecs.h"
#include "interpreter/value/json.h"

namespace weir::eval {
namespace {

using schema::Codec;
using schema::Decoder;
using value::Kind;
using value::Value;

/// How deep `list(list(...))` may go.
constexpr int kMaxTargetDepth = 100;

template <class T>
bool through(const Value& in, Value& out, Decoder& decoder) {
  T decoded{};
  const bool good = Codec<T>::decode(in, decoded, decoder);
  out = Codec<T>::encode(decoded);
  return good;
}

bool through_number(const Value& in, Value& out, Decoder& decoder) {
  if (in.kind() != Kind::kNumber) return through<double>(in, out, decoder);
  out = in;
  return true;
}

bool through_duration(const Value& in, Value& out, Decoder& decoder) {
  Duration decoded{};
  const bool good = Codec<Duration>::decode(in, decoded, decoder);
  out = Value::integer(decoded.count());
  return good;
}

struct ScalarName {
  std::string_view name;
  bool (*decode)(const Value& in, Value& out, Decoder& decoder);
};
constexpr ScalarName kScalars[] = {
    {"any", &through<Value>},
    {"bool", &through<bool>},
    {"duration", &through_duration},
    {"float32", &through<float>},
    {"float64", &through<double>},
    {"int", &through<std::int64_t>},
    {"int16", &through<std::int16_t>},
    {"int32", &through<std::int32_t>},
    {"int64", &through<std::int64_t>},
    {"int8", &through<std::int8_t>},
    {"number", &through_number},
    {"optional_secret", &through<value::OptionalSecret>},
    {"secret", &through<value::Secret>},
    {"string", &through<std::string>},
    {"uint", &through<std::uint64_t>},
    {"uint16", &through<std::uint16_t>},
    {"uint32", &through<std::uint32_t>},
    {"uint64", &through<std::uint64_t>},
    {"uint8", &through<std::uint8_t>},
};

Error unknown_target(std::string_view text) {
  std::string names;
  for (const ScalarName& scalar : kScalars) names += format("{}, ", scalar.name);
  return invalid("\"{}\" is no type; there are {}list(T) and map(T)", text, names);
}

/// The T of `list(T)`, or nothing.
std::optional<std::string_view> argument(std::string_view text, std::string_view name) {
  if (!text.starts_with(name) || !text.substr(name.size()).starts_with('(') || !text.ends_with(')'))
    return std::nullopt;
  return text.substr(name.size() + 1, text.size() - name.size() - 2);
}

/// A secret's text in a member of a JSON object, or nothing if it is no such thing.
const std::string* member_text(const value::Object& object, std::string_view name) {
  const Value* v = object.find(name);
  return v != nullptr && v->kind() == Kind::kString ? &v->as_string() : nullptr;
}

/// The value with `{"$secret": ...}` objects turned into what they stand for.
Value with_secrets(const Value& v) {
  if (v.kind() == Kind::kArray) {
    value::Array out;
    for (const Value& element : v.as_array()) out.push_back(with_secrets(element));
    return Value(std::move(out));
  }
  if (v.kind() != Kind::kObject) return v;
  const value::Object& object = v.as_object();
  if (const std::string* text = member_text(object, "$secret")) return Value::secret(*text);
  if (const Value* optional = object.find("$optional_secret");
      optional != nullptr && optional->kind() == Kind::kObject) {
    const std::string* text = member_text(optional->as_object(), "value");
    const Value* flag = optional->as_object().find("is_secret");
    const bool secret = flag != nullptr && flag->kind() == Kind::kBool && flag->as_bool();
    if (text != nullptr) return Value::optional_secret(*text, secret);
  }
  value::Object out;
  for (const auto& [key, member] : object.members)
    out.members.emplace_back(key, with_secrets(member));
  return Value(std::move(out));
}

/// The value with secrets turned into the objects that stand for them.
Value without_secrets(const Value& v) {
  if (const auto* secret = v.as_secret())
    return Value(value::Object{{{"$secret", Value(secret->text)}}, false});
  if (const auto* optional = v.as_optional_secret()) {
    value::Object shown{{{"value", Value(optional->text)}, {"is_secret", Value(optional->secret)}},
                        true};
    return Value(value::Object{{{"$optional_secret", Value(std::move(shown))}}, false});
  }
  if (v.kind() == Kind::kArray) {
    value::Array out;
    for (const Value& element : v.as_array()) out.push_back(without_secrets(element));
    return Value(std::move(out));
  }
  if (v.kind() != Kind::kObject) return v;
  value::Object out{{}, v.as_object().ordered};
  for (const auto& [key, member] : v.as_object().members)
    out.members.emplace_back(key, without_secrets(member));
  return Value(std::move(out));
}

std::string_view kind_name(const value::Number& number) {
  switch (number.kind) {
    case value::Number::Kind::kInteger: return "int";
    case value::Number::Kind::kUnsigned: return "uint";
    case value::Number::Kind::kFloat: return "float";
  }
  return {};
}

}  // namespace

Result<TargetType> TargetType::parse(std::string_view text) {
  std::vector<Shape> shapes;
  std::string_view rest = text;
  for (;;) {
    const auto list = argument(rest, "list");
    const auto map = argument(rest, "map");
    if (!list && !map) break;
    shapes.push_back(list ? Shape::kList : Shape::kMap);
    rest = list ? *list : *map;
    if (shapes.size() > kMaxTargetDepth)
      return invalid("a type nests at most {} levels", kMaxTargetDepth);
  }
  TargetType out;
  for (const ScalarName& scalar : kScalars) {
    if (scalar.name == rest) out.scalar_ = scalar.decode;
  }
  if (out.scalar_ == nullptr) return unknown_target(rest);
  for (auto shape = shapes.rbegin(); shape != shapes.rend(); ++shape) {
    TargetType outer;
    outer.shape_ = *shape;
    outer.element_ = std::make_shared<const TargetType>(std::move(out));
    out = std::move(outer);
  }
  return out;
}

bool TargetType::decode(const Value& in, Value& out, Decoder& decoder) const {
  if (shape_ == Shape::kScalar) return scalar_(in, out, decoder);
  bool good = true;
  if (shape_ == Shape::kList) {
    std::vector<Value> elements;
    if (!Codec<std::vector<Value>>::decode(in, elements, decoder)) return false;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      decoder.enter(i);
      good = element_->decode(in.as_array()[i], elements[i], decoder) && good;
      decoder.leave();
    }
    out = Value(std::move(elements));
    return good;
  }
  std::map<std::string, Value> members;
  if (!Codec<std::map<std::string, Value>>::decode(in, members, decoder)) return false;
  for (auto& [key, member] : members) {
    decoder.enter(key);
    const Value given = member;
    good = element_->decode(given, member, decoder) && good;
    decoder.leave();
  }
  out = Codec<std::map<std::string, Value>>::encode(members);
  return good;
}

std::optional<Value> evaluate_as(Evaluator& evaluator, const syntax::Expression& e,
                                 const TargetType& target, text::DiagnosticSink& sink) {
  const Known known = evaluator.expression(e);
  if (known.failed || !known.value) return std::nullopt;
  Value out;
  Decoder decoder;
  if (target.decode(*known.value, out, decoder)) return out;
  for (const Decoder::Failure& failure : decoder.failures()) {
    report_inside(e, failure.path, failure.code, failure.message, failure.hint, sink);
  }
  return std::nullopt;
}

Result<Variables> parse_scope(std::string_view json) {
  WEIR_TRY(const Value parsed, value::parse_json(json, value::JsonNumbers::kAsWritten));
  if (parsed.kind() != Kind::kObject)
    return invalid("a scope is a JSON object, got {}", to_string(parsed.kind()));
  Variables out;
  for (const auto& [name, member] : parsed.as_object().members)
    out.set(name, Known::of(with_secrets(member)));
  return out;
}

std::string to_scope_json(const Value& value) {
  return to_json(without_secrets(value));
}

std::string to_result_json(const Value& value) {
  std::string out =
      format("{{\"type\":\"{}\",\"json\":{}", to_string(value.kind()), to_scope_json(value));
  if (value.kind() == Kind::kNumber)
    out += format(",\"kind\":\"{}\"", kind_name(value.as_number()));
  return out + '}';
}

}  // namespace weir::eval

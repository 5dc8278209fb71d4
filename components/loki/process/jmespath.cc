// SPDX-License-Identifier: Apache-2.0
// The search with a compiled JMESPath expression: the tree is walked for one value after the other.

#include "components/loki/process/jmespath.h"

#include "base/utf8.h"
#include "components/loki/process/jmespath_node.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

namespace weir::loki {
namespace {

using codec::JsonValue;
using jmespath::is_true;
using jmespath::Scope;
using JmesNode = JmesPath::Node;
using JmesKind = JmesNode::Kind;
using JmesResult = jmespath::Answer;

/// How many bytes one search may make, in all it puts together.
constexpr std::size_t kMaxMade = 256u << 20;

JmesResult evaluate(const JmesNode& node, const JsonValue& value, const Scope& scope);

/// Takes what `made` weighs from the room; false if there is no more.
bool spend(std::size_t& room, const JsonValue& made) {
  std::size_t weight = sizeof(JsonValue);
  if (const std::string* text = made.as_string()) weight += text->size();
  if (weight > room) return false;
  room -= weight;
  if (const JsonValue::Array* items = made.as_array()) {
    return std::all_of(items->begin(), items->end(),
                       [&](const JsonValue& item) { return spend(room, item); });
  }
  if (const JsonValue::Object* members = made.as_object()) {
    return std::all_of(members->begin(), members->end(),
                       [&](const auto& member) { return spend(room, member.second); });
  }
  return true;
}

/// The places that a slice takes of `size`.
std::vector<std::size_t> places_of(std::int64_t size,
                                   const std::optional<std::int64_t> (&bounds)[3]) {
  const std::int64_t step = bounds[2].value_or(1);
  const std::int64_t low = step < 0 ? -1 : 0;
  const std::int64_t high = step < 0 ? size - 1 : size;
  const auto place = [&](const std::optional<std::int64_t>& bound, std::int64_t otherwise) {
    if (!bound) return otherwise;
    return std::clamp(*bound < 0 ? *bound + size : *bound, low, high);
  };
  std::vector<std::size_t> out;
  const std::int64_t end = place(bounds[1], step < 0 ? -1 : size);
  std::int64_t i = place(bounds[0], step < 0 ? size - 1 : 0);
  // Counted in elements, so that no step overflows.
  for (; step > 0 ? i < end : i > end; i += step) {
    out.push_back(static_cast<std::size_t>(i));
    if (step > size || step < -size) break;
  }
  return out;
}

/// Of an array its elements, of a text its characters.
JsonValue slice_of(const JsonValue& value, const std::optional<std::int64_t> (&bounds)[3]) {
  if (const JsonValue::Array* in = value.as_array()) {
    JsonValue::Array out;
    for (const std::size_t i : places_of(static_cast<std::int64_t>(in->size()), bounds))
      out.push_back((*in)[i]);
    return out;
  }
  const std::string* text = value.as_string();
  if (text == nullptr) return {};
  std::vector<std::string_view> runes;
  for (std::string_view rest = *text; !rest.empty(); rest.remove_prefix(runes.back().size()))
    runes.push_back(rest.substr(0, decode_rune(rest).size));
  std::string out;
  for (const std::size_t i : places_of(static_cast<std::int64_t>(runes.size()), bounds))
    out += runes[i];
  return out;
}

JsonValue flatten(const JsonValue& value) {
  const JsonValue::Array* in = value.as_array();
  if (in == nullptr) return {};
  JsonValue::Array out;
  for (const JsonValue& item : *in) {
    if (const JsonValue::Array* inner = item.as_array()) {
      out.insert(out.end(), inner->begin(), inner->end());
    } else {
      out.push_back(item);
    }
  }
  return out;
}

JsonValue compare(const std::string& op, const JsonValue& left, const JsonValue& right) {
  if (op == "==") return jmespath::equal(left, right);
  if (op == "!=") return !jmespath::equal(left, right);
  if (!left.is_number() || !right.is_number()) return {};  // order is of numbers alone
  if (op == "<") return left.number() < right.number();
  if (op == "<=") return left.number() <= right.number();
  if (op == ">") return left.number() > right.number();
  return left.number() >= right.number();
}

/// Of numbers; of all else null.
JsonValue calculate(const std::string& op, const JsonValue& left, const JsonValue& right) {
  if (!left.is_number() || !right.is_number()) return {};
  const double a = left.number(), b = right.number();
  if (op == "+") return jmespath::Language::answer(a + b);
  if (op == "-") return jmespath::Language::answer(a - b);
  if (op == "/") return jmespath::Language::answer(a / b);
  if (op == "//") return jmespath::Language::answer(std::floor(a / b));
  if (op == "%") return jmespath::Language::answer(std::fmod(a, b));
  return jmespath::Language::answer(a * b);
}

/// Each element through `rest`; what becomes null falls out.
JmesResult project(const std::vector<const JsonValue*>& items, const JmesNode& rest,
                   const Scope& scope) {
  JsonValue::Array out;
  for (const JsonValue* item : items) {
    JmesResult one = evaluate(rest, *item, scope);
    if (!one) return std::nullopt;
    if (!one->is_null()) out.push_back(std::move(*one));
  }
  return JsonValue(std::move(out));
}

JmesResult evaluate_projection(const JmesNode& node, const JsonValue& value, const Scope& scope) {
  const JmesResult left = evaluate(*node.left, value, scope);
  if (!left) return node.kind == JmesKind::kProjection ? left : JsonValue();
  std::vector<const JsonValue*> items;
  if (node.kind == JmesKind::kValues) {
    if (left->as_object() == nullptr) return JsonValue();
    for (const auto& [key, member] : *left->as_object()) items.push_back(&member);
    return project(items, *node.right, scope);
  }
  if (node.left->kind == JmesKind::kSlice && left->as_string() != nullptr)
    return evaluate(*node.right, *left, scope);
  if (left->as_array() == nullptr) return JsonValue();
  for (const JsonValue& item : *left->as_array()) {
    if (node.condition) {
      const JmesResult fits = evaluate(*node.condition, item, scope);
      if (!fits) return std::nullopt;
      if (!is_true(*fits)) continue;
    }
    items.push_back(&item);
  }
  return project(items, *node.right, scope);
}

JmesResult evaluate_parts(const JmesNode& node, const JsonValue& value, const Scope& scope) {
  JsonValue::Array list;
  JsonValue::Object hash;
  for (const auto& [key, part] : node.parts) {
    JmesResult one = evaluate(*part, value, scope);
    if (!one || !spend(scope.room, *one)) return std::nullopt;
    if (node.kind == JmesKind::kList) {
      list.push_back(std::move(*one));
      continue;
    }
    std::erase_if(hash, [&name = key](const auto& member) { return member.first == name; });
    hash.emplace_back(key, std::move(*one));
  }
  return node.kind == JmesKind::kHash ? JsonValue(std::move(hash)) : JsonValue(std::move(list));
}

JmesResult evaluate_call(const JmesNode& node, const JsonValue& value, const Scope& scope) {
  std::vector<jmespath::Reference> references;
  references.reserve(node.parts.size());
  std::vector<jmespath::Language::Value> arguments;
  for (const auto& [key, part] : node.parts) {
    if (part->kind == JmesKind::kReference) {
      references.push_back({*part->left, scope});
      arguments.push_back({{}, &references.back()});
      continue;
    }
    JmesResult one = evaluate(*part, value, scope);
    if (!one || !spend(scope.room, *one)) return std::nullopt;
    arguments.push_back({std::move(*one)});
  }
  JmesResult made = node.function->call(arguments);
  if (made && !spend(scope.room, *made)) return std::nullopt;
  return made;
}

JmesResult evaluate_let(const JmesNode& node, const JsonValue& value, const Scope& scope) {
  std::vector<JsonValue> values;
  std::vector<jmespath::Binding> bindings;
  values.reserve(node.parts.size());
  bindings.reserve(node.parts.size());
  for (const auto& [name, part] : node.parts) {
    JmesResult one = evaluate(*part, value, scope);
    if (!one) return std::nullopt;
    values.push_back(std::move(*one));
    bindings.push_back(
        {name, &values.back(), bindings.empty() ? scope.bindings : &bindings.back()});
  }
  return evaluate(*node.right, value,
                  {scope.root, scope.room, bindings.empty() ? scope.bindings : &bindings.back()});
}

JsonValue variable(std::string_view name, const Scope& scope) {
  const jmespath::Binding* at = scope.bindings;
  while (at != nullptr && at->name != name) at = at->outer;
  return at == nullptr ? JsonValue() : *at->value;
}

/// What is made of one value alone.
JmesResult evaluate_one(const JmesNode& node, const JsonValue& left) {
  switch (node.kind) {
    case JmesKind::kIndex: {
      const JsonValue::Array* items = left.as_array();
      const auto size = items == nullptr ? 0 : static_cast<std::int64_t>(items->size());
      const std::int64_t i = *node.slice[0] < 0 ? *node.slice[0] + size : *node.slice[0];
      return i >= 0 && i < size ? (*items)[static_cast<std::size_t>(i)] : JsonValue();
    }
    case JmesKind::kSlice: return slice_of(left, node.slice);
    case JmesKind::kFlatten: return flatten(left);
    case JmesKind::kMinus: return calculate("-", JsonValue(0), left);
    case JmesKind::kPlus: return left.is_number() ? left : JsonValue();
    default: return JsonValue(!is_true(left));
  }
}

JmesResult evaluate(const JmesNode& node, const JsonValue& value, const Scope& scope) {
  switch (node.kind) {
    case JmesKind::kCurrent: return value;
    case JmesKind::kRoot: return scope.root;
    case JmesKind::kVariable: return variable(node.text, scope);
    case JmesKind::kLiteral: return node.literal;
    case JmesKind::kField: {
      const JsonValue* member = value.find(node.text);
      return member == nullptr ? JsonValue() : *member;
    }
    case JmesKind::kProjection:
    case JmesKind::kValues:
    case JmesKind::kFilter: return evaluate_projection(node, value, scope);
    case JmesKind::kList:
    case JmesKind::kHash: return evaluate_parts(node, value, scope);
    case JmesKind::kCall: return evaluate_call(node, value, scope);
    case JmesKind::kLet: return evaluate_let(node, value, scope);
    default: break;
  }
  JmesResult left = evaluate(*node.left, value, scope);
  if (!left) return node.kind == JmesKind::kFlatten ? JmesResult(JsonValue()) : std::nullopt;
  switch (node.kind) {
    case JmesKind::kSub:
      if (left->is_null()) return JsonValue();
      return evaluate(*node.right, *left, scope);
    case JmesKind::kPipe: return evaluate(*node.right, *left, scope);
    case JmesKind::kOr: return is_true(*left) ? left : evaluate(*node.right, value, scope);
    case JmesKind::kAnd: return is_true(*left) ? evaluate(*node.right, value, scope) : left;
    case JmesKind::kCompare:
    case JmesKind::kCalculate: {
      const JmesResult right = evaluate(*node.right, value, scope);
      if (!right) return std::nullopt;
      return node.kind == JmesKind::kCompare ? compare(node.text, *left, *right)
                                             : calculate(node.text, *left, *right);
    }
    default: return evaluate_one(node, *left);
  }
}

/// Adds the steps of a plain path; false if the expression is more than that.
bool add_steps(const JmesNode& node, std::vector<JmesPath::Step>& steps) {
  switch (node.kind) {
    case JmesKind::kField: steps.emplace_back(node.text); return true;
    case JmesKind::kSub: return add_steps(*node.left, steps) && add_steps(*node.right, steps);
    case JmesKind::kIndex:
      if (node.left->kind != JmesKind::kCurrent && !add_steps(*node.left, steps)) return false;
      steps.emplace_back(*node.slice[0]);
      return true;
    default: return false;
  }
}

}  // namespace

jmespath::Answer jmespath::Reference::of(const JsonValue& element) const {
  return evaluate(node, element, scope);
}

bool jmespath::is_true(const JsonValue& value) {
  switch (value.kind()) {
    case JsonValue::Kind::kNull: return false;
    case JsonValue::Kind::kBool: return *value.as_bool();
    case JsonValue::Kind::kString: return !value.as_string()->empty();
    case JsonValue::Kind::kArray: return !value.as_array()->empty();
    case JsonValue::Kind::kObject: return !value.as_object()->empty();
    default: return true;
  }
}

bool jmespath::equal(const JsonValue& a, const JsonValue& b) {
  if (a.is_number() && b.is_number()) return a.number() == b.number();
  if (a.as_array() != nullptr && b.as_array() != nullptr) {
    return std::equal(a.as_array()->begin(), a.as_array()->end(), b.as_array()->begin(),
                      b.as_array()->end(), &jmespath::equal);
  }
  if (a.as_object() == nullptr || b.as_object() == nullptr) return a == b;
  if (a.as_object()->size() != b.as_object()->size()) return false;
  std::unordered_map<std::string_view, const JsonValue*> others;
  for (const auto& [key, member] : *b.as_object()) others.emplace(key, &member);
  return std::all_of(a.as_object()->begin(), a.as_object()->end(), [&](const auto& member) {
    const auto other = others.find(member.first);
    return other != others.end() && equal(member.second, *other->second);
  });
}

Result<JmesPath> JmesPath::compile(std::string_view text) {
  JmesPath out;
  WEIR_TRY(out.root_, jmespath::parse(text));
  if (!add_steps(*out.root_, out.path_)) out.path_.clear();
  return out;
}

std::optional<JsonValue> JmesPath::search(const JsonValue& document) const {
  if (root_ == nullptr) return JsonValue();
  std::size_t room = kMaxMade;
  return evaluate(*root_, document, {document, room});
}

}  // namespace weir::loki

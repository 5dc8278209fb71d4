// SPDX-License-Identifier: Apache-2.0
// The door to simdjson. What its strictness refuses but JSON in the wild has, numbers past 64 bits,
// bytes that are not UTF-8 and halves of surrogate pairs, goes once through the slow parser and
// comes back as text it takes.
#include "base/codec/json_reader.h"

#include <simdjson.h>

#include <cstring>
#include <optional>

namespace weir::codec {

using simdjson::dom::element;
using simdjson::dom::element_type;

/// A view is simdjson's element, whose two words are not to be seen outside.
struct JsonViewAccess {
  static_assert(sizeof(element) == sizeof(JsonView) && std::is_trivially_copyable_v<element>);
  static JsonView make(const element& from) {
    JsonView view;
    std::memcpy(static_cast<void*>(&view), &from, sizeof view);
    return view;
  }
  static element of(const JsonView& view) {
    element out;
    std::memcpy(static_cast<void*>(&out), &view, sizeof out);
    return out;
  }
};

JsonValue::Kind JsonView::kind() const {
  switch (JsonViewAccess::of(*this).type()) {
    case element_type::ARRAY: return JsonValue::Kind::kArray;
    case element_type::OBJECT: return JsonValue::Kind::kObject;
    case element_type::INT64: return JsonValue::Kind::kInteger;
    case element_type::UINT64: return JsonValue::Kind::kUnsigned;
    case element_type::DOUBLE: return JsonValue::Kind::kDouble;
    case element_type::STRING: return JsonValue::Kind::kString;
    case element_type::BOOL: return JsonValue::Kind::kBool;
    case element_type::NULL_VALUE: return JsonValue::Kind::kNull;
  }
  return JsonValue::Kind::kNull;
}

std::string_view JsonView::text() const {
  std::string_view text;
  return JsonViewAccess::of(*this).get(text) == simdjson::SUCCESS ? text : std::string_view();
}

bool JsonView::boolean() const {
  bool v = false;
  return JsonViewAccess::of(*this).get(v) == simdjson::SUCCESS && v;
}

double JsonView::number() const {
  double v = 0;
  return JsonViewAccess::of(*this).get(v) == simdjson::SUCCESS ? v : 0;
}

std::optional<JsonView> JsonView::find(std::string_view key) const {
  std::optional<JsonView> found;
  for_each_member([&](std::string_view name, JsonView value) {
    if (name == key) found = value;
  });
  return found;
}

void JsonView::visit_members(void (*call)(void*, std::string_view, JsonView), void* visit) const {
  simdjson::dom::object object;
  if (JsonViewAccess::of(*this).get(object) != simdjson::SUCCESS) return;
  for (const auto& member : object) call(visit, member.key, JsonViewAccess::make(member.value));
}

void JsonView::visit_items(void (*call)(void*, JsonView), void* visit) const {
  simdjson::dom::array array;
  if (JsonViewAccess::of(*this).get(array) != simdjson::SUCCESS) return;
  for (const element item : array) call(visit, JsonViewAccess::make(item));
}

JsonValue JsonView::value() const {
  switch (kind()) {
    case JsonValue::Kind::kNull: return {};
    case JsonValue::Kind::kBool: return boolean();
    case JsonValue::Kind::kInteger: return JsonViewAccess::of(*this).get_int64().value_unsafe();
    case JsonValue::Kind::kUnsigned: return JsonViewAccess::of(*this).get_uint64().value_unsafe();
    case JsonValue::Kind::kDouble: return number();
    case JsonValue::Kind::kString: return text();
    case JsonValue::Kind::kArray: {
      JsonValue::Array items;
      for_each_item([&](JsonView item) { items.push_back(item.value()); });
      return items;
    }
    case JsonValue::Kind::kObject: {
      JsonValue::Object members;
      for_each_member([&](std::string_view key, JsonView member) {
        members.emplace_back(key, member.value());
      });
      return members;
    }
  }
  return {};
}

struct JsonReader::State {
  static constexpr std::size_t kUsualCapacity = 4096;
  static constexpr std::size_t kLargestKept = std::size_t{1} << 20;

  std::optional<simdjson::dom::parser> parser;
  std::string mended;

  simdjson::error_code parse(std::string_view text, element& out) {
    if (text.empty())
      return simdjson::EMPTY;  // whose data may be null, which the library would copy from
    // One huge document must not hold its memory for ever.
    if (!parser || (parser->capacity() > kLargestKept && text.size() <= kLargestKept)) {
      parser.emplace();
      if (const auto error = parser->allocate(kUsualCapacity, kMaxJsonDepth)) return error;
    }
    return parser->parse(text.data(), text.size()).get(out);
  }
};

JsonReader::JsonReader() : state_(std::make_unique<State>()) {}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;

Result<JsonView> JsonReader::read(std::string_view text) {
  element root;
  switch (state_->parse(text, root)) {
    case simdjson::SUCCESS: return JsonViewAccess::make(root);
    case simdjson::UTF8_ERROR:
    case simdjson::STRING_ERROR:
    case simdjson::NUMBER_ERROR: break;
    default: return invalid("json: malformed");
  }
  const auto value = parse_json(text);
  if (!value) return invalid("json: malformed");
  state_->mended = write_json(*value, {.mark_doubles = true});
  if (state_->parse(state_->mended, root) != simdjson::SUCCESS) return invalid("json: malformed");
  return JsonViewAccess::make(root);
}

}  // namespace weir::codec

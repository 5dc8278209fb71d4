// SPDX-License-Identifier: Apache-2.0
// Values as Alloy text, laid out as the formatter would: members of an object on lines of their
// own, values of neighbouring one-line members aligned.

#include "base/format.h"
#include "base/utf8.h"
#include "interpreter/syntax/parse.h"
#include "interpreter/value/quote.h"
#include "interpreter/value/value.h"

#include <algorithm>

namespace weir::value {

std::string display(const Capsule& capsule) {
  if (capsule.type == nullptr) return "capsule";
  std::string text;
  if (capsule.type->display != nullptr && capsule.object)
    text = capsule.type->display(capsule.object.get());
  return text.empty() ? format("capsule({})", quote(capsule.type->name)) : text;
}

namespace {

struct PrintedMember {
  std::string key;
  std::string value;
  std::size_t width = 0;  ///< of the key, in characters
};

std::string print_at(const Value& value, int depth);

std::vector<PrintedMember> print_members(const Object& object, int depth) {
  std::vector<PrintedMember> out;
  for (const auto& [name, member] : object.members) {
    std::string key = syntax::is_identifier(name) ? name : quote(name);
    const std::size_t width = count_runes(key);
    out.push_back({std::move(key), print_at(member, depth), width});
  }
  return out;
}

std::string print_object(const Object& object, int depth) {
  if (object.members.empty()) return "{}";
  const auto members = print_members(object, depth + 1);
  const std::string indent(static_cast<std::size_t>(depth), '\t');
  std::string out = "{\n";
  for (auto run = members.begin(); run != members.end();) {
    // A member of several lines ends the run of those that align.
    auto end = std::find_if(run, members.end(),
                            [](const auto& m) { return m.value.find('\n') != std::string::npos; });
    if (end != members.end()) ++end;
    const std::size_t width = std::max_element(run, end, [](const auto& a, const auto& b) {
                                return a.width < b.width;
                              })->width;
    for (; run != end; ++run) {
      out += format("{}\t{}{} = {},\n", indent, run->key, std::string(width - run->width, ' '),
                    run->value);
    }
  }
  return out + indent + '}';
}

std::string print_array(const Array& array, int depth) {
  std::string out = "[";
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (i != 0) out += ", ";
    out += print_at(array[i], depth);
  }
  return out + ']';
}

std::string print_capsule(const Value& value) {
  const OptionalSecret* text = value.as_optional_secret();
  return text != nullptr && !text->secret ? quote(text->text) : display(value.as_capsule());
}

std::string print_at(const Value& value, int depth) {
  switch (value.kind()) {
    case Kind::kNull: return "null";
    case Kind::kBool: return value.as_bool() ? "true" : "false";
    case Kind::kNumber: return value.as_number().text();
    case Kind::kString: return quote(value.as_string());
    case Kind::kArray: return print_array(value.as_array(), depth);
    case Kind::kObject: return print_object(value.as_object(), depth);
    case Kind::kFunction: return "function";
    case Kind::kCapsule: return print_capsule(value);
  }
  return {};
}

}  // namespace

std::string print(const Value& value) {
  return print_at(value, 0);
}

}  // namespace weir::value

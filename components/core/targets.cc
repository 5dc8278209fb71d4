// SPDX-License-Identifier: Apache-2.0
#include "components/core/targets.h"

#include "interpreter/value/unknown.h"

#include <algorithm>

namespace weir {

Target::Target(const std::vector<Label>& labels) {
  value::Object object;
  object.members.reserve(labels.size());
  for (const Label& label : labels)
    object.members.emplace_back(label.name, value::Value(label.value));
  object_ = value::Value(std::move(object));
}

std::string_view Target::get(std::string_view name) const {
  const value::Value* found = object_.as_object().find(name);
  return found != nullptr ? std::string_view(found->as_string()) : std::string_view();
}

std::vector<Label> Target::labels() const {
  std::vector<Label> out;
  out.reserve(object_.as_object().members.size());
  for (const auto& [name, value] : object_.as_object().members)
    out.push_back({name, value.as_string()});
  const auto by_name = [](const Label& a, const Label& b) { return a.name < b.name; };
  if (!std::is_sorted(out.begin(), out.end(), by_name)) std::sort(out.begin(), out.end(), by_name);
  return out;
}

Target Target::with(std::string_view name, std::string_view value) const {
  value::Object object = object_.as_object();
  const auto at = std::find_if(object.members.begin(), object.members.end(),
                               [&](const auto& member) { return member.first == name; });
  if (at != object.members.end())
    at->second = value::Value(value);
  else
    object.members.emplace_back(name, value::Value(value));
  Target out;
  out.object_ = value::Value(std::move(object));
  return out;
}

namespace schema {

value::Type Codec<Target>::type() {
  return value::Type::map(Codec<std::string>::type());
}

bool Codec<Target>::decode(const value::Value& in, Target& out, Decoder& decoder) {
  if (in.is_null()) return true;
  if (in.kind() != value::Kind::kObject) return decoder.mismatch(type(), in);
  const auto& members = in.as_object().members;
  if (std::all_of(members.begin(), members.end(), [](const auto& member) {
        return member.second.kind() == value::Kind::kString;
      })) {
    out.object_ = in;
    return true;
  }
  value::Object object;
  bool good = true;
  for (const auto& [name, member] : members) {
    decoder.enter(name);
    std::string text;
    good = Codec<std::string>::decode(member, text, decoder) && good;
    object.members.emplace_back(name, value::Value(std::move(text)));
    decoder.leave();
  }
  out.object_ = value::Value(std::move(object));
  return good;
}

value::Value Codec<Target>::encode(const Target& in) {
  return in.value();
}

}  // namespace schema
}  // namespace weir

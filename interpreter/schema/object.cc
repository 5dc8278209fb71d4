// SPDX-License-Identifier: Apache-2.0
// Structs as values of the language: what exports look like to expressions, and back.

#include "base/format.h"
#include "interpreter/schema/schema.h"
#include "interpreter/value/unknown.h"

#include <algorithm>
#include <utility>

namespace weir::schema {

using text::DiagnosticCode;
using value::Value;

namespace {

void add_members(Schema schema, void* object, std::vector<Member>& out) {
  for (const Field& field : schema.fields()) {
    if (field.kind == FieldKind::kInline) {
      add_members(field.inlined().schema(), field.at(object), out);
    } else {
      out.push_back({&field, field.at(object)});
    }
  }
}

Value encode_blocks(const Member& member) {
  const BlockMember& block = *member.field->block();
  value::Array all;
  for (std::size_t i = 0; i < block.count(member.at); ++i) {
    all.push_back(encode(block.ops().schema(), block.get(member.at, i)));
  }
  if (block.repeated) return Value(std::move(all));
  return all.empty() ? Value() : all.front();
}

Value encode_chosen(const Member& member) {
  value::Array all;
  for (const Chosen& chosen : *static_cast<const std::vector<Chosen>*>(member.at)) {
    value::Object one;
    one.members.emplace_back(chosen.choice->name,
                             encode(chosen.choice->ops().schema(), chosen.args.get()));
    all.emplace_back(std::move(one));
  }
  return Value(std::move(all));
}

Value encode_map(const Member& member) {
  value::Object out;
  for (const auto& [key, value] : *static_cast<const std::map<std::string, Value>*>(member.at)) {
    out.members.emplace_back(key, value);
  }
  return Value(std::move(out));
}

Value encode_member(const Member& member) {
  switch (member.field->kind) {
    case FieldKind::kBlock: return encode_blocks(member);
    case FieldKind::kChoice: return encode_chosen(member);
    case FieldKind::kMapBlock: return encode_map(member);
    default: return member.field->type().encode(member.at);
  }
}

/// Enters a step of the path for as long as it lives.
class PathScope {
 public:
  PathScope(Decoder& decoder, PathStep step) : decoder_(decoder) {
    decoder_.enter(std::move(step));
  }
  ~PathScope() { decoder_.leave(); }
  PathScope(const PathScope&) = delete;
  PathScope& operator=(const PathScope&) = delete;

 private:
  Decoder& decoder_;
};

void decode_nested(const Member& member, const Value& in, Decoder& decoder) {
  const BlockMember& block = *member.field->block();
  if (!block.repeated) {
    if (!in.is_null()) decode_object(block.ops(), in, block.add(member.at), decoder);
    return;
  }
  if (in.is_null()) return;
  if (in.kind() != value::Kind::kArray) {
    decoder.mismatch(value::Type::list(type_of(block.ops().schema())), in);
    return;
  }
  for (std::size_t i = 0; i < in.as_array().size(); ++i) {
    const PathScope scope(decoder, i);
    decode_object(block.ops(), in.as_array()[i], block.add(member.at), decoder);
  }
}

void decode_member(const Member& member, const Value& in, Decoder& decoder) {
  const PathScope scope(decoder, std::string(member.field->name));
  if (member.field->kind == FieldKind::kBlock) {
    decode_nested(member, in, decoder);
  } else {
    member.field->type().decode(in, member.at, decoder);
  }
}

}  // namespace

std::vector<Member> members(Schema schema, void* object) {
  std::vector<Member> out;
  add_members(schema, object, out);
  return out;
}

bool decode_object(const BlockOps& ops, const Value& in, void* out, Decoder& decoder) {
  if (in.is_null()) return true;
  if (in.kind() != value::Kind::kObject) return decoder.mismatch(type_of(ops.schema()), in);
  const std::size_t failures = decoder.failures().size();
  const std::vector<Member> all = members(ops.schema(), out);
  std::vector<std::string_view> names;
  for (const Member& member : all) names.push_back(member.field->name);
  for (const auto& [key, value] : in.as_object().members) {
    const auto at = std::find(names.begin(), names.end(), key);
    if (at != names.end()) {
      decode_member(all[static_cast<std::size_t>(at - names.begin())], value, decoder);
      continue;
    }
    const PathScope scope(decoder, key);
    decoder.fail(DiagnosticCode::kUnknownField, "is not a field here",
                 text::did_you_mean(key, names));
  }
  for (const Member& member : all) {
    if (member.field->is_required && in.as_object().find(member.field->name) == nullptr) {
      decoder.fail(DiagnosticCode::kMissingAttribute,
                   format("lacks the required field \"{}\"", member.field->name));
    }
  }
  return decoder.failures().size() == failures;
}

Value encode(Schema schema, const void* object) {
  value::Object out;
  out.ordered = true;
  // members() hands out writable places for decode(); nothing is written here.
  for (const Member& member : members(schema, const_cast<void*>(object))) {
    out.members.emplace_back(member.field->name, encode_member(member));
  }
  return Value(std::move(out));
}

value::Type type_of(Schema schema) {
  std::vector<std::pair<std::string, value::Type>> out;
  for (const Field& field : schema.fields()) {
    switch (field.kind) {
      case FieldKind::kAttribute:
      case FieldKind::kLabel: out.emplace_back(field.name, field.type().type()); break;
      case FieldKind::kBlock: {
        const value::Type one = type_of(field.block()->ops().schema());
        out.emplace_back(field.name, field.block()->repeated ? value::Type::list(one) : one);
        break;
      }
      case FieldKind::kChoice:
        out.emplace_back(field.name, value::Type::list(value::Type::any()));
        break;
      case FieldKind::kMapBlock:
        out.emplace_back(field.name, value::Type::map(value::Type::any()));
        break;
      case FieldKind::kInline: {
        const value::Type group = type_of(field.inlined().schema());
        out.insert(out.end(), group.members().begin(), group.members().end());
        break;
      }
    }
  }
  return value::Type::object(std::move(out));
}

}  // namespace weir::schema

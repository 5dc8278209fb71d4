// SPDX-License-Identifier: Apache-2.0
// Arguments and exports as the web API shows them (spec 19): a body of attributes and blocks.

#include "base/format.h"
#include "interpreter/schema/schema.h"

#include <map>
#include <utility>

namespace weir::schema {

using value::Value;

namespace {

/// Writes the elements of one body, commas between them.
class BodyWriter {
 public:
  void attribute(std::string_view name, const Value& value) {
    element(format(R"({{"name":{},"type":"attr","value":{}}})", value::to_json(Value(name)),
                   value::to_api_json(value)));
  }
  void block(std::string_view name, std::string_view label, std::string_view body) {
    const std::string shown =
        label.empty() ? std::string() : format(R"("label":{},)", value::to_json(Value(label)));
    element(format(R"({{"name":{},"type":"block",{}"body":{}}})", value::to_json(Value(name)),
                   shown, body));
  }
  std::string finish() && { return std::move(out_) + "]"; }

 private:
  void element(std::string text) {
    if (out_.size() > 1) out_ += ',';
    out_ += text;
  }
  std::string out_ = "[";
};

/// What the block's label field holds, if it has one.
std::string label_of(Schema schema, const void* object) {
  for (const Member& member : members(schema, const_cast<void*>(object))) {  // read only
    if (member.field->kind == FieldKind::kLabel)
      return member.field->type().encode(member.at).as_string();
  }
  return {};
}

void write_block(std::string_view name, const BlockOps& ops, const void* object, BodyWriter& out) {
  const std::shared_ptr<void> defaults = ops.make();
  out.block(name, label_of(ops.schema(), object),
            to_api_json(ops.schema(), object, defaults.get()));
}

void write_blocks(const Member& member, BodyWriter& out) {
  const BlockMember& block = *member.field->block();
  for (std::size_t i = 0; i < block.count(member.at); ++i) {
    write_block(member.field->name, block.ops(), block.get(member.at, i), out);
  }
}

void write_map(const Member& member, BodyWriter& out) {
  value::Object all;
  for (const auto& [key, value] : *static_cast<const std::map<std::string, Value>*>(member.at))
    all.members.emplace_back(key, value);
  if (!all.members.empty()) out.block(member.field->name, {}, to_api_json(all));
}

void write_attribute(const Field& field, const Value& value, BodyWriter& out) {
  const bool hide = field.is_secret && value.kind() == value::Kind::kString;
  out.attribute(field.name, hide ? Value::secret(value.as_string()) : value);
}

}  // namespace

std::string to_api_json(Schema schema, const void* object, const void* defaults) {
  BodyWriter out;
  const value::Object shown = encode(schema, object).as_object();
  const value::Object usual = encode(schema, defaults).as_object();
  std::size_t i = 0;
  for (const Member& member : members(schema, const_cast<void*>(object))) {  // read only
    const Field& field = *member.field;
    const Value& value = shown.members[i].second;
    const bool silent = !field.is_required && value::same(value, usual.members[i].second);
    ++i;
    if (silent || field.kind == FieldKind::kLabel) continue;
    switch (field.kind) {
      case FieldKind::kBlock: write_blocks(member, out); break;
      case FieldKind::kMapBlock: write_map(member, out); break;
      case FieldKind::kChoice:
        for (const Chosen& chosen : *static_cast<const std::vector<Chosen>*>(member.at)) {
          write_block(format("{}.{}", field.name, chosen.choice->name), chosen.choice->ops(),
                      chosen.args.get(), out);
        }
        break;
      default: write_attribute(field, value, out);
    }
  }
  return std::move(out).finish();
}

std::string to_api_json(const value::Object& attributes) {
  BodyWriter out;
  for (const auto& [name, value] : attributes.members) out.attribute(name, value);
  return std::move(out).finish();
}

}  // namespace weir::schema

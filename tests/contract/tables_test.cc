// SPDX-License-Identifier: Apache-2.0
// What holds for every table of arguments in the program, its stages and shared blocks included.

#include "base/codec/json.h"
#include "cli/program.h"
#include "interpreter/schema/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace weir {
namespace {

using schema::Field;
using schema::FieldKind;
using text::DiagnosticCode;

/// A block's table and where it stands: "loki.write endpoint".
struct TableCase {
  std::string name;
  const schema::BlockOps* ops;
};
void PrintTo(const TableCase& table, std::ostream* out) {
  *out << table.name;
}

void collect(const std::string& name, const schema::BlockOps& ops,
             std::set<const schema::BlockOps*>& known, std::vector<TableCase>& all) {
  if (!known.insert(&ops).second) return;
  all.push_back({name, &ops});
  const std::shared_ptr<void> object = ops.make();
  for (const schema::Member& member : schema::members(ops.schema(), object.get())) {
    const Field& field = *member.field;
    if (field.kind == FieldKind::kBlock)
      collect(format("{} {}", name, field.name), field.block()->ops(), known, all);
    if (field.kind != FieldKind::kChoice) continue;
    for (const schema::Choice& choice : field.choices()) {
      if (choice.ops != nullptr)
        collect(format("{} {}.{}", name, field.name, choice.name), choice.ops(), known, all);
    }
  }
}

std::vector<TableCase> all_tables() {
  std::set<const schema::BlockOps*> known;
  std::vector<TableCase> all;
  const catalog::Catalog catalog = cli::program_catalog();
  for (const catalog::ComponentDef* def : catalog.all())
    collect(std::string(def->name), def->args(), known, all);
  return all;
}

class Tables : public testing::TestWithParam<TableCase> {
 protected:
  [[nodiscard]] const schema::BlockOps& ops() const { return *GetParam().ops; }
  /// Fields of this block, those of shared groups among them.
  std::vector<schema::Member> members() { return schema::members(ops().schema(), object_.get()); }
  [[nodiscard]] std::vector<schema::Member> attributes_of(void* object) const {
    std::vector<schema::Member> out = schema::members(ops().schema(), object);
    std::erase_if(out,
                  [](const schema::Member& m) { return m.field->kind != FieldKind::kAttribute; });
    return out;
  }
  text::DiagnosticSink decode(const schema::EvaluatedBody& body) const {
    text::DiagnosticSink sink;
    schema::DecodeContext context;
    context.name = GetParam().name;
    schema::decode(ops(), body, context, ops().make().get(), sink);
    return sink;
  }
  std::shared_ptr<void> object_ = ops().make();
};

schema::EvaluatedBody body_of(std::string name, value::Value value) {
  schema::EvaluatedBody body;
  schema::EvaluatedAttribute attribute;
  attribute.name = std::move(name);
  attribute.type = value::Type::of(value);
  attribute.value = std::move(value);
  body.attributes.push_back(std::move(attribute));
  return body;
}

TEST_P(Tables, DefaultsAreValuesOfTheirFields) {
  const std::shared_ptr<void> other = ops().make();
  const std::vector<schema::Member> others = attributes_of(other.get());
  const std::vector<schema::Member> all = attributes_of(object_.get());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Field& field = *all[i].field;
    const value::Value first = field.type().encode(all[i].at);
    if (field.is_required || first.is_null() || first.kind() == value::Kind::kCapsule) continue;
    EXPECT_NE(value::fits(value::Type::of(first), field.type().type()), value::Fit::kNo)
        << field.name;
    schema::Decoder decoder;
    EXPECT_TRUE(field.type().decode(first, others[i].at, decoder)) << field.name;
    EXPECT_TRUE(value::same(first, field.type().encode(others[i].at))) << field.name;
    if (field.allowed[0].data() == nullptr || first.kind() != value::Kind::kString) continue;
    const bool allowed = std::find(std::begin(field.allowed), std::end(field.allowed),
                                   first.as_string()) != std::end(field.allowed);
    EXPECT_TRUE(allowed || first.as_string().empty()) << field.name << " is " << first.as_string();
  }
}

TEST_P(Tables, GivingADefaultIsAsGoodAsLeavingItOut) {
  std::set<std::string> without;
  const text::DiagnosticSink none = decode({});
  for (const text::Diagnostic& d : none.all()) without.insert(d.message);
  for (const schema::Member& member : attributes_of(object_.get())) {
    const Field& field = *member.field;
    const value::Value given = field.type().encode(member.at);
    if (field.is_required || given.is_null() || !field.unbuilt_hint.empty()) continue;
    const text::DiagnosticSink found = decode(body_of(std::string(field.name), given));
    for (const text::Diagnostic& d : found.all())
      EXPECT_TRUE(without.contains(d.message)) << field.name << ": " << d.message;
  }
}

TEST_P(Tables, UnknownNamesAreRefusedWithTheNearest) {
  for (const schema::Member& member : members()) {
    const Field& field = *member.field;
    if (field.name.size() < 4 || field.kind == FieldKind::kLabel ||
        field.kind == FieldKind::kChoice)
      continue;
    const std::string name(field.name);
    std::string wrong = name;
    std::swap(wrong[1], wrong[2]);
    if (wrong == name) wrong += 'x';
    schema::EvaluatedBody body;
    const bool is_block = field.kind != FieldKind::kAttribute;
    if (is_block) {
      body.blocks.emplace_back().name = wrong;
    } else {
      body = body_of(wrong, value::Value("x"));
    }
    const text::DiagnosticSink found = decode(body);
    const auto at =
        std::find_if(found.all().begin(), found.all().end(), [&](const text::Diagnostic& d) {
          return d.code ==
                 (is_block ? DiagnosticCode::kUnknownBlock : DiagnosticCode::kUnknownAttribute);
        });
    ASSERT_NE(at, found.all().end()) << wrong;
    EXPECT_THAT(at->hint, testing::HasSubstr("did you mean")) << wrong;
  }
}

TEST_P(Tables, WhatMustBeGivenIsAskedFor) {
  const text::DiagnosticSink found = decode({});
  for (const schema::Member& member : members()) {
    const Field& field = *member.field;
    if (!field.is_required || field.kind == FieldKind::kLabel) continue;
    const auto named = [&](const text::Diagnostic& d) {
      return d.severity == text::Severity::kError &&
             d.message.find(format("\"{}\"", field.name)) != std::string::npos;
    };
    EXPECT_TRUE(std::any_of(found.all().begin(), found.all().end(), named)) << field.name;
  }
}

TEST_P(Tables, WhatSoundsLikeASecretIsOne) {
  static const std::set<std::string_view> kSecrets = {
      "password", "client_secret", "bearer_token", "credentials",
      "key_pem",  "secret_key",    "api_key",      "token"};
  for (const schema::Member& member : attributes_of(object_.get())) {
    if (!kSecrets.contains(member.field->name)) continue;
    EXPECT_THAT(member.field->type().type().text(), testing::HasSubstr("secret"))
        << member.field->name;
  }
}

TEST_P(Tables, TheReferenceNamesEverything) {
  const std::string page = schema::markdown(ops());
  for (const schema::Member& member : members()) {
    if (member.field->kind == FieldKind::kLabel || member.field->kind == FieldKind::kChoice)
      continue;
    EXPECT_THAT(page, testing::HasSubstr(format("| `{}` |", member.field->name)));
  }
}

TEST_P(Tables, ShowsItselfToTheApi) {
  const std::shared_ptr<void> defaults = ops().make();
  const auto shown =
      codec::parse_json(schema::to_api_json(ops().schema(), object_.get(), defaults.get()));
  ASSERT_TRUE(shown);
  ASSERT_NE(shown->as_array(), nullptr);
  for (const codec::JsonValue& row :
       *shown->as_array()) {  // of defaults nothing is shown but what must be given
    const std::string_view name = *row.find("name")->as_string();
    const auto field = std::find_if(ops().schema().fields().begin(), ops().schema().fields().end(),
                                    [&](const Field& f) { return f.name == name; });
    EXPECT_TRUE(field == ops().schema().fields().end() || field->is_required ||
                field->kind != FieldKind::kAttribute)
        << name;
  }
}

std::string table_name(const testing::TestParamInfo<TableCase>& info) {
  std::string name = info.param.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}
INSTANTIATE_TEST_SUITE_P(Contract, Tables, testing::ValuesIn(all_tables()), table_name);

}  // namespace
}  // namespace weir

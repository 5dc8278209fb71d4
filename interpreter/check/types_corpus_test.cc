// SPDX-License-Identifier: Apache-2.0
// The conformance cases of language/types: blocks decoded against schemas that are known only at
// run time.
//
// A schema is rows of function pointers without state, so the rows made here point at functions
// that are instantiated once per place: a struct has numbered cells, each of which can hold any
// type of the cases, and the tables live in numbered slots.

#include "base/codec/json.h"
#include "interpreter/eval/evaluate.h"
#include "interpreter/eval/target_type.h"
#include "interpreter/schema/codecs.h"
#include "interpreter/schema/schema.h"
#include "interpreter/syntax/parse.h"
#include "tests/support/paths.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <list>
#include <set>

namespace weir::check {
namespace {

using codec::JsonValue;
using schema::Field;
using schema::FieldKind;
using value::Value;

constexpr std::size_t kCells = 32;
constexpr std::size_t kSlots = 64;

struct DynamicStruct;

/// A member that can be of any type.
struct Cell {
  Value value;
  std::map<std::string, Value> anything;
  std::vector<schema::Chosen> chosen;
  std::vector<std::shared_ptr<DynamicStruct>> structs;
};
struct DynamicStruct {
  std::array<Cell, kCells> cells;
};

/// A schema made at run time, and what else a row may ask for by function.
struct Slot {
  std::vector<Field> rows;
  schema::BlockOps ops;
  schema::BlockMember member;
  std::vector<schema::Choice> choices;
  schema::TypeOps type;
  std::optional<eval::TargetType> target;  // of a type that has a name
};
std::array<Slot, kSlots>& slots() {
  static std::array<Slot, kSlots> all;
  return all;
}
std::list<std::string>& kept_names() {
  static std::list<std::string> names;
  return names;
}
std::string_view keep(std::string text) {
  return kept_names().emplace_back(std::move(text));
}

template <std::size_t I, auto Part>
void* cell_at(void* object) {
  return &(static_cast<DynamicStruct*>(object)->cells[I].*Part);
}
template <auto Part>
void* (*place(std::size_t cell))(void*) {
  return [cell]<std::size_t... I>(std::index_sequence<I...>) {
    static constexpr void* (*kAll[])(void*) = {&cell_at<I, Part>...};
    return kAll[cell];
  }
  (std::make_index_sequence<kCells>());
}

/// The functions of each slot.
struct SlotFunctions {
  schema::Schema (*schema)();
  const schema::BlockOps& (*ops)();
  const schema::BlockMember* (*member)();
  std::span<const schema::Choice> (*choices)();
  const schema::TypeOps& (*type)();
  value::Type (*value_type)();
  bool (*decode_one)(const Value&, void*, schema::Decoder&);
  bool (*decode_list)(const Value&, void*, schema::Decoder&);
  bool (*decode_named)(const Value&, void*, schema::Decoder&);
  Value (*encode_named)(const void*);
};
bool decode_struct(std::size_t slot, const Value& in, void* out, schema::Decoder& decoder) {
  auto& all = *static_cast<std::vector<std::shared_ptr<DynamicStruct>>*>(out);
  return schema::decode_object(slots()[slot].ops, in,
                               all.emplace_back(std::make_shared<DynamicStruct>()).get(), decoder);
}
template <std::size_t S>
constexpr SlotFunctions functions_of_slot() {
  return {
      []() -> schema::Schema {
        return {slots()[S].rows.data(), slots()[S].rows.size()};
      },
      []() -> const schema::BlockOps& { return slots()[S].ops; },
      []() -> const schema::BlockMember* { return &slots()[S].member; },
      []() -> std::span<const schema::Choice> { return slots()[S].choices; },
      []() -> const schema::TypeOps& { return slots()[S].type; },
      []() {
        return schema::type_of({slots()[S].rows.data(), slots()[S].rows.size()});
      },
      [](const Value& in, void* out, schema::Decoder& d) { return decode_struct(S, in, out, d); },
      [](const Value& in, void* out, schema::Decoder& d) {
        if (in.kind() != value::Kind::kArray)
          return d.mismatch(value::Type::list(value::Type::any()), in);
        for (std::size_t i = 0; i < in.as_array().size(); ++i) {
          d.enter(i);
          decode_struct(S, in.as_array()[i], out, d);
          d.leave();
        }
        return true;
      },
      [](const Value& in, void* out, schema::Decoder& d) {
        return slots()[S].target->decode(in, *static_cast<Value*>(out), d);
      },
      [](const void* in) {
        Value out = *static_cast<const Value*>(in);
        schema::Decoder ignored;
        if (out.is_null()) slots()[S].target->decode(Value(), out, ignored);  // the type's zero
        return out;
      },
  };
}
const SlotFunctions& functions(std::size_t slot) {
  static const auto kAll = []<std::size_t... S>(std::index_sequence<S...>) {
    return std::array<SlotFunctions, kSlots>{functions_of_slot<S>()...};
  }
  (std::make_index_sequence<kSlots>());
  return kAll[slot];
}

/// Makes schemas of a case's description.
class DynamicSchema {
 public:
  std::size_t make(const JsonValue& fields, const std::string& label) {
    const std::size_t slot = used_++;
    WEIR_CHECK(slot < kSlots && fields.as_object()->size() < kCells, "too many for this test");
    std::vector<Field> rows;
    if (label == "required") {
      Field row = named(rows.size(), "string");
      row.kind = FieldKind::kLabel;
      row.name = "$label";
      row.is_required = true;
      rows.push_back(row);
    }
    for (const auto& [name, described] : *fields.as_object()) {
      Field row = make_row(rows.size(), described);
      row.name = keep(name);
      const JsonValue* optional = described.find("optional");
      row.is_required = optional != nullptr && !*optional->as_bool();
      rows.push_back(row);
    }
    Slot& made = slots()[slot];
    made.rows = rows;
    made.ops = {functions(slot).schema,
                []() -> std::shared_ptr<void> { return std::make_shared<DynamicStruct>(); },
                nullptr};
    return slot;
  }

 private:
  static std::string text(const JsonValue* value) {
    return value == nullptr || value->as_string() == nullptr ? "" : *value->as_string();
  }

  Field make_row(std::size_t cell, const JsonValue& described) {
    const std::string kind = text(described.find("kind"));
    if (kind == "attr") return attribute(cell, *described.find("type"));
    Field row{};
    if (kind == "enum") {
      row.kind = FieldKind::kChoice;
      row.at = place<&Cell::chosen>(cell);
      std::vector<schema::Choice> choices;
      for (const auto& [name, fields] : *described.find("choices")->as_object()) {
        choices.push_back({keep(name), "Doc.", schema::Stability::kGenerallyAvailable,
                           functions(make(fields, "")).ops, nullptr});
      }
      const std::size_t slot = used_++;
      slots()[slot].choices = std::move(choices);
      row.choices = functions(slot).choices;
    } else if (described.find("map") != nullptr) {
      row.kind = FieldKind::kMapBlock;
      row.at = place<&Cell::anything>(cell);
    } else {
      const std::size_t slot = make(*described.find("fields"), text(described.find("label")));
      const JsonValue* repeat = described.find("repeat");
      row.kind = FieldKind::kBlock;
      row.at = place<&Cell::structs>(cell);
      row.block = functions(slot).member;
      if (repeat != nullptr && repeat->is_number())
        row.exact_count = static_cast<std::size_t>(repeat->number());
      slots()[slot].member = {
          functions(slot).ops,
          [](void* m) -> void* {
            return as_structs(m).emplace_back(std::make_shared<DynamicStruct>()).get();
          },
          [](const void* m) { return as_structs(m).size(); },
          [](const void* m, std::size_t i) -> const void* { return as_structs(m)[i].get(); },
          repeat != nullptr};
    }
    return row;
  }

  static std::vector<std::shared_ptr<DynamicStruct>>& as_structs(void* m) {
    return *static_cast<std::vector<std::shared_ptr<DynamicStruct>>*>(m);
  }
  static const std::vector<std::shared_ptr<DynamicStruct>>& as_structs(const void* m) {
    return *static_cast<const std::vector<std::shared_ptr<DynamicStruct>>*>(m);
  }

  /// A type that has a name; its values are kept as the language's own.
  Field named(std::size_t cell, const std::string& name) {
    const auto [known, fresh] = named_.try_emplace(name, used_);
    if (fresh) {
      ++used_;
      auto target = eval::TargetType::parse(name);
      EXPECT_TRUE(target) << "a type that this test does not know: " << name;
      if (target) slots()[known->second].target = *std::move(target);
    }
    const SlotFunctions& f = functions(known->second);
    slots()[known->second].type = {[] { return value::Type::any(); }, f.decode_named,
                                   f.encode_named, nullptr};
    Field row{};
    row.at = place<&Cell::value>(cell);
    row.type = f.type;
    return row;
  }

  Field attribute(std::size_t cell, const JsonValue& type) {
    if (const std::string* name = type.as_string()) return named(cell, *name);
    if (const JsonValue* texts = type.find("enum_string")) {
      Field row = named(cell, "string");
      for (std::size_t i = 0; i < texts->as_array()->size(); ++i)
        row.allowed[i] = keep(*(*texts->as_array())[i].as_string());
      return row;
    }
    const JsonValue* element = type.find("list");
    const JsonValue* object = element == nullptr ? type.find("object") : element->find("object");
    const std::size_t slot = make(*object, "");
    const SlotFunctions& f = functions(slot);
    slots()[slot].type = {f.value_type, element == nullptr ? f.decode_one : f.decode_list,
                          [](const void*) { return Value(); }, nullptr};
    Field row{};
    row.at = place<&Cell::structs>(cell);
    row.type = f.type;
    return row;
  }

  std::size_t used_ = 0;
  std::map<std::string, std::size_t> named_;
};

/// The blocks that become maps of one type: a schema of the program has such maps of anything only,
/// so their types are judged here.
void decode_typed_maps(const JsonValue& fields, schema::EvaluatedBody& body,
                       text::DiagnosticSink& sink) {
  for (schema::EvaluatedBlock& block : body.blocks) {
    const JsonValue* field = fields.find(block.name);
    const JsonValue* type = field == nullptr ? nullptr : field->find("map");
    if (type == nullptr) continue;
    const auto target = eval::TargetType::parse(*type->as_string());
    ASSERT_TRUE(target) << "a type that this test does not know: " << *type->as_string();
    for (schema::EvaluatedAttribute& attribute : block.body.attributes) {
      if (!attribute.value) continue;
      schema::Decoder decoder;
      Value decoded;
      target->decode(*attribute.value, decoded, decoder);
      attribute.value = decoded;
      for (const auto& f : decoder.failures())
        eval::report_inside(*attribute.expression, f.path, f.code, f.message, f.hint, sink);
    }
  }
}

/// Whether all that is expected is there; members that are absent may be left out of both.
bool holds(const JsonValue& got, const JsonValue& want) {
  if (want.as_object() != nullptr) {
    for (const auto& [key, member] : *want.as_object()) {
      const JsonValue* found = got.find(key);
      if (found == nullptr || !holds(*found, member)) return false;
    }
    return true;
  }
  if (want.as_array() == nullptr) return got == want;
  if (got.as_array() == nullptr || got.as_array()->size() != want.as_array()->size()) return false;
  for (std::size_t i = 0; i < want.as_array()->size(); ++i) {
    if (!holds((*got.as_array())[i], (*want.as_array())[i])) return false;
  }
  return true;
}

std::string place_text(text::Span span) {
  return format("{}:{}", span.start().line, span.start().column);
}

class TypesCase : public testing::Test {
 public:
  explicit TypesCase(JsonValue described) : case_(std::move(described)) {}
  void TestBody() override {
    const std::string mode = *case_.find("mode")->as_string();
    text::DiagnosticSink sink;
    const auto file =
        syntax::parse_file(text::Source::make("t.alloy", *case_.find("source")->as_string()), sink);
    ASSERT_FALSE(sink.has_errors());
    const syntax::Block* block =
        mode == "file" ? nullptr : file->body.statements.front().block.get();

    const eval::Variables nothing;
    const catalog::FunctionTable library{std::span<const catalog::FunctionDef* const>()};
    const catalog::CallContext world;
    eval::Evaluator evaluator(nothing, library, world,
                              mode == "static_typecheck" ? eval::Mode::kCheck : eval::Mode::kRun,
                              sink);
    auto body = evaluator.body(block == nullptr ? file->body : block->body);
    const JsonValue& fields = *case_.find("schema")->find("fields");
    decode_typed_maps(fields, body, sink);

    const std::string label = *case_.find("schema")->find("label")->as_string();
    DynamicSchema schemas;
    const std::size_t slot = schemas.make(fields, label);
    schema::DecodeContext context;
    context.name = "the block";
    if (block != nullptr) {
      context.head = block->head();
      context.whole = block->name_span.to(block->close);
      if (label != "ignored" && mode == "block") context.label = block->label;
      context.label_span = block->label_span;
    }
    DynamicStruct out;
    schema::decode(slots()[slot].ops, body, context, &out, sink);
    if (case_.find("error") == nullptr) {
      EXPECT_FALSE(sink.has_errors()) << sink.all().front().message;
      expect_members(slots()[slot].ops.schema(), out);
    } else {
      expect_errors(sink);
    }
  }

 private:
  void expect_members(schema::Schema schema, const DynamicStruct& out) {
    const JsonValue& want = *case_.find("ok");
    if (want.find("typecheck") != nullptr) return;
    const std::string got = value::to_json(schema::encode(schema, &out));
    EXPECT_TRUE(holds(codec::parse_json(got).value(), want)) << got;
  }

  void expect_errors(const text::DiagnosticSink& sink) {
    std::multiset<std::string> got;
    for (const auto& d : sink.all()) got.insert(place_text(d.span));
    EXPECT_FALSE(got.empty());
    if (const JsonValue* all = case_.find("all_errors")) {
      std::multiset<std::string> want;
      for (const JsonValue& error : *all->as_array())
        want.insert(error.as_string()->substr(0, error.as_string()->find(": ")));
      EXPECT_EQ(got, want);
    } else if (const JsonValue* at = case_.find("error_at")) {
      EXPECT_EQ(got.count(*at->as_string()), 1U) << testing::PrintToString(got);
    }
  }

  JsonValue case_;
};

const bool kTypesRegistered = [] {
  std::ifstream in(WEIR_SOURCE_DIR "/../shared/conformance/language/types/cases.jsonl");
  if (!in) std::puts("types corpus: absent, so not tested");
  for (std::string line; std::getline(in, line);) {
    auto parsed = codec::parse_json(line);
    if (!parsed) return false;
    const std::string name = *parsed->find("name")->as_string();
    testing::RegisterTest("TypesCorpus", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [described = *parsed]() -> testing::Test* {
                            return std::make_unique<TypesCase>(described).release();
                          });
  }
  return true;
}();

TEST(TypesCorpus, CanBeRead) {
  EXPECT_TRUE(kTypesRegistered);
}

}  // namespace
}  // namespace weir::check

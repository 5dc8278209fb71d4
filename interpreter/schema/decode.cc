// SPDX-License-Identifier: Apache-2.0
// Bodies into structs: the one way from an evaluated block to arguments, at run time and in the
// checker.
//
// Everything that is wrong is reported, each thing once and at its own place; only validate() waits
// until the rest is well and all values are known, for it may rely on them.

#include "base/format.h"
#include "interpreter/schema/schema.h"
#include "interpreter/syntax/locate.h"
#include "interpreter/value/unknown.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace weir::schema {

using text::DiagnosticCode;
using text::Span;

namespace {

/// A member of the object and what the body gave for it so far.
struct Slot {
  const Field* field;
  void* at;
  const EvaluatedAttribute* attribute = nullptr;  ///< the first of its name
  std::size_t blocks = 0;                         ///< how many of its name the body has
};

struct Outcome {
  bool good = true;      ///< nothing was reported
  bool complete = true;  ///< every value was known
};

class BlockDecoder {
 public:
  BlockDecoder(const BlockOps& ops, const EvaluatedBody& body, const DecodeContext& context,
               void* out, text::DiagnosticSink& sink)
      : ops_(ops), body_(body), context_(context), out_(out), sink_(sink) {
    for (const Member& member : members(ops.schema(), out))
      slots_.push_back({member.field, member.at});
  }

  Outcome run() {
    decode_label();
    for (const EvaluatedAttribute& attribute : body_.attributes) take_attribute(attribute);
    for (const EvaluatedBlock& block : body_.blocks) {
      if (Slot* slot = find_block(block.name)) ++slot->blocks;
    }
    for (const EvaluatedBlock& block : body_.blocks) take_block(block);
    for (const Slot& slot : slots_) check_missing(slot);
    if (outcome_.good && outcome_.complete) validate();
    return outcome_;
  }

 private:
  text::Diagnostic& report(DiagnosticCode code, Span span, std::string message,
                           std::string hint = {}) {
    auto& diagnostic = sink_.add(code, span, std::move(message), std::move(hint));
    if (diagnostic.severity == text::Severity::kError) outcome_.good = false;
    return diagnostic;
  }

  Slot* find(std::string_view name);
  Slot* find_choice(std::string_view name);
  Slot* find_block(std::string_view name);
  [[nodiscard]] std::vector<std::string_view> names(bool blocks) const;
  bool admit(const Slot& slot, Span span, std::string_view what);

  void decode_label();
  void take_attribute(const EvaluatedAttribute& attribute);
  void decode_value(const Slot& slot, const EvaluatedAttribute& attribute);
  void report_failure(const EvaluatedAttribute& attribute, const Decoder::Failure& failure);
  void check_allowed(const Slot& slot, const EvaluatedAttribute& attribute);
  void take_block(const EvaluatedBlock& block);
  void decode_block(const BlockOps& ops, const EvaluatedBlock& block, void* out);
  void decode_choice(const Slot& slot, const EvaluatedBlock& block);
  void decode_map(const Slot& slot, const EvaluatedBlock& block);
  void report_unknown_block(const EvaluatedBlock& block);
  bool check_count(const Slot& slot, const EvaluatedBlock& block);
  void check_missing(const Slot& slot);
  void validate();
  [[nodiscard]] Span place_of(std::string_view field) const;

  const BlockOps& ops_;
  const EvaluatedBody& body_;
  const DecodeContext& context_;
  void* out_;
  text::DiagnosticSink& sink_;
  std::vector<Slot> slots_;
  Outcome outcome_;
};

bool holds_blocks(FieldKind kind) {
  return kind == FieldKind::kBlock || kind == FieldKind::kChoice || kind == FieldKind::kMapBlock;
}

Slot* BlockDecoder::find(std::string_view name) {
  for (Slot& slot : slots_) {
    if (slot.field->name == name && slot.field->kind != FieldKind::kLabel) return &slot;
  }
  return nullptr;
}

/// The choice that "stage.json" belongs to by its prefix.
Slot* BlockDecoder::find_choice(std::string_view name) {
  for (Slot& slot : slots_) {
    const std::string_view prefix = slot.field->name;
    if (slot.field->kind == FieldKind::kChoice && name.size() > prefix.size() &&
        name.starts_with(prefix) && name[prefix.size()] == '.') {
      return &slot;
    }
  }
  return nullptr;
}

/// What a block of that name is given for; it may be no block at all.
Slot* BlockDecoder::find_block(std::string_view name) {
  Slot* choice = find_choice(name);
  return choice != nullptr ? choice : find(name);
}

std::vector<std::string_view> BlockDecoder::names(bool blocks) const {
  std::vector<std::string_view> out;
  for (const Slot& slot : slots_) {
    if (slot.field->kind != FieldKind::kLabel && holds_blocks(slot.field->kind) == blocks)
      out.push_back(slot.field->name);
  }
  return out;
}

/// What holds for a field by its mere use: it may be missing from Weir (then false), too young, or
/// old.
bool BlockDecoder::admit(const Slot& slot, Span span, std::string_view what) {
  const Field& field = *slot.field;
  if (!field.unbuilt_hint.empty()) {
    report(DiagnosticCode::kNotBuiltYet, span,
           format("{} \"{}\" of {} is not built yet", what, field.name, context_.name),
           std::string(field.unbuilt_hint));
    return false;
  }
  if (field.stability < context_.minimum_stability) {
    report(DiagnosticCode::kStability, span,
           format("{} \"{}\" is {}, and this run admits {}", what, field.name,
                  to_string(field.stability), to_string(context_.minimum_stability)),
           format("--stability.level={} admits it", to_string(field.stability)));
  }
  if (field.is_deprecated) {
    report(DiagnosticCode::kDeprecated, span, format("{} \"{}\" is deprecated", what, field.name),
           std::string(field.doc));
  }
  return true;
}

void BlockDecoder::decode_label() {
  const auto slot = std::find_if(slots_.begin(), slots_.end(),
                                 [](const Slot& s) { return s.field->kind == FieldKind::kLabel; });
  if (slot == slots_.end()) {
    if (!context_.label.empty()) {
      report(DiagnosticCode::kUnexpectedLabel, context_.head,
             format("{} takes no label", context_.name), "remove the label");
    }
    return;
  }
  if (context_.label.empty()) {
    if (!slot->field->is_required) return;
    report(DiagnosticCode::kMissingLabel, context_.head, format("{} needs a label", context_.name),
           format("write {} \"name\" {{", context_.name));
    return;
  }
  Decoder decoder;
  slot->field->type().decode(value::Value(context_.label), slot->at, decoder);
  for (const auto& failure : decoder.failures()) {
    report(failure.code, context_.label_span, format("the label {}", failure.message),
           failure.hint);
  }
}

void BlockDecoder::take_attribute(const EvaluatedAttribute& attribute) {
  Slot* slot = find(attribute.name);
  if (slot == nullptr) {
    report(DiagnosticCode::kUnknownAttribute, attribute.statement,
           format("unknown attribute \"{}\" in {}", attribute.name, context_.name),
           text::did_you_mean(attribute.name, names(false)));
    return;
  }
  if (holds_blocks(slot->field->kind)) {
    report(DiagnosticCode::kBlockNotAttribute, attribute.statement,
           format("\"{}\" is a block, but is written as an attribute", attribute.name),
           format("write {} {{ ... }}", attribute.name));
    return;
  }
  if (slot->attribute != nullptr) {
    auto& diagnostic =
        report(DiagnosticCode::kDuplicateAttribute, attribute.statement,
               format("attribute \"{}\" is given twice", attribute.name), "keep one of them");
    diagnostic.note(slot->attribute->statement, "first given here");
    return;
  }
  slot->attribute = &attribute;
  if (admit(*slot, attribute.name_span, "attribute")) decode_value(*slot, attribute);
}

void BlockDecoder::decode_value(const Slot& slot, const EvaluatedAttribute& attribute) {
  if (attribute.failed) {
    outcome_ = {false, false};
    return;
  }
  Decoder decoder;
  const TypeOps& type = slot.field->type();
  type.decode(attribute.value ? *attribute.value : value::unknown(attribute.type), slot.at,
              decoder);
  for (const auto& failure : decoder.failures()) report_failure(attribute, failure);
  if (!decoder.complete()) outcome_.complete = false;
  if (decoder.failures().empty() && decoder.complete()) check_allowed(slot, attribute);
}

void BlockDecoder::report_failure(const EvaluatedAttribute& attribute,
                                  const Decoder::Failure& failure) {
  const Span span = attribute.expression == nullptr
                        ? attribute.statement
                        : syntax::locate(*attribute.expression, failure.path).node->span;
  report(failure.code, span,
         format("{}{} {}", attribute.name, print(failure.path), failure.message), failure.hint);
}

/// Holds one_of() against a text or each text of a list.
void BlockDecoder::check_allowed(const Slot& slot, const EvaluatedAttribute& attribute) {
  std::vector<std::string_view> allowed;
  for (const std::string_view text : slot.field->allowed) {
    if (text.data() != nullptr) allowed.push_back(text);
  }
  if (allowed.empty()) return;
  const auto check = [&](const value::Value& value, Path path) {
    if (value.kind() != value::Kind::kString ||
        std::count(allowed.begin(), allowed.end(), value.as_string()) != 0)
      return;
    std::string hint = text::did_you_mean(value.as_string(), allowed);
    if (hint.empty()) hint = format("one of \"{}\"", fmt::join(allowed, "\", \""));
    report_failure(attribute, {DiagnosticCode::kBadValue, std::move(path),
                               format("may not be \"{}\"", value.as_string()), std::move(hint)});
  };
  const value::Value value = slot.field->type().encode(slot.at);
  if (value.kind() != value::Kind::kArray) return check(value, {});
  for (std::size_t i = 0; i < value.as_array().size(); ++i) check(value.as_array()[i], {i});
}

void BlockDecoder::take_block(const EvaluatedBlock& block) {
  Slot* slot = find_block(block.name);
  if (slot == nullptr) return report_unknown_block(block);
  if (slot->field->kind == FieldKind::kChoice) return decode_choice(*slot, block);
  if (!holds_blocks(slot->field->kind)) {
    report(DiagnosticCode::kBlockNotAttribute, block.whole,
           format("\"{}\" is an attribute, but is written as a block", block.name),
           format("write {} = ...", block.name));
    return;
  }
  if (!check_count(*slot, block) || !admit(*slot, block.name_span, "block")) return;
  if (slot->field->kind == FieldKind::kMapBlock) return decode_map(*slot, block);
  const BlockMember& member = *slot->field->block();
  decode_block(member.ops(), block, member.add(slot->at));
}

/// Whether there are as many blocks of this name as there may be. If not, each of them is told.
bool BlockDecoder::check_count(const Slot& slot, const EvaluatedBlock& block) {
  const Field& field = *slot.field;
  const bool single = field.kind == FieldKind::kMapBlock || !field.block()->repeated;
  const std::size_t wanted = single ? 1 : field.exact_count;
  if (wanted == 0 || slot.blocks == wanted) return true;
  const std::string allowed =
      single ? "may be given once" : format("must be given {} times", wanted);
  report(DiagnosticCode::kDuplicateBlock, block.whole,
         format("block \"{}\" {}, but is given {} times", field.name, allowed, slot.blocks));
  return false;
}

void BlockDecoder::decode_block(const BlockOps& ops, const EvaluatedBlock& block, void* out) {
  const DecodeContext context = {block.name,  block.head,       block.whole,
                                 block.label, block.label_span, context_.minimum_stability};
  const Outcome inner = BlockDecoder(ops, block.body, context, out, sink_).run();
  outcome_.good = outcome_.good && inner.good;
  outcome_.complete = outcome_.complete && inner.complete;
}

void BlockDecoder::decode_choice(const Slot& slot, const EvaluatedBlock& block) {
  if (block.name == slot.field->name) return report_unknown_block(block);
  const std::string_view alternative =
      std::string_view(block.name).substr(slot.field->name.size() + 1);
  const auto choices = slot.field->choices();
  const auto choice = std::find_if(choices.begin(), choices.end(),
                                   [&](const Choice& c) { return c.name == alternative; });
  if (choice == choices.end()) return report_unknown_block(block);
  if (choice->ops == nullptr) {
    report(DiagnosticCode::kNotBuiltYet, block.name_span, format("{} is not built yet", block.name),
           std::string(choice->doc));
    return;
  }
  if (choice->stability < context_.minimum_stability) {
    report(DiagnosticCode::kStability, block.name_span,
           format("{} is {}, and this run admits {}", block.name, to_string(choice->stability),
                  to_string(context_.minimum_stability)),
           format("--stability.level={} admits it", to_string(choice->stability)));
  }
  Chosen chosen{&*choice, choice->ops().make()};
  decode_block(choice->ops(), block, chosen.args.get());
  static_cast<std::vector<Chosen>*>(slot.at)->push_back(std::move(chosen));
}

void BlockDecoder::decode_map(const Slot& slot, const EvaluatedBlock& block) {
  auto& out = *static_cast<std::map<std::string, value::Value>*>(slot.at);
  if (!block.label.empty()) {
    report(DiagnosticCode::kUnexpectedLabel, block.head, format("{} takes no label", block.name),
           "remove the label");
  }
  for (const EvaluatedBlock& nested : block.body.blocks) {
    report(DiagnosticCode::kMisplacedBlock, nested.head,
           format("{} holds attributes only, no blocks", block.name));
  }
  std::map<std::string_view, Span> seen;
  for (const EvaluatedAttribute& attribute : block.body.attributes) {
    const auto [first, fresh] = seen.emplace(attribute.name, attribute.statement);
    if (!fresh) {
      auto& diagnostic =
          report(DiagnosticCode::kDuplicateAttribute, attribute.statement,
                 format("attribute \"{}\" is given twice", attribute.name), "keep one of them");
      diagnostic.note(first->second, "first given here");
    }
    if (attribute.failed) outcome_.good = false;
    if (attribute.failed || !attribute.value || value::has_unknown(*attribute.value))
      outcome_.complete = false;
    out[attribute.name] = attribute.value.value_or(value::Value());
  }
}

void BlockDecoder::report_unknown_block(const EvaluatedBlock& block) {
  std::vector<std::string> alternatives;
  for (const Slot& slot : slots_) {
    if (slot.field->kind != FieldKind::kChoice) continue;
    for (const Choice& choice : slot.field->choices())
      alternatives.push_back(format("{}.{}", slot.field->name, choice.name));
  }
  std::vector<std::string_view> known = names(true);
  known.insert(known.end(), alternatives.begin(), alternatives.end());
  report(DiagnosticCode::kUnknownBlock, block.whole,
         format("unknown block \"{}\" in {}", block.name, context_.name),
         text::did_you_mean(block.name, known));
}

void BlockDecoder::check_missing(const Slot& slot) {
  const Field& field = *slot.field;
  if (!field.is_required || slot.attribute != nullptr) return;
  if (holds_blocks(field.kind) && slot.blocks != 0) return;
  if (field.kind == FieldKind::kAttribute) {
    report(DiagnosticCode::kMissingAttribute, context_.whole,
           format("{} lacks the required attribute \"{}\"", context_.name, field.name),
           std::string(field.doc));
  } else if (holds_blocks(field.kind)) {
    report(DiagnosticCode::kMissingBlock, context_.whole,
           format("{} lacks the required block \"{}\"", context_.name, field.name),
           std::string(field.doc));
  }
}

/// The rules of the object and of the groups inlined into it.
void collect_problems(const BlockOps& ops, void* object, Problems& problems) {
  for (const Field& field : ops.schema().fields()) {
    if (field.kind == FieldKind::kInline)
      collect_problems(field.inlined(), field.at(object), problems);
  }
  if (ops.validate != nullptr) ops.validate(object, problems);
}

void BlockDecoder::validate() {
  Problems problems;
  collect_problems(ops_, out_, problems);
  for (const auto& problem : problems.all())
    report(problem.code, place_of(problem.field), problem.message, problem.hint);
}

Span BlockDecoder::place_of(std::string_view field) const {
  for (const EvaluatedAttribute& attribute : body_.attributes) {
    if (attribute.name == field)
      return attribute.expression == nullptr ? attribute.statement : attribute.expression->span;
  }
  for (const EvaluatedBlock& block : body_.blocks) {
    if (block.name == field) return block.head;
  }
  return context_.head;
}

}  // namespace

bool decode(const BlockOps& ops, const EvaluatedBody& body, const DecodeContext& context, void* out,
            text::DiagnosticSink& sink) {
  return BlockDecoder(ops, body, context, out, sink).run().good;
}

}  // namespace weir::schema

// SPDX-License-Identifier: Apache-2.0
#include "interpreter/check/checker.h"

#include "base/format.h"
#include "interpreter/check/scope.h"
#include "interpreter/syntax/locate.h"
#include "interpreter/value/unknown.h"

#include <utility>

namespace weir::check {

using catalog::LanguageBlock;
using text::DiagnosticCode;
using value::Type;
using value::Value;

namespace {

/// On-demand checks inside each other stop here; beyond, exports are not known.
constexpr int kMaxDepth = 100;

Type attribute_type(const schema::EvaluatedAttribute& attribute) {
  return attribute.value ? Type::of(*attribute.value) : attribute.type;
}

const schema::EvaluatedAttribute* find_attribute(const schema::EvaluatedBody& body,
                                                 std::string_view name) {
  for (const auto& attribute : body.attributes) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

}  // namespace

void Checker::check_module(Module& module) {
  if (module.state != Module::State::kFresh) return;
  module.state = Module::State::kChecking;
  for (const auto& node : module.nodes) {
    if (node->def != nullptr && node->def->exports_by != nullptr) check_node(*node);
  }
  module.scope.reset();  // whoever looks from now on sees what those export
  for (const auto& node : module.nodes) check_node(*node);
  for (const auto& node : module.nodes) {
    const auto* fallback =
        node->kind == NodeKind::kArgument ? find_attribute(node->body, "default") : nullptr;
    if (fallback != nullptr) check_against_uses(*fallback, *node);
  }
  module.state = Module::State::kChecked;
}

void Checker::check_node(Node& node) {
  if (std::exchange(node.checked, true)) return;
  switch (node.kind) {
    case NodeKind::kComponent:
    case NodeKind::kService: return check_component(node);
    case NodeKind::kCustom: return check_custom(node);
    case NodeKind::kOpaque: return evaluate(node, {});
    case NodeKind::kDeclare: return check_module(*node.inner);
    case NodeKind::kForeach: return check_foreach(node);
    case NodeKind::kArgument:
    case NodeKind::kExport: return check_language_block(node);
    case NodeKind::kImport:
      check_language_block(node);
      import_module(node);
      return;
  }
}

bool Checker::decode(Node& node, const schema::BlockOps& ops, void* out, std::string_view label) {
  const schema::DecodeContext context = {
      node.name, node.block->name_span,  node.whole(),
      label,     node.block->label_span, options_.minimum_stability};
  return schema::decode(ops, node.body, context, out, sink_);
}

void Checker::check_component(Node& node) {
  const schema::BlockOps& ops = node.def->args();
  evaluate(node, ops.schema());
  const std::shared_ptr<void> args = ops.make();
  const bool singleton = node.kind == NodeKind::kService;
  node.good = decode(node, ops, args.get(),
                     singleton ? std::string_view(node.block->label) : std::string_view());
  if (node.good && node.def->exports_by != nullptr) node.exports = node.def->exports_by(args.get());
  if (!node.good || node.def->lint == nullptr) return;
  catalog::Lint lint(node.body, node.head());
  node.def->lint(args.get(), lint);
  node.statements = lint.statements();
}

void Checker::check_language_block(Node& node) {
  const schema::BlockOps& ops = node.language->args();
  evaluate(node, ops.schema());
  const std::shared_ptr<void> args = ops.make();
  node.good = decode(node, ops, args.get(), node.block->label);
  if (node.kind == NodeKind::kArgument) {
    node.optional = static_cast<const catalog::ArgumentBlock*>(args.get())->optional;
  } else if (const auto* value = find_attribute(node.body, "value");
             node.kind == NodeKind::kExport && value != nullptr) {
    node.exports = attribute_type(*value);
  }
}

void Checker::check_foreach(Node& node) {
  const schema::BlockOps& ops = node.language->args();
  evaluate(node, ops.schema(), "template");
  const std::shared_ptr<void> args = ops.make();
  decode(node, ops, args.get(), node.block->label);
  if (!node.inner) return;
  node.inner->variable = static_cast<const catalog::ForeachBlock*>(args.get())->var;
  if (const auto* collection = find_attribute(node.body, "collection")) {
    const Type type = attribute_type(*collection);
    // Of an empty list the items could be anything.
    const bool has_items =
        type.tag() == Type::Tag::kList && type.element().tag() != Type::Tag::kNull;
    if (has_items) node.inner->variable_type = type.element();
  }
  check_module(*node.inner);
}

void Checker::check_custom(Node& node) {
  evaluate(node, {});
  for (const auto& block : node.body.blocks) {
    sink_.add(DiagnosticCode::kMisplacedBlock, block.head,
              format("{} takes arguments only, no blocks", node.name));
  }
  if (!find_declare(node)) return;
  node.declare->used = true;
  add_need(node, node.import != nullptr ? *node.import : *node.declare, node.block->name_span);
  if (check_declare(*node.declare)) check_arguments(node);
}

/// What a custom component is made from; false if that is not known, or was reported.
bool Checker::find_declare(Node& node) {
  if (node.declare != nullptr) return true;
  if (node.import == nullptr || std::exchange(node.looked_at, true)) return false;
  return find_imported_declare(node);
}

/// False if it lies too deep to be looked at now.
bool Checker::check_declare(Node& declare) {
  if (depth_ >= kMaxDepth) return false;
  ++depth_;
  check_module(*declare.inner);
  --depth_;
  return true;
}

void Checker::check_arguments(Node& node) {
  const Module& module = *node.declare->inner;
  std::vector<std::string_view> known;
  for (const auto& inner : module.nodes) {
    if (inner->kind == NodeKind::kArgument) known.push_back(inner->block->label);
  }
  std::map<std::string_view, const schema::EvaluatedAttribute*> given;
  for (const auto& attribute : node.body.attributes) {
    const auto [first, fresh] = given.emplace(attribute.name, &attribute);
    if (!fresh) {
      auto& diagnostic = sink_.add(DiagnosticCode::kDuplicateAttribute, attribute.statement,
                                   format("argument \"{}\" is given twice", attribute.name));
      diagnostic.note(first->second->statement, "first given here");
    }
    const auto argument = module.by_id.find("argument." + attribute.name);
    if (argument == module.by_id.end()) {
      sink_.add(DiagnosticCode::kUnknownArgument, attribute.statement,
                format("{} declares no argument \"{}\"", node.name, attribute.name),
                text::did_you_mean(attribute.name, known));
    } else {
      check_against_uses(attribute, *argument->second);
    }
  }
  for (const auto& inner : module.nodes) {
    if (inner->kind != NodeKind::kArgument || inner->optional ||
        given.count(inner->block->label) != 0)
      continue;
    auto& diagnostic =
        sink_.add(DiagnosticCode::kMissingArgument, node.whole(),
                  format("{} lacks the argument \"{}\"", node.name, inner->block->label));
    diagnostic.note(inner->head(), "declared here");
  }
}

/// Holds what is given for an argument against the places that take it as it is; the first that
/// does not speaks for all.
void Checker::check_against_uses(const schema::EvaluatedAttribute& given, const Node& argument) {
  if (given.failed) return;
  const Value value = given.value ? *given.value : value::unknown(given.type);
  for (const ArgumentUse& use : argument.uses) {
    schema::Decoder decoder;
    use.type->judge(use.as_element ? Value(value::Array{value}) : value, decoder);
    if (decoder.failures().empty()) continue;
    for (const auto& failure : decoder.failures()) {
      const schema::Path path(
          failure.path.begin() + (use.as_element && !failure.path.empty() ? 1 : 0),
          failure.path.end());
      sink_
          .add(failure.code, syntax::locate(*given.expression, path).node->span,
               format("{}{} {}", given.name, schema::print(path), failure.message), failure.hint)
          .note(use.span, "needed here");
    }
    return;
  }
}

Type Checker::exports_of(Node& node) {
  if (node.kind == NodeKind::kComponent || node.kind == NodeKind::kService) {
    if (node.good && node.def->exports_by != nullptr) return node.exports;
    return node.def->exports == nullptr ? Type::object({}) : schema::type_of(node.def->exports());
  }
  if (node.kind == NodeKind::kArgument) return Type::object({{"value", Type::any()}});
  if (node.kind != NodeKind::kCustom) return Type::any();
  // By what it is made from alone: a use may refer to the next, and that without end.
  if (!find_declare(node) || !check_declare(*node.declare) ||
      node.declare->inner->state != Module::State::kChecked)
    return Type::any();
  std::vector<std::pair<std::string, Type>> members;
  for (const auto& inner : node.declare->inner->nodes) {
    if (inner->kind == NodeKind::kExport) members.emplace_back(inner->block->label, inner->exports);
  }
  return Type::object(std::move(members));
}

eval::Scope& Checker::scope_of(Module& module) {
  if (!module.scope)
    module.scope =
        std::make_unique<ModuleScope>(module, [this](Node& node) { return exports_of(node); });
  return *module.scope;
}

}  // namespace weir::check

// SPDX-License-Identifier: Apache-2.0
#include "interpreter/check/warnings.h"

#include "base/format.h"
#include "interpreter/check/flow.h"

#include <algorithm>
#include <set>
#include <unordered_set>

namespace weir::check {

using catalog::Lint;
using text::DiagnosticCode;
using value::Type;

namespace {

/// What a component's arguments say about whom it sends to.
struct Outputs {
  bool declared = false;   ///< its schema takes receivers somewhere
  bool connected = false;  ///< some are given, or it is not known whether
  const schema::EvaluatedAttribute* empty = nullptr;  ///< an attribute that was given none
};

bool schema_takes_receivers(schema::Schema schema, int depth) {
  return depth < 8 &&
         std::any_of(schema.fields().begin(), schema.fields().end(),
                     [&](const schema::Field& field) {
                       switch (field.kind) {
                         case schema::FieldKind::kAttribute:
                           return carries_receivers(field.type().type());
                         case schema::FieldKind::kBlock:
                           return schema_takes_receivers(field.block()->ops().schema(), depth + 1);
                         case schema::FieldKind::kInline:
                           return schema_takes_receivers(field.inlined().schema(), depth + 1);
                         default: return false;
                       }
                     });
}

void read_outputs(schema::Schema schema, const schema::EvaluatedBody& body, Outputs& out) {
  for (const schema::Field& field : schema.fields()) {
    if (field.kind == schema::FieldKind::kInline) read_outputs(field.inlined().schema(), body, out);
    if (field.kind == schema::FieldKind::kBlock) {
      for (const auto& block : body.blocks) {
        if (block.name == field.name) read_outputs(field.block()->ops().schema(), block.body, out);
      }
    }
    if (field.kind != schema::FieldKind::kAttribute || !carries_receivers(field.type().type()))
      continue;
    for (const auto& attribute : body.attributes) {
      if (attribute.name != field.name) continue;
      const bool none =
          attribute.value &&
          (attribute.value->is_null() ||
           (attribute.value->kind() == value::Kind::kArray && attribute.value->as_array().empty()));
      out.connected = out.connected || !none;
      if (none && out.empty == nullptr) out.empty = &attribute;
    }
  }
}

class Warner {
 public:
  Warner(Module& root, text::DiagnosticSink& sink) : sink_(sink), flow_(root) {
    for_each_module(root, [this](Module& module) {
      for (const auto& node : module.nodes) {
        nodes_.push_back(node.get());
        for (const Reference& reference : node->references) {
          if (!carries_receivers(reference.type)) read_.insert(reference.target);
        }
      }
    });
  }

  void run() {
    for (const Node* node : nodes_) {
      if (node->kind == NodeKind::kComponent && node->good) check_connections(*node);
      if (node->kind == NodeKind::kArgument && node->module->kind == ModuleKind::kDeclare &&
          !node->used) {
        sink_.add(DiagnosticCode::kUnusedArgument, node->head(),
                  format("nothing reads argument.{}.value", node->block->label));
      }
      if (node->kind == NodeKind::kDeclare && !node->used) {
        sink_.add(DiagnosticCode::kUnusedDeclare, node->head(),
                  format("nothing uses the component {}", node->block->label));
      }
    }
    report_statements();
  }

 private:
  void check_connections(const Node& node) {
    const Type exports = exports_of(node);
    const bool takes = takes_data(node);
    if (takes && !node.used) {
      sink_.add(DiagnosticCode::kNothingFeeds, node.head(), format("nothing sends to {}", node.id),
                format("hand its receiver to a component that sends: {}.{}", node.id,
                       receiver_of(exports)));
    }
    Outputs outputs;
    outputs.declared = schema_takes_receivers(node.def->args().schema(), 0);
    read_outputs(node.def->args().schema(), node.body, outputs);
    const bool useful = outputs.connected || read_.count(&node) != 0;
    if (outputs.declared && !useful) {
      const text::Span span =
          outputs.empty == nullptr ? node.head() : outputs.empty->expression->span;
      sink_.add(DiagnosticCode::kFeedsNothing, span,
                format("what {} takes in goes nowhere", node.id));
    } else if (!outputs.declared && !takes && !exports.members().empty() && !node.used) {
      sink_.add(DiagnosticCode::kFeedsNothing, node.head(),
                format("nothing uses what {} exports", node.id));
    }
  }

  static std::string_view receiver_of(const Type& exports) {
    for (const auto& [name, type] : exports.members()) {
      if (carries_receivers(type)) return name;
    }
    return {};
  }

  void report_statements() {
    std::set<DiagnosticCode> owed;
    std::set<DiagnosticCode> wanted;
    for (const Node* node : nodes_) {
      for (const Lint::Statement& statement : node->statements) {
        if (statement.claim == Lint::Claim::kWarn) report(statement);
        if (statement.claim == Lint::Claim::kOwes) owed.insert(statement.code);
        if (statement.claim == Lint::Claim::kWants) wanted.insert(statement.code);
      }
    }
    for (const DiagnosticCode code : owed)
      follow_data(code, Lint::Claim::kOwes, Lint::Claim::kSettles, false);
    for (const DiagnosticCode code : wanted)
      follow_data(code, Lint::Claim::kWants, Lint::Claim::kGives, true);
  }

  /// Reports each claim of a code from which data goes to an end (or came from a beginning) that
  /// nobody answers.
  void follow_data(DiagnosticCode code, Lint::Claim claim, Lint::Claim answer, bool upstream) {
    const auto reaching =
        flow_.reaching_end([&](const Node& node) { return answers(node, code, answer); }, upstream);
    for (const Flow::Place& place : flow_.places()) {
      const auto& neighbours = upstream ? flow_.into(place) : flow_.from(place);
      const bool unanswered =
          std::any_of(neighbours.begin(), neighbours.end(),
                      [&](const Flow::Place& next) { return reaching.count(next) != 0; });
      if (!unanswered) continue;
      for (const Lint::Statement& statement : place.node->statements) {
        if (statement.code == code && statement.claim == claim && told_.insert(&statement).second)
          report(statement);
      }
    }
  }

  static bool answers(const Node& node, DiagnosticCode code, Lint::Claim answer) {
    if (node.kind != NodeKind::kComponent || !node.good) return true;  // its nature is not known
    if (answer == Lint::Claim::kSettles && is_source(node) &&
        !states(node, code, Lint::Claim::kPasses))
      return true;  // what it sends is not what its targets speak of
    return states(node, code, answer);
  }

  static bool states(const Node& node, DiagnosticCode code, Lint::Claim claim) {
    return std::any_of(
        node.statements.begin(), node.statements.end(),
        [&](const Lint::Statement& s) { return s.code == code && s.claim == claim; });
  }

  /// Sends data, and takes none.
  static bool is_source(const Node& node) {
    return schema_takes_receivers(node.def->args().schema(), 0) && !takes_data(node);
  }

  static Type exports_of(const Node& node) {
    return node.def->exports == nullptr ? Type::object({}) : schema::type_of(node.def->exports());
  }

  void report(const Lint::Statement& statement) {
    sink_.add(statement.code, statement.span, statement.message, statement.hint);
  }

  text::DiagnosticSink& sink_;
  const Flow flow_;
  std::vector<const Node*> nodes_;
  std::unordered_set<const Node*> read_;  // something that is no receiver is taken from them
  std::set<const Lint::Statement*> told_;
};

}  // namespace

void warn(Module& root, text::DiagnosticSink& sink) {
  Warner(root, sink).run();
}

}  // namespace weir::check

// SPDX-License-Identifier: Apache-2.0
#include "interpreter/check/warnings.h"

#include "base/format.h"
#include "interpreter/check/flow.h"

#include <algorithm>
#include <map>
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

/// In no more places than these are the arguments of modules looked through.
constexpr std::size_t kMaxGiven = 1000;

class Warner {
 public:
  Warner(Module& root, Checker& checker, const Options& options, text::DiagnosticSink& sink)
      : root_(root), options_(options), sink_(sink), flow_(root) {
    for_each_module(root, [this](Module& module) {
      for (const auto& node : module.nodes) {
        nodes_.push_back(node.get());
        for (const Reference& reference : node->references) {
          if (!carries_receivers(reference.type)) read_.insert(reference.target);
        }
      }
    });
    std::size_t looks = kMaxGiven;
    for (const Flow::Place& place : flow_.places()) {
      const Node* custom = flow_.custom_of(place);
      if (custom == nullptr || looks == 0) continue;
      auto said = checker.lint_given(*place.node, *custom);
      if (!said) continue;
      --looks;
      given_.emplace(place, *std::move(said));
    }
  }

  void run() {
    // A text of declares and imports alone is a module for others.
    const bool library = std::all_of(root_.nodes.begin(), root_.nodes.end(), [](const auto& node) {
      return node->kind == NodeKind::kDeclare || node->kind == NodeKind::kImport;
    });
    for (const Node* node : nodes_) {
      if (node->kind == NodeKind::kComponent && node->good) check_connections(*node);
      if (node->kind == NodeKind::kArgument && node->module->kind == ModuleKind::kDeclare &&
          !node->used) {
        sink_.add(DiagnosticCode::kUnusedArgument, node->head(),
                  format("nothing reads argument.{}.value", node->block->label));
      }
      if (node->kind == NodeKind::kDeclare && !node->used && !(library && node->module == &root_)) {
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
    const bool useful = outputs.connected || read_.count(&node) != 0 ||
                        states({&node}, DiagnosticCode::kFeedsNothing, Lint::Claim::kSettles);
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
    const auto take = [&](const Lint::Statement& statement, const Flow::Place& place) {
      if (statement.claim == Lint::Claim::kWarn) report(statement, place);
      if (statement.claim == Lint::Claim::kReads) look_at(statement);
      if (statement.claim == Lint::Claim::kOwes) owed.insert(statement.code);
      if (statement.claim == Lint::Claim::kWants && statement.name.empty())
        wanted.insert(statement.code);
    };
    for (const Node* node : nodes_) {
      for (const Lint::Statement& statement : node->statements) take(statement, {node});
    }
    for (const auto& [place, statements] : given_) {
      for (const Lint::Statement& statement : statements) take(statement, place);
    }
    for (const DiagnosticCode code : owed)
      follow_data(code, Lint::Claim::kOwes, Lint::Claim::kSettles, false);
    for (const DiagnosticCode code : wanted)
      follow_data(code, Lint::Claim::kWants, Lint::Claim::kGives, true);
    report_missing_names();
  }

  /// Reports each want of a name that nothing upstream gives, in none of the uses of its module.
  void report_missing_names() {
    std::set<const Lint::Statement*> given;
    std::vector<std::pair<const Lint::Statement*, Flow::Place>> wanted;
    for (const Flow::Place& place : flow_.places()) {
      for (const Lint::Statement& statement : statements_of(place)) {
        if (statement.claim != Lint::Claim::kWants || statement.name.empty()) continue;
        wanted.emplace_back(&statement, place);
        if (is_given(place, statement)) given.insert(&statement);
      }
    }
    for (const auto& [statement, place] : wanted) {
      if (given.count(statement) == 0 && told_.insert(statement).second) report(*statement, place);
    }
  }

  /// Whether a place upstream gives the name, or might.
  bool is_given(const Flow::Place& from, const Lint::Statement& want) {
    if (!flow_.is_used(from) || flow_.into(from).empty()) return true;
    std::set<Flow::Place> seen;
    std::vector<Flow::Place> open = {from};
    while (!open.empty()) {
      const Flow::Place place = open.back();
      open.pop_back();
      for (const Flow::Place& before : flow_.into(place)) {
        if (name_steps_ == 0) return true;
        --name_steps_;
        if (!seen.insert(before).second) continue;
        if (may_give(before, want)) return true;
        open.push_back(before);
      }
    }
    return false;
  }

  bool may_give(const Flow::Place& place, const Lint::Statement& want) {
    const Node& node = *place.node;
    if (node.kind != NodeKind::kComponent || !node.good ||
        !states(place, want.code, Lint::Claim::kPasses))
      return true;  // its nature is not known
    const auto& statements = statements_of(place);
    name_steps_ -= std::min(name_steps_, statements.size());
    bool gives_names = false;
    for (const Lint::Statement& statement : statements) {
      if (statement.code != want.code || statement.claim != Lint::Claim::kGives) continue;
      if (statement.name.empty() || statement.name == want.name) return true;
      gives_names = true;
    }
    // Data must begin somewhere: with what feeds this nobody knows what it is given.
    return flow_.into(place).empty() && (takes_data(node) || !gives_names);
  }

  /// Reports each claim of a code from which data goes to an end (or came from a beginning) that
  /// nobody answers.
  void follow_data(DiagnosticCode code, Lint::Claim claim, Lint::Claim answer, bool upstream) {
    const auto reaching = flow_.reaching_end(
        [&](const Flow::Place& at) { return answers(at, code, answer); }, upstream);
    for (const Flow::Place& place : flow_.places()) {
      const auto& neighbours = upstream ? flow_.into(place) : flow_.from(place);
      const bool unanswered =
          std::any_of(neighbours.begin(), neighbours.end(),
                      [&](const Flow::Place& next) { return reaching.count(next) != 0; });
      if (!unanswered) continue;
      for (const Lint::Statement& statement : statements_of(place)) {
        if (statement.code == code && statement.claim == claim && told_.insert(&statement).second)
          report(statement, place);
      }
    }
  }

  bool answers(const Flow::Place& place, DiagnosticCode code, Lint::Claim answer) const {
    const Node& node = *place.node;
    if (node.kind != NodeKind::kComponent || !node.good) return true;  // its nature is not known
    if (answer == Lint::Claim::kSettles && is_source(node) &&
        !states(place, code, Lint::Claim::kPasses))
      return true;  // what it sends is not what its targets speak of
    return states(place, code, answer);
  }

  /// What the place's node says of itself, in this use of its module.
  [[nodiscard]] const std::vector<Lint::Statement>& statements_of(const Flow::Place& place) const {
    const auto given = given_.find(place);
    return given == given_.end() ? place.node->statements : given->second;
  }

  bool states(const Flow::Place& place, DiagnosticCode code, Lint::Claim claim) const {
    const auto& all = statements_of(place);
    return std::any_of(all.begin(), all.end(), [&](const Lint::Statement& s) {
      return s.code == code && s.claim == claim;
    });
  }

  /// Sends data, and takes none.
  static bool is_source(const Node& node) {
    return schema_takes_receivers(node.def->args().schema(), 0) && !takes_data(node);
  }

  static Type exports_of(const Node& node) {
    return node.def->exports == nullptr ? Type::object({}) : schema::type_of(node.def->exports());
  }

  void report(const Lint::Statement& statement, const Flow::Place& place) {
    auto& told = sink_.add(statement.code, statement.span, statement.message, statement.hint);
    if (given_.count(place) != 0)
      told.note(flow_.custom_of(place)->head(), "what the module is given here");
  }

  void look_at(const Lint::Statement& file) {
    if (!options_.can_read) return;
    if (const Status there = options_.can_read(file.message); !there)
      sink_.add(file.code, file.span, there.error().message,
                "it has to be readable where this runs");
  }

  const Module& root_;
  const Options& options_;
  text::DiagnosticSink& sink_;
  const Flow flow_;
  std::vector<const Node*> nodes_;
  std::unordered_set<const Node*> read_;  // something that is no receiver is taken from them
  std::set<const Lint::Statement*> told_;
  std::map<Flow::Place, std::vector<Lint::Statement>> given_;  // of what depends on arguments
  std::size_t name_steps_ = 1'000'000;  // what looking for names may still cost
};

}  // namespace

void warn(Module& root, Checker& checker, const Options& options, text::DiagnosticSink& sink) {
  Warner(root, checker, options, sink).run();
  sink.drop_repeats();  // of uses of one module
}

}  // namespace weir::check

// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/node.h"

#include "base/format.h"
#include "interpreter/graph/module.h"
#include "interpreter/graph/scope.h"
#include "interpreter/value/unknown.h"

#include <algorithm>
#include <utility>

namespace weir::graph {
namespace {

bool keeps_instance(const BlockOutline& now, const Node* before) {
  if (before == nullptr || before->instance() == nullptr) return false;
  const BlockOutline& old = before->outline();
  return old.kind == now.kind && old.def == now.def && old.name == now.name &&
         !before->instance()->has_exited();
}

bool has_instance(NodeKind kind) {
  return kind != NodeKind::kDeclare && kind != NodeKind::kArgument && kind != NodeKind::kExport;
}

std::string_view noun_of(NodeKind kind) {
  if (kind == NodeKind::kForeach) return "foreach";
  return kind == NodeKind::kImport ? "import" : "component";
}

/// The errors, one after the other; of many the first.
std::string errors_of(const text::DiagnosticSink& sink) {
  constexpr std::size_t kMost = 5;
  std::string out;
  std::size_t told = 0;
  for (const text::Diagnostic& found : sink.all()) {
    if (found.severity != text::Severity::kError || told == kMost) continue;
    out += (told++ == 0 ? "" : "; ") + text::one_line(found);
  }
  const std::size_t more = sink.error_count() - told;
  return more == 0 ? out : format("{}; and {} more", out, more);
}

bool same_known(const eval::Known& a, const eval::Known& b) {
  return a.complete() && b.complete() && value::same(*a.value, *b.value);
}

}  // namespace

Node::Node(Module& module, BlockOutline outline, Node* before)
    : module_(module),
      outline_(std::move(outline)),
      exports_(eval::Known::of(value::Value(value::Object{}))),
      fails_already_(before != nullptr && before->error_ && outline_.kind != NodeKind::kImport &&
                     before->outline_.whole().text() == outline_.whole().text()) {
  if (!has_instance(outline_.kind)) return;
  if (keeps_instance(outline_, before)) {
    instance_ = before->instance();
    exports_ = before->exports_;  // what it exports until it is evaluated, and if that fails
  } else {
    const ModulePlace& place = module.place();
    instance_ =
        std::make_shared<Instance>(place.environment, place.inbox, Address{place.id, outline_.id},
                                   noun_of(outline_.kind), outline_.def, place.metrics);
  }
  count_waiting(1);
}

Node::~Node() {
  if (stale_) count_waiting(-1);
  if (instance_ != nullptr && instance_->node() == this) instance_->bind(nullptr);
}

void Node::run(Wave& wave) {
  const Clock& clock = module_.place().environment.clock;
  const Duration begun = clock.steady();
  text::DiagnosticSink sink;
  if (stale_ && !wave.rehearsal()) count_waiting(-1);
  evaluate(wave, sink);
  if (!wave.rehearsal()) {
    stale_ = false;
    inner_stale_ = false;
    module_.metrics().observe_evaluation(id(), clock.steady() - begun);
  }
  report(wave, std::move(sink));
  wave.evaluated(*this);
}

void Node::report(Wave& wave, text::DiagnosticSink sink) {
  error_.reset();
  if (sink.has_errors()) {
    error_ = errors_of(sink);
    if (fails_already_ && wave.purpose() != Wave::Purpose::kPropagate) return;
    // Nobody says more of what depends on what failed.
    if (wave.rehearsal()) exports_ = eval::Known::only_type(value::Type::any());
  }
  wave.found(std::move(sink));
}

void Node::settle() {
  if (instance_ == nullptr) return;
  if (kept_ != nullptr) instance_->set_evaluated(kept_);
  if (outline_.def == nullptr && exports_.value) instance_->show_exports(*exports_.value);
  if (error_)
    instance_->evaluation_failed(*error_);
  else
    instance_->evaluated_well(outline_.kind == NodeKind::kImport ? "source" : instance_->noun());
}

void Node::look() {
  if (outline_.def != nullptr) set_exports(eval::Known::of(instance_->exports()));
}

void Node::each_module(const std::function<void(Module&)>&) {}

void Node::rehearse_definition(text::DiagnosticSink&) {}

void Node::mark_stale() {
  if (!stale_) count_waiting(1);
  stale_ = true;
  for (Node* owner = module_.place().owner; owner != nullptr; owner = owner->module_.place().owner)
    owner->inner_stale_ = true;
}

void Node::count_waiting(int more) const {
  if (instance_ != nullptr) module_.metrics().count_waiting(more);
}

void Node::set_exports(eval::Known exports) {
  if (same_known(exports_, exports)) return;
  exports_ = std::move(exports);
  for (Node* dependant : dependants_) dependant->mark_stale();
}

std::shared_ptr<Evaluated> Node::evaluate_body(Wave& wave, text::DiagnosticSink& sink,
                                               std::string_view opaque) {
  auto out = std::make_shared<Evaluated>();
  out->file = outline_.file;
  if (outline_.block == nullptr) return out;
  const Environment& environment = module_.place().environment;
  const NodeScope scope(*this);
  eval::Evaluator evaluator(scope, environment.functions, environment.call_context,
                            wave.rehearsal() ? eval::Mode::kCheck : eval::Mode::kRun, sink);
  for (const syntax::Statement& statement : outline_.block->body.statements) {
    if (statement.attribute) {
      out->body.attributes.push_back(evaluator.attribute(statement));
      continue;
    }
    const syntax::Block& b = *statement.block;
    const std::string name = b.full_name();
    auto body = name == opaque ? schema::EvaluatedBody{} : evaluator.body(b.body);
    out->body.blocks.push_back(
        {name, b.label, std::move(body), b.name_span, b.label_span, b.head(), statement.span});
  }
  return out;
}

std::shared_ptr<void> Node::decode(const schema::BlockOps& ops, const Evaluated& evaluated,
                                   text::DiagnosticSink& sink) const {
  schema::DecodeContext context;
  context.name = outline_.name;
  context.head = outline_.head();
  context.whole = outline_.whole();
  context.minimum_stability = module_.place().environment.minimum_stability;
  const bool labelled = outline_.kind != NodeKind::kComponent;
  if (outline_.block != nullptr && labelled) {
    context.label = outline_.block->label;
    context.label_span = outline_.block->label_span;
  }
  std::shared_ptr<void> out = ops.make();
  return schema::decode(ops, evaluated.body, context, out.get(), sink) ? out : nullptr;
}

bool is_complete(const schema::EvaluatedBody& body) {
  return std::all_of(body.attributes.begin(), body.attributes.end(),
                     [](const auto& attribute) {
                       return attribute.value && !value::has_unknown(*attribute.value);
                     }) &&
         std::all_of(body.blocks.begin(), body.blocks.end(),
                     [](const auto& block) { return is_complete(block.body); });
}

}  // namespace weir::graph

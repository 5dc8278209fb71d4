// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/module.h"

#include "base/format.h"
#include "interpreter/value/unknown.h"

#include <algorithm>
#include <utility>

namespace weir::graph {

Module::Module(ModulePlace place)
    : place_(std::move(place)),
      metrics_(place_.metrics && place_.kind != ModuleKind::kImported ? place_.environment.metrics
                                                                      : MetricRegistry::null(),
               place_.id) {}

Module::~Module() = default;

std::shared_ptr<Module> Module::build(const ModuleText& text, ModulePlace place,
                                      const Module* before, text::DiagnosticSink& sink) {
  if (place.depth > kMaxModuleDepth) {
    sink.add(text::DiagnosticCode::kCycle, place.owner->outline().head(),
             format("modules stand more than {} deep inside each other", kMaxModuleDepth));
    return nullptr;
  }
  auto module = std::make_shared<Module>(std::move(place));
  const ModulePlace& at = module->place_;
  text::DiagnosticSink found;
  Outline parts = graph::outline(text, at.kind, at.outer, at.module_path, at.environment, found);
  module->definitions_ = std::move(parts.definitions);
  if (!found.has_errors()) {
    for (BlockOutline& block : parts.blocks) {
      const std::string id = block.id;
      Node* old = before == nullptr ? nullptr : before->find(id);
      module->nodes_.push_back(make_node(*module, std::move(block), old));
      module->by_id_.emplace(id, module->nodes_.back().get());
    }
    module->order_ = link(*module, found);
  }
  const bool failed = found.has_errors();
  sink.append(std::move(found));
  return failed ? nullptr : module;
}

void Module::run(Wave& wave) {
  const Clock& clock = place_.environment.clock;
  const Duration begun = clock.steady();
  if (!wave.rehearsal()) metrics_.set_evaluating(true);
  for (Node* node : order_) {
    if (!wave.goes_on()) break;
    if (!node->stale() && !node->inner_stale()) continue;
    if (!wave.rehearsal()) metrics_.observe_wait(clock.steady() - begun);
    node->run(wave);
  }
  if (!wave.rehearsal()) metrics_.set_evaluating(false);
}

std::vector<std::string> Module::set_arguments(std::map<std::string, eval::Known> arguments) {
  std::vector<std::string> unknown;
  for (const auto& [name, value] : arguments) {
    if (find("argument." + name) == nullptr) unknown.push_back(name);
  }
  arguments_ = std::move(arguments);
  for (const auto& node : nodes_) {
    if (node->outline().kind == NodeKind::kArgument) node->mark_stale();
  }
  return unknown;
}

const eval::Known* Module::argument(const std::string& name) const {
  const auto at = arguments_.find(name);
  return at == arguments_.end() ? nullptr : &at->second;
}

eval::Known Module::exports() const {
  value::Object out;
  out.ordered = true;
  for (const auto& node : nodes_) {
    if (node->outline().kind != NodeKind::kExport) continue;
    const eval::Known& known = node->exports();
    out.members.emplace_back(node->outline().block->label,
                             known.value ? *known.value : value::unknown(known.type));
  }
  return eval::Known::of(value::Value(std::move(out)));
}

void Module::mark_outward_stale() {
  for (const auto& node : nodes_) {
    const auto& references = node->references();
    const bool outward = std::any_of(references.begin(), references.end(),
                                     [&](const auto& r) { return &r.target->module() != this; });
    if (outward || node->uses_variable()) node->mark_stale();
  }
}

void Module::mark_customs_stale() {
  for (const auto& node : nodes_) {
    if (node->outline().kind == NodeKind::kCustom) node->mark_stale();
    node->each_module([](Module& inner) { inner.mark_customs_stale(); });
  }
}

void Module::rehearse_customs(text::DiagnosticSink& sink) {
  for (const auto& node : nodes_) {
    if (node->outline().kind == NodeKind::kCustom) {
      node->rehearse_definition(sink);
    } else if (node->outline().kind != NodeKind::kImport) {
      node->each_module([&](Module& inner) { inner.rehearse_customs(sink); });
    }
  }
}

Node* Module::find(const std::string& id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : at->second;
}

void each_node(Module& module, const std::function<void(Node&)>& visit) {
  for (Node* node : module.order()) {
    node->each_module([&](Module& inner) { each_node(inner, visit); });
    visit(*node);
  }
}

}  // namespace weir::graph

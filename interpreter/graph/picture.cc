// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/picture.h"

#include "interpreter/graph/module.h"

#include <algorithm>
#include <set>
#include <utility>

namespace weir::graph {
namespace {

bool shows_as_component(const Node& node) {
  switch (node.outline().kind) {
    case NodeKind::kComponent:
    case NodeKind::kCustom:
    case NodeKind::kForeach: return true;
    default: return false;
  }
}

/// Whether data flows into what the reference names.
bool names_receiver(const Reference& reference) {
  const eval::Known& exports = reference.target->exports();
  if (!exports.value) return false;
  const value::Value* at = &*exports.value;
  for (const std::string& name : reference.rest) {
    if (at->kind() != value::Kind::kObject) return false;
    at = at->as_object().find(name);
    if (at == nullptr) return false;
  }
  return at->kind() == value::Kind::kCapsule && at->as_capsule().type->receives;
}

NodeView view_of(Node& node) {
  NodeView out;
  const BlockOutline& outline = node.outline();
  out.kind = outline.kind;
  out.service = outline.kind == NodeKind::kService;
  out.name = outline.name;
  out.label = outline.block == nullptr ? "" : outline.block->label;
  out.local_id = outline.id;
  out.module_id = node.module().place().id;
  out.instance = node.instance();
  node.each_module([&](Module& inner) { out.module_ids.push_back(inner.place().id); });
  return out;
}

void draw_module(Module& module, Picture& picture) {
  std::map<const Node*, std::size_t> place;
  for (const auto& node : module.nodes()) {
    if (node->instance() == nullptr) continue;
    place[node.get()] = picture.nodes.size();
    picture.nodes.push_back(view_of(*node));
    picture.by_id[picture.nodes.back().id()] = place[node.get()];
  }
  for (const auto& node : module.nodes()) {
    if (!shows_as_component(*node)) continue;
    std::set<const Node*> seen;
    for (const Reference& reference : node->references()) {
      const auto at = place.find(reference.target);
      if (at == place.end() || !shows_as_component(*reference.target)) continue;
      NodeView& from = picture.nodes[place[node.get()]];
      NodeView& to = picture.nodes[at->second];
      if (seen.insert(reference.target).second) {
        from.references_to.push_back(to.local_id);
        to.referenced_by.push_back(from.local_id);
      }
      if (names_receiver(reference)) {
        from.data_flows_to.push_back(to.local_id);
      } else {
        to.data_flows_to.push_back(from.local_id);
      }
    }
  }
  for (const auto& node : module.nodes())
    node->each_module([&](Module& inner) { draw_module(inner, picture); });
}

template <class Predicate>
std::vector<const NodeView*> pick(const std::vector<NodeView>& nodes, Predicate wanted) {
  std::vector<const NodeView*> out;
  for (const NodeView& node : nodes) {
    if (wanted(node)) out.push_back(&node);
  }
  return out;
}

std::string body_json(const value::Value& value) {
  return value.kind() == value::Kind::kObject ? schema::to_api_json(value.as_object()) : "[]";
}

}  // namespace

bool NodeView::is_component() const {
  return !service && !is_import();
}

std::string NodeView::id() const {
  return Address{module_id, local_id}.full();
}

std::string NodeView::arguments_json() const {
  if (is_import()) return "[]";  // texts and headers may hold what nobody may see
  const auto evaluated = instance->evaluated();
  if (evaluated == nullptr) return "[]";
  if (const catalog::ComponentDef* def = instance->def()) {
    const schema::BlockOps& ops = def->args();
    const std::shared_ptr<void> args = ops.make();
    const std::shared_ptr<void> defaults = ops.make();
    text::DiagnosticSink sink;
    schema::DecodeContext context;
    context.name = name;
    if (!schema::decode(ops, evaluated->body, context, args.get(), sink)) return "[]";
    return schema::to_api_json(ops.schema(), args.get(), defaults.get());
  }
  value::Object attributes;
  attributes.ordered = true;
  for (const auto& attribute : evaluated->body.attributes) {
    if (attribute.value) attributes.members.emplace_back(attribute.name, *attribute.value);
  }
  return schema::to_api_json(attributes);
}

std::string NodeView::exports_json() const {
  return body_json(instance->exports());
}

std::string NodeView::debug_info_json() const {
  const auto component = instance->component();
  return component == nullptr ? "[]" : body_json(component->debug_info());
}

const NodeView* Picture::find(std::string_view id) const {
  const auto at = by_id.find(id);
  return at == by_id.end() ? nullptr : &nodes[at->second];
}

std::vector<const NodeView*> Picture::components(std::string_view module_id) const {
  return pick(nodes, [&](const NodeView& node) {
    return node.module_id == module_id && node.is_component();
  });
}

std::vector<const NodeView*> Picture::shown(std::string_view module_id) const {
  return pick(nodes,
              [&](const NodeView& node) { return node.module_id == module_id && !node.service; });
}

std::vector<const NodeView*> Picture::unhealthy() const {
  return pick(nodes, [](const NodeView& node) {
    const bool counts = node.is_import() || (node.module_id.empty() && node.is_component());
    return counts && node.health().state == Health::kUnhealthy;
  });
}

bool Picture::has_module(std::string_view module_id) const {
  if (module_id.empty()) return true;
  return std::any_of(nodes.begin(), nodes.end(), [&](const NodeView& node) {
    return std::find(node.module_ids.begin(), node.module_ids.end(), module_id) !=
           node.module_ids.end();
  });
}

std::shared_ptr<const Picture> draw(Module& root) {
  auto out = std::make_shared<Picture>();
  draw_module(root, *out);
  return out;
}

}  // namespace weir::graph

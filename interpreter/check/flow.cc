// SPDX-License-Identifier: Apache-2.0
#include "interpreter/check/flow.h"

#include <algorithm>
#include <string>

namespace weir::check {

using value::Type;

namespace {

/// Uses beyond these, and modules deeper inside each other, are not looked into.
constexpr std::size_t kMaxUses = 1000;
constexpr int kMaxUseDepth = 32;

/// Whether the node stands in the graph of data by itself.
bool moves_data(const Node& node) {
  return node.kind == NodeKind::kComponent || node.kind == NodeKind::kService ||
         node.kind == NodeKind::kOpaque;
}

}  // namespace

bool carries_receivers(const Type& type) {
  switch (type.tag()) {
    case Type::Tag::kCapsule: return type.capsule_type()->receives;
    case Type::Tag::kList:
    case Type::Tag::kMap: return carries_receivers(type.element());
    default: return false;
  }
}

bool takes_data(const Node& node) {
  if (node.def == nullptr || node.def->exports == nullptr) return false;
  const Type exports = schema::type_of(node.def->exports());
  return std::any_of(exports.members().begin(), exports.members().end(),
                     [](const auto& member) { return carries_receivers(member.second); });
}

Flow::Flow(const Module& root) {
  uses_.push_back({});
  enter(root, 0, 0);
  for (std::size_t i = 0; i < places_.size(); ++i) follow(places_[i]);
}

void Flow::enter(const Module& module, std::size_t use, int depth) {
  for (const auto& node : module.nodes) {
    const bool unused = node->kind == NodeKind::kDeclare && !node->used;
    const bool known = node->kind == NodeKind::kCustom && node->declare != nullptr;
    if (node->kind == NodeKind::kForeach && node->inner) {
      enter(*node->inner, use, depth);
    } else if ((unused || known) && uses_.size() < kMaxUses && depth < kMaxUseDepth) {
      const std::size_t inner = uses_.size();
      uses_.push_back({known ? node.get() : nullptr, use});
      if (known) inside_.emplace(Place{node.get(), use}, inner);
      const auto& body = known ? node->declare->inner : node->inner;
      if (body) enter(*body, inner, depth + 1);
    } else if (moves_data(*node) || node->kind == NodeKind::kCustom) {
      places_.push_back({node.get(), use});
    }
  }
}

void Flow::follow(const Place& from) {
  for (const Reference& reference : from.node->references) {
    std::vector<Leaf> leaves;
    resolve(reference, from.use, 0, leaves);
    for (const Leaf& leaf : leaves) {
      const Type& type = reference.wanted ? *reference.wanted : leaf.type;
      const bool unsure = type.tag() == Type::Tag::kAny;
      if (unsure || carries_receivers(type)) connect(from, leaf.place);
      if (unsure || !carries_receivers(type)) connect(leaf.place, from);
    }
  }
}

void Flow::resolve(const Reference& reference, std::size_t use, int depth,
                   std::vector<Leaf>& out) const {
  if (depth > 2 * kMaxUseDepth || out.size() > kMaxUses) return;
  const Node& target = *reference.target;
  if (target.kind == NodeKind::kArgument) {
    if (uses_[use].custom != nullptr) return resolve_argument(target, uses_[use], depth + 1, out);
    out.push_back({{&target, use}, reference.type});  // who will use the module is not known
  } else if (target.kind == NodeKind::kForeach) {
    for (const Reference& behind : target.references) resolve(behind, use, depth + 1, out);
  } else if (const auto inner = inside_.find({&target, use}); inner != inside_.end()) {
    resolve_export(reference, inner->second, depth + 1, out);
  } else {
    out.push_back({{&target, use}, reference.type});
  }
}

void Flow::resolve_argument(const Node& argument, const Use& use, int depth,
                            std::vector<Leaf>& out) const {
  for (const auto& given : use.custom->body.attributes) {
    if (given.name != argument.block->label || given.expression == nullptr) continue;
    const text::Span value = given.expression->span;
    for (const Reference& behind : use.custom->references) {
      if (behind.span.begin >= value.begin && behind.span.end <= value.end)
        resolve(behind, use.outer, depth, out);
    }
  }
}

void Flow::resolve_export(const Reference& reference, std::size_t inner, int depth,
                          std::vector<Leaf>& out) const {
  const Module* module = reference.target->declare->inner.get();
  if (module == nullptr) return;
  for (const auto& node : module->nodes) {
    if (node->kind != NodeKind::kExport || node->block->label != reference.member) continue;
    for (const Reference& behind : node->references) resolve(behind, inner, depth, out);
  }
}

void Flow::connect(const Place& from, const Place& to) {
  forward_[from].push_back(to);
  backward_[to].push_back(from);
}

const std::vector<Flow::Place>& Flow::at(const Edges& edges, const Place& place) {
  static const std::vector<Place> kNone;
  const auto found = edges.find(place);
  return found == edges.end() ? kNone : found->second;
}

bool Flow::is_used(const Place& place) const {
  std::size_t use = place.use;
  while (use != 0 && uses_[use].custom != nullptr) use = uses_[use].outer;
  return use == 0;
}

std::set<Flow::Place> Flow::reaching_end(const std::function<bool(const Place&)>& stops,
                                         bool upstream) const {
  std::set<Place> reaching;
  std::vector<Place> open;
  const auto reach = [&](const Place& place) {
    if (!stops(place) && reaching.insert(place).second) open.push_back(place);
  };
  for (const Place& place : places_) {
    const bool last =
        upstream ? into(place).empty() : from(place).empty() && takes_data(*place.node);
    if (last) reach(place);
  }
  while (!open.empty()) {
    const Place place = open.back();
    open.pop_back();
    for (const Place& before : upstream ? from(place) : into(place)) reach(before);
  }
  return reaching;
}

}  // namespace weir::check

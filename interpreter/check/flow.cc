// SPDX-License-Identifier: Apache-2.0
#include "interpreter/check/flow.h"

namespace weir::check {

using value::Type;

bool carries_receivers(const Type& type) {
  switch (type.tag()) {
    case Type::Tag::kCapsule: return type.capsule_type()->receives;
    case Type::Tag::kList:
    case Type::Tag::kMap: return carries_receivers(type.element());
    default: return false;
  }
}

void Flow::add(const Node& node) {
  nodes_.push_back(&node);
  for (const Reference& reference : node.references) {
    const Type& type = reference.wanted ? *reference.wanted : reference.type;
    const bool unsure = type.tag() == Type::Tag::kAny;
    if (unsure || carries_receivers(type)) connect(&node, reference.target);
    if (unsure || !carries_receivers(type)) connect(reference.target, &node);
  }
}

void Flow::connect(const Node* from, const Node* to) {
  forward_[from].push_back(to);
  backward_[to].push_back(from);
}

const std::vector<const Node*>& Flow::at(const Edges& edges, const Node* node) {
  static const std::vector<const Node*> kNone;
  const auto found = edges.find(node);
  return found == edges.end() ? kNone : found->second;
}

std::unordered_set<const Node*> Flow::reaching_end(const std::function<bool(const Node&)>& stops,
                                                   bool upstream) const {
  std::unordered_set<const Node*> reaching;
  std::vector<const Node*> open;
  const auto reach = [&](const Node* node) {
    if (!stops(*node) && reaching.insert(node).second) open.push_back(node);
  };
  for (const Node* node : nodes_) {
    if ((upstream ? into(node) : from(node)).empty()) reach(node);
  }
  while (!open.empty()) {
    const Node* node = open.back();
    open.pop_back();
    for (const Node* before : upstream ? from(node) : into(node)) reach(before);
  }
  return reaching;
}

}  // namespace weir::check

// SPDX-License-Identifier: Apache-2.0
// From names to edges: what each node of a module refers to, what must be evaluated before it, and
// the order that follows. Source: spec 17 "Building the graph".

#include "base/format.h"
#include "interpreter/graph/module.h"
#include "interpreter/graph/scope.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace weir::graph {

using catalog::LanguageBlock;
using text::DiagnosticCode;

namespace {

/// No id has more names than this; longer ones are not looked up.
constexpr std::size_t kMaxIdNames = 16;

bool can_be_referred_to(const Node& node) {
  const BlockOutline& outline = node.outline();
  switch (outline.kind) {
    case NodeKind::kService: return outline.def->exports != nullptr;
    case NodeKind::kComponent:
    case NodeKind::kCustom:
    case NodeKind::kArgument: return true;
    default: return false;
  }
}

const syntax::Body* template_of(const syntax::Block& foreach) {
  for (const syntax::Statement& statement : foreach.body.statements) {
    if (statement.block && statement.block->full_name() == "template")
      return &statement.block->body;
  }
  return nullptr;
}

struct Resolved {
  Node* node = nullptr;
  std::size_t length = 0;  // of the id, in names
};

/// The node whose id is the shortest prefix, in the module or in those a foreach sees around it.
Resolved resolve(const Module& module, const eval::Traversal& traversal) {
  for (const Module* at = &module; at != nullptr; at = at->place().around) {
    std::string id;
    for (std::size_t i = 0; i < std::min(traversal.names.size(), kMaxIdNames); ++i) {
      if (i != 0) id += '.';
      id += traversal.names[i];
      Node* node = at->find(id);
      if (node != nullptr && can_be_referred_to(*node)) return {node, i + 1};
    }
    if (at->place().variable == traversal.names.front()) return {};
  }
  return {};
}

class Linker {
 public:
  Linker(const Module& module, text::DiagnosticSink& sink) : module_(module), sink_(sink) {
    for (std::size_t i = 0; i < module.nodes().size(); ++i) {
      const Node& node = *module.nodes()[i];
      index_.emplace(&node, i);
      if (node.outline().kind == NodeKind::kDeclare || node.outline().kind == NodeKind::kImport)
        definers_.emplace(node.outline().block->label, i);
    }
    needs_.resize(module.nodes().size());
  }

  std::vector<Node*> run() {
    for (std::size_t i = 0; i < module_.nodes().size(); ++i) {
      if (module_.nodes()[i]->outline().block != nullptr) link_node(i);
    }
    std::vector<Node*> order = sorted();
    if (order.size() < module_.nodes().size()) report_cycles();
    for (std::size_t i = 0; i < needs_.size(); ++i) {
      for (const std::size_t needed : needs_[i])
        module_.nodes()[needed]->add_dependant(*module_.nodes()[i]);
    }
    return order;
  }

 private:
  void link_node(std::size_t at) {
    needed_.clear();
    const Node& node = *module_.nodes()[at];
    const syntax::Block& block = *node.outline().block;
    switch (node.outline().kind) {
      case NodeKind::kDeclare: return need_definitions(at, block.body);
      case NodeKind::kForeach: return link_foreach(at, block);
      case NodeKind::kCustom: need_definition(at, block.name.front(), {}); break;
      default: break;
    }
    for (const eval::Traversal& traversal : eval::traversals(block.body))
      link_traversal(at, traversal);
  }

  void link_traversal(std::size_t at, const eval::Traversal& traversal) {
    const Resolved found = resolve(module_, traversal);
    if (found.node != nullptr) {
      refer(at, traversal, found);
    } else if (is_variable(traversal.names.front())) {
      module_.nodes()[at]->set_uses_variable();
    } else if (find_variable(module_, traversal.names.front())) {
      return;
    } else if (in_library(traversal.names.front())) {
      const Environment& environment = module_.place().environment;
      check::admit_function(traversal, environment.functions, environment.minimum_stability, sink_);
    } else {
      report_unknown(traversal);
    }
  }

  void refer(std::size_t at, const eval::Traversal& traversal, const Resolved& found) {
    const auto rest = traversal.names.begin() + static_cast<std::ptrdiff_t>(found.length);
    module_.nodes()[at]->add_reference({found.node, {rest, traversal.names.end()}});
    need(at, *found.node);
  }

  /// Inside the template names may lead to what is inside it; what leads outside is an edge of the
  /// foreach.
  void link_foreach(std::size_t at, const syntax::Block& block) {
    for (const syntax::Statement& statement : block.body.statements) {
      if (!statement.attribute) continue;
      for (const auto& traversal : eval::traversals(*statement.attribute->value))
        link_traversal(at, traversal);
    }
    const syntax::Body* body = template_of(block);
    if (body == nullptr) return;
    need_definitions(at, *body);
    std::unordered_set<std::string> inner;
    for (const syntax::Statement& statement : body->statements) {
      if (statement.block) inner.insert(statement.block->id());
    }
    for (const eval::Traversal& traversal : eval::traversals(*body))
      link_outward(at, traversal, inner);
  }

  void link_outward(std::size_t at, const eval::Traversal& traversal,
                    const std::unordered_set<std::string>& inner) {
    const Resolved found = resolve(module_, traversal);
    if (found.node == nullptr) {
      if (is_variable(traversal.names.front())) module_.nodes()[at]->set_uses_variable();
      return;
    }
    std::string id;
    for (std::size_t i = 0; i < std::min(traversal.names.size(), kMaxIdNames); ++i) {
      if (i != 0) id += '.';
      id += traversal.names[i];
      if (inner.count(id) != 0) return;
    }
    refer(at, traversal, found);
  }

  /// Edges to the declares and imports of this module that are used in a body inside it.
  void need_definitions(std::size_t at, const syntax::Body& body,
                        std::set<std::string_view> hidden = {}) {
    for (const syntax::Statement& statement : body.statements) {
      if (statement.block && is_definition(*statement.block)) hidden.insert(statement.block->label);
    }
    for (const syntax::Statement& statement : body.statements) {
      if (!statement.block) continue;
      const syntax::Block& block = *statement.block;
      const std::string name = block.full_name();
      if (name == "declare") {
        need_definitions(at, block.body, hidden);
      } else if (name == "foreach") {
        if (const syntax::Body* inner = template_of(block)) need_definitions(at, *inner, hidden);
      } else {
        need_definition(at, block.name.front(), hidden);
      }
    }
  }

  void need_definition(std::size_t at, const std::string& name,
                       const std::set<std::string_view>& hidden) {
    const auto definer = definers_.find(name);
    if (definer == definers_.end() || hidden.count(name) != 0) return;
    need(at, *module_.nodes()[definer->second]);
  }

  static bool is_definition(const syntax::Block& block) {
    const auto* language = catalog::find_language_block(block.full_name());
    return language != nullptr && (language->kind == LanguageBlock::Kind::kDeclare ||
                                   language->kind == LanguageBlock::Kind::kImport);
  }

  void need(std::size_t at, const Node& target) {
    const auto index = index_.find(&target);
    if (index == index_.end()) return;  // of a module around: the foreach has that edge
    if (needed_.insert(index->second).second) needs_[at].push_back(index->second);
  }

  [[nodiscard]] bool is_variable(std::string_view name) const {
    for (const Module* at = &module_; at != nullptr; at = at->place().around) {
      if (!at->place().variable.empty() && at->place().variable == name) return true;
    }
    return false;
  }

  [[nodiscard]] bool in_library(std::string_view name) const {
    return module_.place().environment.functions.root().as_object().find(name) != nullptr;
  }

  void report_unknown(const eval::Traversal& traversal) {
    std::vector<std::string_view> known;
    for (const Module* at = &module_; at != nullptr; at = at->place().around) {
      for (const auto& node : at->nodes()) {
        if (can_be_referred_to(*node)) known.push_back(node->id());
      }
    }
    const std::string_view written = traversal.span.text();
    const std::size_t field = written.rfind('.');
    sink_.add(DiagnosticCode::kUnknownName, traversal.span, eval::names_nothing(written),
              text::did_you_mean(written.substr(0, field), known));
  }

  /// Kahn's algorithm; of the nodes that are ready the first in source order goes first.
  std::vector<Node*> sorted() {
    const std::size_t count = module_.nodes().size();
    std::vector<std::size_t> open(count);
    std::vector<std::vector<std::size_t>> needed_by(count);
    std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
    for (std::size_t i = 0; i < count; ++i) {
      open[i] = needs_[i].size();
      for (const std::size_t needed : needs_[i]) needed_by[needed].push_back(i);
      if (open[i] == 0) ready.push(i);
    }
    std::vector<Node*> order;
    done_.assign(count, false);
    while (!ready.empty()) {
      const std::size_t at = ready.top();
      ready.pop();
      done_[at] = true;
      order.push_back(module_.nodes()[at].get());
      for (const std::size_t user : needed_by[at]) {
        if (--open[user] == 0) ready.push(user);
      }
    }
    return order;
  }

  /// What is not sorted stands in a cycle or after one: walking from need to need ends in a cycle.
  void report_cycles() {
    std::vector<bool> reported = done_;
    std::vector<bool> on_path(needs_.size(), false);
    for (std::size_t start = 0; start < needs_.size(); ++start) {
      std::vector<std::size_t> path;
      std::size_t at = start;
      while (!reported[at] && !on_path[at]) {
        on_path[at] = true;
        path.push_back(at);
        at = *std::find_if(needs_[at].begin(), needs_[at].end(),
                           [this](std::size_t needed) { return !done_[needed]; });
      }
      if (!reported[at] && on_path[at])
        report_cycle({std::find(path.begin(), path.end(), at), path.end()});
      for (const std::size_t seen : path) {
        reported[seen] = true;
        on_path[seen] = false;
      }
    }
  }

  void report_cycle(const std::vector<std::size_t>& members) {
    const Node& first = *module_.nodes()[members.front()];
    if (members.size() == 1) {
      sink_.add(DiagnosticCode::kCycle, first.outline().head(),
                format("self reference: {}", first.id()));
      return;
    }
    std::string path;
    for (const std::size_t member : members)
      path += (path.empty() ? "" : ", ") + module_.nodes()[member]->id();
    auto& diagnostic =
        sink_.add(DiagnosticCode::kCycle, first.outline().head(), format("cycle: {}", path));
    for (std::size_t i = 1; i < members.size(); ++i) {
      const Node& node = *module_.nodes()[members[i]];
      diagnostic.note(node.outline().head(), format("{} is part of it", node.id()));
    }
  }

  const Module& module_;
  text::DiagnosticSink& sink_;
  std::unordered_map<const Node*, std::size_t> index_;
  std::unordered_map<std::string, std::size_t> definers_;  // declares and imports, by label
  std::vector<std::vector<std::size_t>> needs_;            // in source order, each once
  std::unordered_set<std::size_t> needed_;                 // those of the node at hand
  std::vector<bool> done_;
};

}  // namespace

std::vector<Node*> link(const Module& module, text::DiagnosticSink& sink) {
  return Linker(module, sink).run();
}

}  // namespace weir::graph

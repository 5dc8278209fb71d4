// SPDX-License-Identifier: Apache-2.0
#include "interpreter/check/collect.h"

#include "interpreter/check/classify.h"

#include <utility>

namespace weir::check {

using catalog::LanguageBlock;

namespace {

/// The first fragment of the name decides, as in the reference: a declare or an import of that name
/// takes every block that begins with it.
bool find_custom(Node& node) {
  const std::string& first = node.block->name.front();
  for (const Module* module = node.module; module != nullptr; module = module->outer) {
    if (const auto at = module->declares.find(first); at != module->declares.end()) {
      if (node.block->name.size() > 1) return false;
      node.declare = at->second;
      return true;
    }
    if (const auto at = module->imports.find(first); at != module->imports.end()) {
      node.import = at->second;
      return true;
    }
  }
  return false;
}

class Collector {
 public:
  Collector(const catalog::Catalog& catalog, const Options& options, text::DiagnosticSink& sink)
      : admission_{catalog, options.minimum_stability, options.community}, sink_(sink) {}

  void module(Module& module, const std::vector<const syntax::Body*>& bodies) {
    BlockRules rules(module.kind, admission_, sink_);
    for (const syntax::Body* body : bodies) {
      for (const syntax::Statement& statement : body->statements) {
        if (statement.attribute) {
          rules.refuse(statement);
        } else {
          declare(module, *statement.block, rules);
        }
      }
    }
    for (const auto& node : module.nodes) classify(*node, rules);
    for (const auto& node : module.nodes) enter(*node);
  }

 private:
  /// Makes the block's node and what others find it by.
  static void declare(Module& module, const syntax::Block& block, BlockRules& rules) {
    auto node = std::make_unique<Node>();
    node->block = &block;
    node->name = block.full_name();
    node->id = block.id();
    node->module = &module;
    if (rules.enter(block, node->id)) {
      module.by_id.emplace(node->id, node.get());
      if (block.name.size() < kMaxIdNames)
        module.families[block.name.front()].push_back(node.get());
      const LanguageBlock* language = catalog::find_language_block(node->name);
      if (language != nullptr && language->kind == LanguageBlock::Kind::kDeclare)
        module.declares.emplace(block.label, node.get());
      if (language != nullptr && language->kind == LanguageBlock::Kind::kImport)
        module.imports.emplace(block.label, node.get());
    }
    module.nodes.push_back(std::move(node));
  }

  static void classify(Node& node, BlockRules& rules) {
    const Classified found =
        rules.classify(*node.block, node.name,
                       {[&](const auto&) { return find_custom(node); },
                        [&](std::vector<std::string_view>& names) {
                          for (const Module* at = node.module; at != nullptr; at = at->outer) {
                            for (const auto& [label, declare] : at->declares)
                              names.push_back(label);
                          }
                        }});
    node.kind = found.kind;
    node.def = found.def;
    node.language = found.language;
  }

  /// Goes on inside the module that the node holds.
  void enter(Node& node) {
    if (node.kind == NodeKind::kDeclare) {
      inside(node, ModuleKind::kDeclare, node.block->body);
    } else if (node.kind == NodeKind::kForeach) {
      for (const syntax::Statement& statement : node.block->body.statements) {
        if (statement.block && statement.block->full_name() == "template") {
          inside(node, ModuleKind::kForeach, statement.block->body);
          break;
        }
      }
    }
  }

  void inside(Node& node, ModuleKind kind, const syntax::Body& body) {
    node.inner = std::make_unique<Module>();
    node.inner->kind = kind;
    node.inner->owner = &node;
    node.inner->outer = node.module;
    node.inner->path = node.module->path;
    module(*node.inner, {&body});
  }

  const Admission admission_;
  text::DiagnosticSink& sink_;
};

}  // namespace

void collect(Module& module, const std::vector<const syntax::Body*>& bodies,
             const catalog::Catalog& catalog, const Options& options, text::DiagnosticSink& sink) {
  Collector(catalog, options, sink).module(module, bodies);
}

}  // namespace weir::check

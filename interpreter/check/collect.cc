// SPDX-License-Identifier: Apache-2.0
#include "interpreter/check/collect.h"

#include "base/format.h"

#include <utility>

namespace weir::check {

using catalog::LanguageBlock;
using schema::Stability;
using text::DiagnosticCode;

namespace {

std::string_view place_in_words(Module::Kind kind) {
  switch (kind) {
    case Module::Kind::kRoot: return "at the root";
    case Module::Kind::kDeclare: return "in a module";
    case Module::Kind::kForeach: return "in a foreach";
    case Module::Kind::kImported: return "in an imported module";
  }
  return {};
}

/// As long as the id, as the reference has it, though quotes are longer than a dot.
text::Span id_span(const Node& node) {
  const std::uint32_t begin = node.block->name_span.begin;
  return {node.block->name_span.source, begin, begin + static_cast<std::uint32_t>(node.id.size())};
}

class Collector {
 public:
  Collector(const catalog::Catalog& catalog, const Options& options, text::DiagnosticSink& sink)
      : catalog_(catalog), options_(options), sink_(sink) {}

  void module(Module& module, const std::vector<const syntax::Body*>& bodies) {
    for (const syntax::Body* body : bodies) {
      for (const syntax::Statement& statement : body->statements) {
        if (statement.attribute) {
          sink_.add(DiagnosticCode::kUnknownAttribute, statement.span,
                    format("attribute \"{}\" {}, where only blocks may stand",
                           statement.attribute->name, place_in_words(module.kind)));
        } else {
          declare(module, *statement.block);
        }
      }
    }
    for (const auto& node : module.nodes) classify(*node);
    for (const auto& node : module.nodes) enter(*node);
  }

 private:
  /// Makes the block's node and what others find it by.
  void declare(Module& module, const syntax::Block& block) {
    auto node = std::make_unique<Node>();
    node->block = &block;
    node->name = block.full_name();
    node->id = block.id();
    node->module = &module;
    node->language = catalog::find_language_block(node->name);
    const auto [twin, fresh] = module.by_id.emplace(node->id, node.get());
    if (fresh && block.name.size() < kMaxIdNames)
      module.families[block.name.front()].push_back(node.get());
    if (!fresh && module.kind != Module::Kind::kImported) {  // of an imported folder the first wins
      auto& diagnostic = sink_.add(DiagnosticCode::kDuplicateBlock, id_span(*node),
                                   format("{} is declared twice", node->id));
      diagnostic.note(twin->second->head(), "first declared here");
    } else if (node->language != nullptr && node->language->kind == LanguageBlock::Kind::kDeclare) {
      module.declares.emplace(block.label, node.get());
    } else if (node->language != nullptr && node->language->kind == LanguageBlock::Kind::kImport) {
      module.imports.emplace(block.label, node.get());
    }
    module.nodes.push_back(std::move(node));
  }

  void classify(Node& node) {
    if (node.module->kind == Module::Kind::kImported) {
      const bool allowed =
          node.language != nullptr && (node.language->kind == LanguageBlock::Kind::kDeclare ||
                                       node.language->kind == LanguageBlock::Kind::kImport);
      if (!allowed) misplaced(node, "an imported module holds only declare and import blocks");
    }
    if (node.language != nullptr) return classify_language(node);
    node.def = catalog_.find(node.name);
    if (!is_service(node) && find_custom(node)) return;
    if (node.def == nullptr) return report_unknown(node);
    node.kind = node.def->singleton ? NodeKind::kService : NodeKind::kComponent;
    if (node.def->singleton) {
      if (node.module->kind != Module::Kind::kRoot) misplaced(node, "it belongs at the root");
    } else if (node.block->label.empty()) {
      sink_.add(DiagnosticCode::kMissingLabel, node.block->name_span,
                format("{} needs a label", node.name), format("write {} \"name\" {{", node.name));
    }
    if (node.def->community) {
      if (!options_.community) {
        sink_.add(DiagnosticCode::kStability, node.block->name_span,
                  format("{} is a community component, and this run admits none", node.name),
                  "--feature.community-components.enabled admits them");
      }
    } else {
      admit(node, node.def->stability);
    }
  }

  void classify_language(Node& node) {
    admit(node, node.language->stability);
    const bool in_declare = node.module->kind == Module::Kind::kDeclare;
    switch (node.language->kind) {
      case LanguageBlock::Kind::kDeclare:
        node.kind = NodeKind::kDeclare;
        check_declare_label(node);
        break;
      case LanguageBlock::Kind::kArgument:
        node.kind = NodeKind::kArgument;
        if (!in_declare) misplaced(node, "it belongs in a declare");
        break;
      case LanguageBlock::Kind::kExport:
        node.kind = NodeKind::kExport;
        if (!in_declare) misplaced(node, "it belongs in a declare");
        break;
      case LanguageBlock::Kind::kForeach: node.kind = NodeKind::kForeach; break;
      case LanguageBlock::Kind::kImport: node.kind = NodeKind::kImport; break;
    }
  }

  /// Blocks of the program's services keep their names whatever a declare or an import is called.
  [[nodiscard]] bool is_service(const Node& node) const {
    if (node.def != nullptr) return node.def->singleton;
    return node.block->name.size() == 1 && catalog_.is_unbuilt(node.name);
  }

  void check_declare_label(const Node& node) {
    if (node.block->label.empty()) {
      sink_.add(DiagnosticCode::kMissingLabel, node.block->name_span, "declare needs a label",
                "the label is the name of the new component");
    } else if (node.block->label == "declare") {
      sink_.add(DiagnosticCode::kBadLabel, node.block->label_span,
                "a declare may not be named \"declare\"");
    }
  }

  /// The first fragment of the name decides, as in the reference: a declare or an import of that
  /// name takes every block that begins with it.
  bool find_custom(Node& node) {
    const std::string& first = node.block->name.front();
    for (const Module* module = node.module; module != nullptr; module = module->outer) {
      if (const auto at = module->declares.find(first); at != module->declares.end()) {
        if (node.block->name.size() > 1) return false;
        node.kind = NodeKind::kCustom;
        node.declare = at->second;
        return true;
      }
      if (const auto at = module->imports.find(first); at != module->imports.end()) {
        node.kind = NodeKind::kCustom;
        node.import = at->second;
        return true;
      }
    }
    return false;
  }

  void report_unknown(Node& node) {
    node.kind = NodeKind::kOpaque;
    if (catalog_.is_unbuilt(node.name)) {
      sink_.add(DiagnosticCode::kNotBuiltYet, node.block->name_span,
                format("{} is not built yet", node.name), "`weir components` lists what is");
      return;
    }
    const bool dotted = node.block->name.size() > 1;
    sink_.add(DiagnosticCode::kUnknownComponent, node.block->name_span,
              format("unknown {} \"{}\"", dotted ? "component" : "block", node.name),
              text::did_you_mean(node.name, known_names(*node.module)));
  }

  /// The names a block may have; none once nobody would see the hint.
  std::vector<std::string_view> known_names(const Module& module) {
    if (sink_.error_count() >= text::DiagnosticSink::kLimit) return {};
    std::vector<std::string_view> known = catalog_.unbuilt();
    for (const auto* row : catalog_.all()) known.push_back(row->name);
    for (const auto& row : catalog::language_blocks()) known.push_back(row.name);
    for (const Module* at = &module; at != nullptr; at = at->outer) {
      for (const auto& [label, declare] : at->declares) known.push_back(label);
    }
    return known;
  }

  void admit(const Node& node, Stability stability) {
    if (stability >= options_.minimum_stability) return;
    sink_.add(DiagnosticCode::kStability, node.block->name_span,
              format("{} is {}, and this run admits {}", node.name, to_string(stability),
                     to_string(options_.minimum_stability)),
              format("--stability.level={} admits it", to_string(stability)));
  }

  void misplaced(const Node& node, std::string_view hint) {
    sink_.add(DiagnosticCode::kMisplacedBlock, node.block->name_span,
              format("{} may not stand {}", node.name, place_in_words(node.module->kind)),
              std::string(hint));
  }

  /// Goes on inside the module that the node holds.
  void enter(Node& node) {
    if (node.kind == NodeKind::kDeclare) {
      inside(node, Module::Kind::kDeclare, node.block->body);
    } else if (node.kind == NodeKind::kForeach) {
      for (const syntax::Statement& statement : node.block->body.statements) {
        if (statement.block && statement.block->full_name() == "template") {
          inside(node, Module::Kind::kForeach, statement.block->body);
          break;
        }
      }
    }
  }

  void inside(Node& node, Module::Kind kind, const syntax::Body& body) {
    node.inner = std::make_unique<Module>();
    node.inner->kind = kind;
    node.inner->owner = &node;
    node.inner->outer = node.module;
    node.inner->path = node.module->path;
    module(*node.inner, {&body});
  }

  const catalog::Catalog& catalog_;
  const Options& options_;
  text::DiagnosticSink& sink_;
};

}  // namespace

void collect(Module& module, const std::vector<const syntax::Body*>& bodies,
             const catalog::Catalog& catalog, const Options& options, text::DiagnosticSink& sink) {
  Collector(catalog, options, sink).module(module, bodies);
}

}  // namespace weir::check

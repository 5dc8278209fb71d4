// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/outline.h"

#include "base/format.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace weir::graph {

using catalog::LanguageBlock;
using text::DiagnosticCode;

namespace {

std::string_view place_in_words(ModuleKind kind) {
  switch (kind) {
    case ModuleKind::kRoot: return "at the root";
    case ModuleKind::kDeclare: return "in a module";
    case ModuleKind::kForeach: return "in a foreach";
    case ModuleKind::kImported: return "in an imported module";
  }
  return {};
}

NodeKind kind_of(LanguageBlock::Kind kind) {
  switch (kind) {
    case LanguageBlock::Kind::kDeclare: return NodeKind::kDeclare;
    case LanguageBlock::Kind::kArgument: return NodeKind::kArgument;
    case LanguageBlock::Kind::kExport: return NodeKind::kExport;
    case LanguageBlock::Kind::kForeach: return NodeKind::kForeach;
    case LanguageBlock::Kind::kImport: return NodeKind::kImport;
  }
  return NodeKind::kDeclare;
}

class Outliner {
 public:
  Outliner(ModuleKind kind, const Environment& environment, Outline& out,
           text::DiagnosticSink& sink)
      : kind_(kind), environment_(environment), out_(out), sink_(sink) {}

  void run(const ModuleText& text) {
    for (const auto& part : text.parts) {
      for (const syntax::Statement& statement : part.body->statements) {
        if (statement.attribute) {
          sink_.add(DiagnosticCode::kUnknownAttribute, statement.span,
                    format("attribute \"{}\" {}, where only blocks may stand",
                           statement.attribute->name, place_in_words(kind_)));
        } else {
          enter(part.file, *statement.block);
        }
      }
    }
    for (BlockOutline& block : out_.blocks) classify(block);
    if (kind_ == ModuleKind::kRoot) add_default_services();
  }

 private:
  void enter(const std::shared_ptr<const syntax::File>& file, const syntax::Block& block) {
    BlockOutline outline;
    outline.name = block.full_name();
    outline.id = block.id();
    outline.file = file;
    outline.block = &block;
    outline.language = catalog::find_language_block(outline.name);
    const auto [twin, fresh] = first_.emplace(outline.id, &block);
    if (!fresh) {
      if (kind_ == ModuleKind::kImported) return;  // of the files of a folder the first wins
      auto& diagnostic = sink_.add(DiagnosticCode::kDuplicateBlock, outline.head(),
                                   format("{} is declared twice", outline.id));
      diagnostic.notes.push_back({twin->second->head(), "first declared here", {}});
      return;
    }
    if (outline.language != nullptr) {
      if (outline.language->kind == LanguageBlock::Kind::kDeclare)
        out_.definitions->declares.emplace(block.label, Declare{file, &block});
      if (outline.language->kind == LanguageBlock::Kind::kImport)
        out_.definitions->imports.emplace(block.label, nullptr);
    }
    out_.blocks.push_back(std::move(outline));
  }

  void classify(BlockOutline& block) {
    const bool definition =
        block.language != nullptr && (block.language->kind == LanguageBlock::Kind::kDeclare ||
                                      block.language->kind == LanguageBlock::Kind::kImport);
    if (kind_ == ModuleKind::kImported && !definition)
      return misplaced(block, "an imported module holds only declare and import blocks");
    if (block.language != nullptr) return classify_language(block);
    const Definition custom = find_definition(out_.definitions, block.block->name);
    if (custom.kind != Definition::Kind::kNone) {
      block.kind = NodeKind::kCustom;
      return;
    }
    block.def = environment_.catalog.find(block.name);
    if (block.def == nullptr) return report_unknown(block);
    classify_component(block);
  }

  void classify_component(BlockOutline& block) {
    if (block.def->singleton) {
      if (kind_ != ModuleKind::kRoot) misplaced(block, "it belongs at the root");
    } else if (block.block->label.empty()) {
      sink_.add(DiagnosticCode::kMissingLabel, block.block->name_span,
                format("{} needs a label", block.name), format("write {} \"name\" {{", block.name));
    }
    if (!block.def->community) return admit(block, block.def->stability);
    if (!environment_.community) {
      sink_.add(DiagnosticCode::kStability, block.block->name_span,
                format("{} is a community component, and this run admits none", block.name),
                "--feature.community-components.enabled admits them");
    }
  }

  void classify_language(BlockOutline& block) {
    block.kind = kind_of(block.language->kind);
    admit(block, block.language->stability);
    const std::string& label = block.block->label;
    if (label.empty()) {
      sink_.add(DiagnosticCode::kMissingLabel, block.block->name_span,
                format("{} needs a label", block.name));
    } else if (block.kind == NodeKind::kDeclare && label == "declare") {
      sink_.add(DiagnosticCode::kBadLabel, block.block->label_span,
                "a declare may not be named \"declare\"");
    }
    const bool of_module = block.kind == NodeKind::kArgument || block.kind == NodeKind::kExport;
    if (of_module && kind_ != ModuleKind::kDeclare) misplaced(block, "it belongs in a declare");
  }

  void admit(const BlockOutline& block, schema::Stability stability) {
    if (stability >= environment_.minimum_stability) return;
    sink_.add(DiagnosticCode::kStability, block.block->name_span,
              format("{} is {}, and this run admits {}", block.name, to_string(stability),
                     to_string(environment_.minimum_stability)),
              format("--stability.level={} admits it", to_string(stability)));
  }

  void misplaced(const BlockOutline& block, std::string hint) {
    sink_.add(DiagnosticCode::kMisplacedBlock, block.block->name_span,
              format("{} may not stand {}", block.name, place_in_words(kind_)), std::move(hint));
  }

  void report_unknown(const BlockOutline& block) {
    const text::Span place = block.block->name_span;
    if (environment_.catalog.is_unbuilt(block.name)) {
      sink_.add(DiagnosticCode::kNotBuiltYet, place, format("{} is not built yet", block.name),
                "`weir components` lists what is");
      return;
    }
    std::vector<std::string_view> known = environment_.catalog.unbuilt();
    for (const auto* row : environment_.catalog.all()) known.push_back(row->name);
    for (const auto& row : catalog::language_blocks()) known.push_back(row.name);
    for (const Definitions* at = out_.definitions.get(); at != nullptr; at = at->outer.get()) {
      for (const auto& [label, declare] : at->declares) known.push_back(label);
    }
    sink_.add(DiagnosticCode::kUnknownComponent, place,
              format("unknown component \"{}\"", block.name),
              text::did_you_mean(block.name, known));
  }

  /// Every service is there: with its block, or with its defaults. They come first.
  void add_default_services() {
    for (const catalog::ComponentDef* def : environment_.catalog.all()) {
      if (!def->singleton || first_.count(std::string(def->name)) != 0) continue;
      BlockOutline service;
      service.name = def->name;
      service.id = def->name;
      service.def = def;
      out_.blocks.push_back(std::move(service));
    }
    std::stable_partition(out_.blocks.begin(), out_.blocks.end(),
                          [](const BlockOutline& block) { return block.is_service(); });
  }

  const ModuleKind kind_;
  const Environment& environment_;
  Outline& out_;
  text::DiagnosticSink& sink_;
  std::unordered_map<std::string, const syntax::Block*> first_;  // by id
};

}  // namespace

text::Span BlockOutline::head() const {
  return block == nullptr ? text::Span{} : block->name_span.to(block->open);
}

text::Span BlockOutline::whole() const {
  return block == nullptr ? text::Span{} : block->name_span.to(block->close);
}

Outline outline(const ModuleText& text, ModuleKind kind, std::shared_ptr<const Definitions> outer,
                std::string module_path, const Environment& environment,
                text::DiagnosticSink& sink) {
  Outline out;
  out.definitions = std::make_shared<Definitions>();
  out.definitions->outer = std::move(outer);
  out.definitions->module_path = std::move(module_path);
  Outliner(kind, environment, out, sink).run(text);
  return out;
}

}  // namespace weir::graph

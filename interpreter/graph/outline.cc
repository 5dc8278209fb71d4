// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/outline.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace weir::graph {

using catalog::LanguageBlock;

namespace {

class Outliner {
 public:
  Outliner(ModuleKind kind, const Environment& environment, Outline& out,
           text::DiagnosticSink& sink)
      : environment_(environment),
        out_(out),
        rules_(kind, {environment.catalog, environment.minimum_stability, environment.community},
               sink) {}

  void run(const ModuleText& text) {
    for (const auto& part : text.parts) {
      for (const syntax::Statement& statement : part.body->statements) {
        if (statement.attribute) {
          rules_.refuse(statement);
        } else {
          enter(part.file, *statement.block);
        }
      }
    }
    for (BlockOutline& block : out_.blocks) classify(block);
  }

  /// Every service is there: with its block, or with its defaults. They come first.
  void add_default_services() {
    for (const catalog::ComponentDef* def : environment_.catalog.all()) {
      const bool written = std::any_of(out_.blocks.begin(), out_.blocks.end(),
                                       [&](const BlockOutline& block) { return block.def == def; });
      if (!def->singleton || written) continue;
      BlockOutline service;
      service.kind = NodeKind::kService;
      service.name = def->name;
      service.id = def->name;
      service.def = def;
      out_.blocks.push_back(std::move(service));
    }
    std::stable_partition(out_.blocks.begin(), out_.blocks.end(), [](const BlockOutline& block) {
      return block.kind == NodeKind::kService;
    });
  }

 private:
  void enter(const std::shared_ptr<const syntax::File>& file, const syntax::Block& block) {
    BlockOutline outline;
    outline.name = block.full_name();
    outline.id = block.id();
    outline.file = file;
    outline.block = &block;
    if (!rules_.enter(block, outline.id)) return;
    const LanguageBlock* language = catalog::find_language_block(outline.name);
    if (language != nullptr && language->kind == LanguageBlock::Kind::kDeclare)
      out_.definitions->declares.emplace(block.label, Declare{file, &block});
    if (language != nullptr && language->kind == LanguageBlock::Kind::kImport)
      out_.definitions->imports.emplace(block.label, nullptr);
    out_.blocks.push_back(std::move(outline));
  }

  void classify(BlockOutline& block) {
    const check::Classified found = rules_.classify(
        *block.block, block.name,
        {[&](const std::vector<std::string>& name) {
           return find_definition(out_.definitions, name).kind != Definition::Kind::kNone;
         },
         [&](std::vector<std::string_view>& names) {
           for (const Definitions* at = out_.definitions.get(); at != nullptr; at = at->outer.get())
             for (const auto& [label, declare] : at->declares) names.push_back(label);
         }});
    block.kind = found.kind;
    block.def = found.def;
    block.language = found.language;
  }

  const Environment& environment_;
  Outline& out_;
  check::BlockRules rules_;
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
  Outliner outliner(kind, environment, out, sink);
  outliner.run(text);
  if (kind == ModuleKind::kRoot) outliner.add_default_services();
  return out;
}

}  // namespace weir::graph

// SPDX-License-Identifier: Apache-2.0
#include "interpreter/check/classify.h"

#include "base/format.h"

#include <algorithm>
#include <utility>

namespace weir::check {

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

/// As long as the id, as the reference has it, though quotes are longer than a dot.
text::Span id_span(const syntax::Block& block, const std::string& id) {
  const std::uint32_t begin = block.name_span.begin;
  return {block.name_span.source, begin, begin + static_cast<std::uint32_t>(id.size())};
}

}  // namespace

void admit_function(const eval::Traversal& names, const catalog::FunctionTable& functions,
                    schema::Stability minimum, text::DiagnosticSink& sink) {
  constexpr std::size_t kLongestName = 4;  // names of functions have two parts
  std::string name;
  for (std::size_t i = 0; i < std::min(names.names.size(), kLongestName); ++i) {
    if (i != 0) name += '.';
    name += names.names[i];
    const catalog::FunctionDef* function = functions.find(name);
    if (function == nullptr || function->stability >= minimum) continue;
    sink.add(DiagnosticCode::kStability, names.spans.front().to(names.spans[i]),
             format("{} is {}, and this run admits {}", name, to_string(function->stability),
                    to_string(minimum)),
             format("--stability.level={} admits it", to_string(function->stability)));
  }
}

void BlockRules::refuse(const syntax::Statement& attribute) {
  sink_.add(DiagnosticCode::kUnknownAttribute, attribute.span,
            format("attribute \"{}\" {}, where only blocks may stand", attribute.attribute->name,
                   place_in_words(place_)));
}

bool BlockRules::enter(const syntax::Block& block, const std::string& id) {
  const auto [twin, fresh] = first_.emplace(id, &block);
  if (fresh) return true;
  // Of the files of an imported folder the first wins.
  const bool imported = place_ == ModuleKind::kImported;
  auto& diagnostic =
      sink_.add(imported ? DiagnosticCode::kRepeatedDeclare : DiagnosticCode::kDuplicateBlock,
                id_span(block, id),
                imported ? format("{} is declared already, and this one is left out", id)
                         : format("{} is declared twice", id));
  diagnostic.note(twin->second->name_span.to(twin->second->open), "first declared here");
  return false;
}

Classified BlockRules::classify(const syntax::Block& block, const std::string& name,
                                const Customs& customs) {
  const LanguageBlock* language = catalog::find_language_block(name);
  const bool definition = language != nullptr && (language->kind == LanguageBlock::Kind::kDeclare ||
                                                  language->kind == LanguageBlock::Kind::kImport);
  if (place_ == ModuleKind::kImported && !definition)
    misplaced(block, name, "an imported module holds only declare and import blocks");
  if (language != nullptr) {
    judge_language(block, *language);
    return {kind_of(language->kind), nullptr, language};
  }
  const catalog::Catalog& catalog = admission_.catalog;
  const catalog::ComponentDef* def = catalog.find(name);
  // Blocks of the program's services keep their names whatever a declare or an import is called.
  const bool service =
      def != nullptr ? def->singleton : block.name.size() == 1 && catalog.is_unbuilt(name);
  if (!service && customs.take(block.name)) return {NodeKind::kCustom};
  if (def == nullptr) {
    report_unknown(block, name, customs);
    return {};
  }
  judge_component(block, *def);
  return {service ? NodeKind::kService : NodeKind::kComponent, def};
}

void BlockRules::judge_component(const syntax::Block& block, const catalog::ComponentDef& def) {
  if (def.singleton) {
    if (place_ != ModuleKind::kRoot) misplaced(block, def.name, "it belongs at the root");
  } else if (block.label.empty()) {
    sink_.add(DiagnosticCode::kMissingLabel, block.name_span, format("{} needs a label", def.name),
              format("write {} \"name\" {{", def.name));
  }
  if (!def.community) return admit(block, def.name, def.stability);
  if (!admission_.community) {
    sink_.add(DiagnosticCode::kStability, block.name_span,
              format("{} is a community component, and this run admits none", def.name),
              "--feature.community-components.enabled admits them");
  }
}

void BlockRules::judge_language(const syntax::Block& block, const LanguageBlock& row) {
  admit(block, row.name, row.stability);
  const bool of_module =
      row.kind == LanguageBlock::Kind::kArgument || row.kind == LanguageBlock::Kind::kExport;
  if (of_module && place_ != ModuleKind::kDeclare)
    misplaced(block, row.name, "it belongs in a declare");
  if (row.kind != LanguageBlock::Kind::kDeclare) return;  // the others' labels are in their schemas
  if (block.label.empty()) {
    sink_.add(DiagnosticCode::kMissingLabel, block.name_span, "declare needs a label",
              "the label is the name of the new component");
  } else if (block.label == "declare") {
    sink_.add(DiagnosticCode::kBadLabel, block.label_span,
              "a declare may not be named \"declare\"");
  }
}

void BlockRules::admit(const syntax::Block& block, std::string_view name,
                       schema::Stability stability) {
  if (stability >= admission_.minimum_stability) return;
  sink_.add(DiagnosticCode::kStability, block.name_span,
            format("{} is {}, and this run admits {}", name, to_string(stability),
                   to_string(admission_.minimum_stability)),
            format("--stability.level={} admits it", to_string(stability)));
}

void BlockRules::misplaced(const syntax::Block& block, std::string_view name, std::string hint) {
  sink_.add(DiagnosticCode::kMisplacedBlock, block.name_span,
            format("{} may not stand {}", name, place_in_words(place_)), std::move(hint));
}

void BlockRules::report_unknown(const syntax::Block& block, const std::string& name,
                                const Customs& customs) {
  const catalog::Catalog& catalog = admission_.catalog;
  if (catalog.is_unbuilt(name)) {
    sink_.add(DiagnosticCode::kNotBuiltYet, block.name_span, format("{} is not built yet", name),
              "`weir components` lists what is");
    return;
  }
  std::vector<std::string_view> known;
  if (sink_.error_count() < text::DiagnosticSink::kLimit) {  // else nobody would see the hint
    known = catalog.unbuilt();
    for (const auto* row : catalog.all()) known.push_back(row->name);
    for (const auto& row : catalog::language_blocks()) known.push_back(row.name);
    customs.names(known);
  }
  sink_.add(DiagnosticCode::kUnknownComponent, block.name_span,
            format("unknown {} \"{}\"", block.name.size() > 1 ? "component" : "block", name),
            text::did_you_mean(name, known));
}

}  // namespace weir::check

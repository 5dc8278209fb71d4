// SPDX-License-Identifier: Apache-2.0
// The part of the checker that reads what import.string and import.file bring, if it can be known.

#include "base/format.h"
#include "interpreter/check/checker.h"
#include "interpreter/check/collect.h"
#include "interpreter/syntax/parse.h"

#include <utility>

namespace weir::check {

using text::DiagnosticCode;

namespace {

/// The known text of an attribute; nothing if it is not known, or a secret.
std::optional<std::string> known_text(const Node& node, std::string_view name) {
  for (const auto& attribute : node.body.attributes) {
    if (attribute.name != name || !attribute.value ||
        attribute.value->kind() != value::Kind::kString)
      continue;
    return attribute.value->as_string();
  }
  return std::nullopt;
}

text::Span place_of(const Node& node, std::string_view name) {
  return catalog::Lint(node.body, node.head()).place_of(name);
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

}  // namespace

Module* Checker::import_module(Node& import) {
  check_node(import);  // its arguments; a no-op from inside check_node
  if (!import.good || std::exchange(import.looked_at, true)) return import.imported;
  if (const auto content = known_text(import, "content");
      content && import.name == "import.string") {
    import.imported = add_import({{ import.id, *content }}, import.module->path);
  } else if (const auto path = known_text(import, "filename");
             path && import.name == "import.file" && options_.read_module) {
    import.imported = read_import(import, *path);
  } else if (const auto repository = known_text(import, "repository");
             repository && import.name == "import.git" && options_.can_read &&
             catalog::ImportGitBlock::is_path(*repository)) {
    if (const Status there = options_.can_read(*repository); !there)
      sink_.add(DiagnosticCode::kImport, place_of(import, "repository"),
                format("{} cannot be read: {}", import.id, there.error().message));
  }
  return import.imported;
}

Module* Checker::read_import(const Node& import, const std::string& path) {
  if (const auto known = by_path_.find(path); known != by_path_.end()) {
    if (known->second == nullptr)
      sink_.add(DiagnosticCode::kImport, import.head(), format("{} imports itself", path));
    return known->second;
  }
  const auto texts = options_.read_module(path);
  if (!texts) {
    sink_.add(DiagnosticCode::kImport, place_of(import, "filename"),
              format("{} cannot be read: {}", import.id, texts.error().message));
    return nullptr;
  }
  by_path_[path] = nullptr;
  return by_path_[path] = add_import(
             *texts, texts->size() == 1 && texts->front().name == path ? folder_of(path) : path);
}

Module* Checker::add_import(const std::vector<ModuleText>& texts, std::string path) {
  auto module = std::make_unique<Module>();
  module->kind = ModuleKind::kImported;
  module->path = std::move(path);
  const std::size_t errors = sink_.error_count();
  std::vector<const syntax::Body*> bodies;
  for (const ModuleText& text : texts) {
    module->files.push_back(syntax::parse_file(text::Source::make(text.name, text.text), sink_));
    bodies.push_back(&module->files.back()->body);
  }
  imported_.push_back(std::move(module));
  Module& made = *imported_.back();
  if (sink_.error_count() == errors) {
    collect(made, bodies, catalog_, options_, sink_);
    if (++depth_ <= 32) check_module(made);
    --depth_;
  }
  return &made;
}

bool Checker::find_imported_declare(Node& node) {
  node.import->used = true;
  Module* module = import_module(*node.import);
  if (module == nullptr || module->nodes.empty()) return false;  // not known, or already reported
  const auto at = node.block->name.size() == 2 ? module->declares.find(node.block->name.back())
                                               : module->declares.end();
  if (at != module->declares.end()) {
    node.declare = at->second;
    return true;
  }
  std::vector<std::string> names;
  for (const auto& [label, declare] : module->declares)
    names.push_back(format("{}.{}", node.import->block->label, label));
  sink_.add(DiagnosticCode::kUnknownComponent, node.block->name_span,
            format("{} has no \"{}\"", node.import->id, node.name),
            text::did_you_mean(node.name, {names.begin(), names.end()}));
  return false;
}

}  // namespace weir::check

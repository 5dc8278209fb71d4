// SPDX-License-Identifier: Apache-2.0
// From the text of a module to the list of its nodes: which blocks there are, what each is, and
// whether it may stand where it stands. Source: spec 16.

#pragma once

#include "interpreter/catalog/component_def.h"
#include "interpreter/catalog/language_blocks.h"
#include "interpreter/check/classify.h"
#include "interpreter/graph/definitions.h"
#include "interpreter/graph/environment.h"
#include "interpreter/syntax/ast.h"
#include "interpreter/text/diagnostic.h"

#include <memory>
#include <string>
#include <vector>

namespace weir::graph {

using check::ModuleKind;
using check::NodeKind;

struct BlockOutline {
  NodeKind kind = NodeKind::kComponent;
  std::string name;  ///< "loki.write"
  std::string id;    ///< "loki.write.default"
  std::shared_ptr<const syntax::File> file;
  const syntax::Block* block = nullptr;  ///< null: a service that nobody wrote a block for
  const catalog::ComponentDef* def = nullptr;
  const catalog::LanguageBlock* language = nullptr;

  [[nodiscard]] text::Span head() const;
  [[nodiscard]] text::Span whole() const;
};

/// The bodies that make up a module: several for a folder.
struct ModuleText {
  struct Part {
    std::shared_ptr<const syntax::File> file;
    const syntax::Body* body = nullptr;
  };
  std::vector<Part> parts;
};

struct Outline {
  std::vector<BlockOutline> blocks;  ///< services first, then in source order
  std::shared_ptr<Definitions> definitions;
};

/// Errors go to `sink`: names that are unknown, not built or not admitted, blocks twice, misplaced,
/// or with a wrong label. The inside of declares is not looked at: who does not use them may have
/// them as they are.
Outline outline(const ModuleText& text, ModuleKind kind, std::shared_ptr<const Definitions> outer,
                std::string module_path, const Environment& environment,
                text::DiagnosticSink& sink);

}  // namespace weir::graph

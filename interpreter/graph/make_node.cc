// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/nodes.h"

#include <utility>

namespace weir::graph {

std::unique_ptr<Node> make_node(Module& module, BlockOutline outline, Node* before) {
  if (before != nullptr && before->outline().kind != outline.kind) before = nullptr;
  switch (outline.kind) {
    case NodeKind::kComponent:
    case NodeKind::kService: return make_component_node(module, std::move(outline), before);
    case NodeKind::kCustom: return make_custom_node(module, std::move(outline), before);
    case NodeKind::kDeclare: return make_declare_node(module, std::move(outline));
    case NodeKind::kArgument: return make_argument_node(module, std::move(outline));
    case NodeKind::kExport: return make_export_node(module, std::move(outline));
    case NodeKind::kForeach: return make_foreach_node(module, std::move(outline), before);
    case NodeKind::kImport: return make_import_node(module, std::move(outline), before);
    case NodeKind::kOpaque: break;  // an error by then
  }
  return nullptr;
}

}  // namespace weir::graph

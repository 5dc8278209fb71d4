// SPDX-License-Identifier: Apache-2.0
// The kinds of nodes, one a file.

#pragma once

#include "interpreter/graph/node.h"

#include <memory>

namespace weir::graph {

// `before` is as Node's, but always of the same kind.
std::unique_ptr<Node> make_component_node(Module& module, BlockOutline outline, Node* before);
std::unique_ptr<Node> make_custom_node(Module& module, BlockOutline outline, Node* before);
std::unique_ptr<Node> make_declare_node(Module& module, BlockOutline outline);
std::unique_ptr<Node> make_argument_node(Module& module, BlockOutline outline);
std::unique_ptr<Node> make_export_node(Module& module, BlockOutline outline);
std::unique_ptr<Node> make_foreach_node(Module& module, BlockOutline outline, Node* before);
std::unique_ptr<Node> make_import_node(Module& module, BlockOutline outline, Node* before);

}  // namespace weir::graph

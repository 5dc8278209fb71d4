// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/component.h"

namespace weir::graph {

std::string_view to_string(Health health) {
  switch (health) {
    case Health::kUnknown: return "unknown";
    case Health::kHealthy: return "healthy";
    case Health::kUnhealthy: return "unhealthy";
    case Health::kExited: return "exited";
  }
  return "unknown";
}

ComponentResponse Component::handle(const ComponentRequest&) {
  return {404, "text/plain; charset=utf-8", "404 page not found\n"};
}

}  // namespace weir::graph

// SPDX-License-Identifier: Apache-2.0
#include "components/catalog.h"

#include "base/check.h"

#include <algorithm>

namespace weir {

#define COMPONENT(id) extern const catalog::ComponentDef id;
#include "components/catalog.def"
#undef COMPONENT

std::span<const catalog::ComponentDef* const> components() {
  static constexpr const catalog::ComponentDef* kAll[] = {
#define COMPONENT(id) &id,
#include "components/catalog.def"
#undef COMPONENT
  };
  return kAll;
}

const catalog::ComponentDef& component(std::string_view name) {
  const auto all = components();
  const auto found =
      std::find_if(all.begin(), all.end(), [name](const auto* def) { return def->name == name; });
  WEIR_CHECK(found != all.end(), "the component is in catalog.def");
  return **found;
}

}  // namespace weir

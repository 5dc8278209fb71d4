// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"
#include "interpreter/catalog/component_def.h"

#include <algorithm>
#include <utility>

namespace weir::catalog {
namespace {

constexpr std::string_view kReferenceComponents[] = {
#define COMPONENT(name) name,
#include "interpreter/catalog/unbuilt.def"
#undef COMPONENT
};

bool by_name(const ComponentDef* a, const ComponentDef* b) {
  return a->name < b->name;
}

}  // namespace

Catalog::Catalog(std::vector<const ComponentDef*> rows) : rows_(std::move(rows)) {
  std::sort(rows_.begin(), rows_.end(), by_name);
  const auto twin = std::adjacent_find(
      rows_.begin(), rows_.end(), [](const auto* a, const auto* b) { return a->name == b->name; });
  WEIR_CHECK(twin == rows_.end(), "a component stands in the catalog once");
}

const ComponentDef* Catalog::find(std::string_view name) const {
  const auto at = std::lower_bound(
      rows_.begin(), rows_.end(), name,
      [](const ComponentDef* row, std::string_view wanted) { return row->name < wanted; });
  return at != rows_.end() && (*at)->name == name ? *at : nullptr;
}

bool Catalog::is_unbuilt(std::string_view name) const {
  return find(name) == nullptr &&
         std::binary_search(std::begin(kReferenceComponents), std::end(kReferenceComponents), name);
}

std::vector<std::string_view> Catalog::unbuilt() const {
  std::vector<std::string_view> out;
  std::copy_if(std::begin(kReferenceComponents), std::end(kReferenceComponents),
               std::back_inserter(out),
               [this](std::string_view name) { return find(name) == nullptr; });
  return out;
}

}  // namespace weir::catalog

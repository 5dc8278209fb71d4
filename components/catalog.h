// SPDX-License-Identifier: Apache-2.0
// The components this program is made of: one line each in catalog.def.

#pragma once

#include "interpreter/catalog/component_def.h"

#include <span>
#include <string_view>

namespace weir {

/// All of them, in the order of catalog.def.
std::span<const catalog::ComponentDef* const> components();
/// The one of that name, which exists.
const catalog::ComponentDef& component(std::string_view name);

}  // namespace weir

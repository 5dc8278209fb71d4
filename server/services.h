// SPDX-License-Identifier: Apache-2.0
// The blocks that configure the program itself: `http`, `livedebugging` and others, one line each in
// services.def. They are components without a label, of which every program has one.

#pragma once

#include "interpreter/catalog/component_def.h"

#include <span>

namespace weir::server {

std::span<const catalog::ComponentDef* const> services();

}  // namespace weir::server

// SPDX-License-Identifier: Apache-2.0
// The one place that names the formatting library.

#pragma once

#include <fmt/core.h>
#include <fmt/format.h>

namespace weir {
using fmt::format;
using fmt::format_to;
}  // namespace weir

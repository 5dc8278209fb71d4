// SPDX-License-Identifier: Apache-2.0
// The version of this program, without a leading v.

#pragma once

#include <string_view>

namespace weir {
inline constexpr std::string_view kVersion = "0.1.0";
}  // namespace weir

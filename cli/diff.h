// SPDX-License-Identifier: Apache-2.0
// The difference of two texts in unified form, as `weir fmt --diff` shows it.

#pragma once

#include <string>
#include <string_view>

namespace weir::cli {

/// Lines of `before` and `after` with three lines of context; empty if they are equal.
/// Shapes: any texts; beyond 20,000 differing lines a hunk replaces all of them at once.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view name);

}  // namespace weir::cli

// SPDX-License-Identifier: Apache-2.0
// How finished a feature is, and which features a run admits.

#pragma once

#include <optional>
#include <string_view>

namespace weir::schema {

/// Low to high.
enum class Stability { kExperimental, kPublicPreview, kGenerallyAvailable };
/// "public-preview"
std::string_view to_string(Stability stability);
std::optional<Stability> parse_stability(std::string_view text);

}  // namespace weir::schema

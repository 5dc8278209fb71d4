// SPDX-License-Identifier: Apache-2.0
// positions.yml, the file in which the reference and its elders kept how far they had read.
//
// Two shapes, both `positions:` and then either `PATH: "OFFSET"` or, with labels,
// `? {path: PATH, labels: LABELS}` and `: "OFFSET"`. What their writers print is read, no more of
// YAML.

#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::loki {

struct LegacyPosition {
  std::string path;
  std::string labels;                   ///< `{app="a", job="b"}`, or empty: any
  std::optional<std::uint64_t> offset;  ///< nothing: what stands there is no offset
};

/// Errors: kInvalid with the line where it stops being such a file.
Result<std::vector<LegacyPosition>> parse_positions(std::string_view yaml);

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// Semantic versions and what may be asked of them: ">=1.2, <2 || ^3.1".

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::loki {

struct GoVersion {
  std::array<std::int64_t, 3> numbers = {};
  std::size_t given = 3;  ///< how many of the numbers were written
  std::string prerelease, metadata;

  /// "1.2.3", "v1.2", "1-rc.1+build": numbers left out are 0. Nothing if it is none.
  static std::optional<GoVersion> read(std::string_view text);
};

/// -1, 0, 1 by the order of versions; a version before a release comes before it.
int compare_versions(const GoVersion& a, const GoVersion& b);
/// Whether the version is one that `constraint` asks for; nothing if that says nothing. Terms are
/// =, !=, <, <=, >, >=, ~, ^ and a version where `x` or a number left out is any, or `1.2 - 1.4`;
/// blanks or commas part those that must all hold, `||` those of which one must. A version before a
/// release is only one where the term names one too.
std::optional<bool> satisfies(const GoVersion& version, std::string_view constraint);

}  // namespace weir::loki

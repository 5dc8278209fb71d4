// SPDX-License-Identifier: Apache-2.0
// From targets whose __path__ is a pattern to one target for each file that is there.

#pragma once

#include "base/units.h"
#include "components/core/targets.h"
#include "interpreter/catalog/lint.h"

#include <functional>
#include <string>
#include <vector>

namespace weir {

inline constexpr std::string_view kPathLabel = "__path__";
inline constexpr std::string_view kPathExcludeLabel = "__path_exclude__";

/// One target for each file that `patterns` match and their __path_exclude__ does not, with their
/// labels and an absolute __path__. Files unchanged for longer than `ignore_older_than` are left
/// out; 0: none are. `trouble` hears of patterns that cannot be read.
std::vector<Target> match_files(
    const std::vector<Target>& patterns, Duration ignore_older_than, Time now,
    const std::function<void(std::string_view pattern, const Error& error)>& trouble);

/// Warns of targets without a __path__: they match nothing, in silence.
void lint_paths(std::string_view field, catalog::Lint& lint);

/// Says which names targets give their lines as labels, as far as it is known.
void lint_label_names(std::string_view field, catalog::Lint& lint);

/// Says at `place` that lines of `path` have to be unwrapped, if container runtimes write there.
/// False if they do not.
bool lint_container_path(std::string_view path, text::Span place, catalog::Lint& lint);
/// The same of the first of the targets, at the field that holds them.
void lint_container_paths(const std::vector<Target>& targets, std::string_view field,
                          catalog::Lint& lint);

}  // namespace weir

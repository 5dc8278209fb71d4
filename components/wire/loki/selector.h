// SPDX-License-Identifier: Apache-2.0
// Label sets as Loki's push writes them: `{app="my-app", env="prod"}`, values quoted as Go does.

#pragma once

#include "base/result.h"
#include "components/core/labels.h"

#include <string>
#include <string_view>

namespace weir::wire {

/// Appends the selector of `labels`; names that start with `__` are left out.
void append_selector(std::string& out, const Labels& labels);

/// Reads a selector into `out`, which is empty: names, `=`, values in double quotes or backquotes;
/// spaces anywhere, a comma may follow the last. Texts of `out` are its own. Errors: kInvalid with
/// what is wrong and at which byte; also for more than kMaxSelectorLabels.
Status parse_selector(std::string_view text, LabelsBuilder& out);

inline constexpr std::size_t kMaxSelectorLabels = 1000;

}  // namespace weir::wire

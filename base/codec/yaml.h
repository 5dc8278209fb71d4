// SPDX-License-Identifier: Apache-2.0
// YAML as JsonValue: the first document of a text, anchors copied out, merge keys merged.

#pragma once

#include "base/codec/json.h"

#include <string_view>

namespace weir::codec {

/// Parses YAML 1.2 with the scalars go-yaml knows: `~` and `null`; `true`, `false`, but not `yes`
/// and `on`; whole numbers in base 2, 8, 10 and 16, with `_` between digits; floats, `.inf`,
/// `.nan`; dates and times, which become text as RFC 3339 has it. All else is a string. Keys are
/// text. Errors: kInvalid with line and column; also for text behind the document, more than
/// kMaxJsonDepth levels, a key given twice, or aliases that would make more than a million values.
Result<JsonValue> parse_yaml(std::string_view text);

}  // namespace weir::codec

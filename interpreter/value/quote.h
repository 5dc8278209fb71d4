// SPDX-License-Identifier: Apache-2.0
// Text between quotes, as Alloy (and Go) writes it.

#pragma once

#include <string>
#include <string_view>

namespace weir::value {

/// Whether a character shows on paper; of the spaces only U+0020 does.
bool is_printable(char32_t code);
/// `"a\n\u200b"`: escapes what is not printable, and bytes that are not UTF-8 as \xNN.
/// With `ascii_only` everything beyond ASCII too.
std::string quote(std::string_view text, bool ascii_only = false);

}  // namespace weir::value

// SPDX-License-Identifier: Apache-2.0
// Text between quotes: as Alloy (and Go) writes it and as JSON does.

#pragma once

#include <string>
#include <string_view>

namespace weir::value {

/// Whether a character shows on paper; of the spaces only U+0020 does.
bool is_printable(char32_t code);
/// `"a\n\u200b"`: escapes what is not printable, and bytes that are not UTF-8 as \xNN.
/// With `ascii_only` everything beyond ASCII too.
std::string quote(std::string_view text, bool ascii_only = false);
/// Appends a JSON string; `<`, `>`, `&`, U+2028 and U+2029 are escaped so that it can stand in
/// HTML. What is not UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace weir::value

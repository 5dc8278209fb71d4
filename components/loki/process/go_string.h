// SPDX-License-Identifier: Apache-2.0
// String literals of Go, which selectors and templates have: "with \"escapes\"" and `as it is`.

#pragma once

#include <string>
#include <string_view>

namespace weir::loki {

struct GoString {
  std::string text;
  std::size_t size = 0;  ///< of the literal, quotes included; of a wrong one: where it goes wrong
  std::string_view problem = {};  ///< what is wrong with it; empty: nothing
};

/// The literal at the front of `text`, which begins with a quote or a backquote.
GoString read_go_string(std::string_view text);

}  // namespace weir::loki

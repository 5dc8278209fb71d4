// SPDX-License-Identifier: Apache-2.0
// Literals of Go, which selectors and templates have: "with \"escapes\"", `as it is`, 'c', 0x1F.

#pragma once

#include <cstdint>
#include <optional>
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

struct GoChar {
  std::int64_t code = 0;
  std::size_t size = 0;  ///< of the literal, quotes included; 0: it is none
};
/// The character at the front of `text`, which begins with a single quote: 'a', '\n'.
GoChar read_go_char(std::string_view text);

/// All of `text` as a whole number: "-12", "0x1F", "0b101", "0o17", "017", "1_000".
std::optional<std::int64_t> read_go_integer(std::string_view text);
/// All of `text` as a number with a point or an exponent: "1.5", "1e3", "0x1p-2".
std::optional<double> read_go_real(std::string_view text);

}  // namespace weir::loki

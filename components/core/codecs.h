// SPDX-License-Identifier: Apache-2.0
// Types that arguments of components share: regular expressions, names of labels. Because their codecs
// read the text when it is decoded, a wrong one is found by the checker, at its place.

#pragma once

#include "base/regex.h"
#include "interpreter/schema/codecs.h"

#include <string>
#include <string_view>

namespace weir {

/// A regular expression that has to match the whole text, and whose `.` takes newlines: that of
/// relabelling rules.
struct AnchoredRegex {
  Regex regex;
  /// Of an expression known to be right.
  static AnchoredRegex of(std::string_view text);
  friend bool operator==(const AnchoredRegex&, const AnchoredRegex&) = default;
};

/// The name of a label as Loki and the reference have it: a letter or underscore, then those and
/// digits.
bool is_plain_label_name(std::string_view name);

/// Whether it may name a label at all: any UTF-8 but none.
bool is_utf8_label_name(std::string_view name);

}  // namespace weir

namespace weir::schema {
/// An expression that may match anywhere: E0604 if it is none.
WEIR_DECLARE_CODEC(Regex);
WEIR_DECLARE_CODEC(AnchoredRegex);
}  // namespace weir::schema

// SPDX-License-Identifier: Apache-2.0
// Base64, padded, in the standard and the URL alphabet.

#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace weir::codec {

enum class Base64Alphabet { kStandard, kUrl };
std::string base64_encode(std::string_view bytes,
                          Base64Alphabet alphabet = Base64Alphabet::kStandard);
/// Newlines are passed over. Errors: kInvalid with the offset of the first wrong byte.
Result<std::string> base64_decode(std::string_view text,
                                  Base64Alphabet alphabet = Base64Alphabet::kStandard);

}  // namespace weir::codec

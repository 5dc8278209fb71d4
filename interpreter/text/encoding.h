// SPDX-License-Identifier: Apache-2.0
// Files of configurations may be UTF-16 and UTF-32, which editors of some systems write.

#pragma once

#include <string>

namespace weir::text {

/// The text of a file as UTF-8. A byte order mark tells the encoding and is left out; without one
/// the bytes are taken as they are. What cannot be read becomes U+FFFD.
std::string decode_file(std::string bytes);

}  // namespace weir::text

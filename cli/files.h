// SPDX-License-Identifier: Apache-2.0
// Configuration files that a command line names.

#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace weir::cli {

/// The text of a file. Errors: kNotFound, kUnavailable; kInvalid if it is larger than the parser reads.
Result<std::string> read_text(const std::string& path);
/// One file of a configuration.
struct NamedText {
  std::string name;
  std::string text;
};
/// The file at `path`, or the `*.alloy` files of that directory, which are one unit; at least one. A byte order
/// mark chooses the encoding and is removed.
Result<std::vector<NamedText>> read_config(const std::string& path);
/// The `*.alloy` files of a directory, sorted; below it too if `recursive`.
Result<std::vector<std::string>> alloy_files(const std::string& directory, bool recursive);
bool is_directory(const std::string& path);
/// Replaces a file's content at once, keeping its mode.
Status replace_text(const std::string& path, const std::string& text);

}  // namespace weir::cli

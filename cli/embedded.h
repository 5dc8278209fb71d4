// SPDX-License-Identifier: Apache-2.0
// The pages that people write beside the code, inside the program: cmake/embed.cmake puts them there.

#pragma once

#include <span>
#include <string_view>

namespace weir::cli {

struct EmbeddedFile {
  std::string_view path;  ///< from the root: "components/loki/write/write.md"
  std::string_view text;
};
std::span<const EmbeddedFile> embedded_files();

}  // namespace weir::cli

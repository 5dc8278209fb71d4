// SPDX-License-Identifier: Apache-2.0
// What a command sees of the world, injected so that every command can be tested in-process.

#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <functional>
#include <string>
#include <string_view>

namespace weir::cli {

struct World {
  std::function<void(std::string_view)> out;  ///< standard output
  std::function<Status()> written;            ///< whether all of it could be written; null: it was
  std::function<void(std::string_view)> err;  ///< standard error
  std::function<std::string()> read_in;       ///< all of standard input
  std::function<std::string(const std::string&)> env;  ///< an environment variable, or ""
  std::string program = "weir";                        ///< how it was called
  bool color = false;  ///< standard error is a terminal that takes colour
  Clock* clock = &Clock::system();

  /// The process's own.
  static World process();
};

}  // namespace weir::cli

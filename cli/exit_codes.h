// SPDX-License-Identifier: Apache-2.0
// What the program answers to its caller.

#pragma once

namespace weir::cli {

enum class ExitCode {
  kOk = 0,
  kFailed = 1,         ///< the run failed
  kUsage = 2,          ///< the command line is wrong
  kConfiguration = 3,  ///< the configuration has errors
  kTests = 4,          ///< tests of a configuration failed
};

}  // namespace weir::cli

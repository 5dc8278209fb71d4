// SPDX-License-Identifier: Apache-2.0
// Another program, run to its end: no shell, no terminal, nothing to answer its questions, and
// never longer or louder than it may be.

#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace weir::exec {

struct Command {
  std::vector<std::string> argv;  ///< argv[0] is looked for in PATH
  std::vector<std::string> env;   ///< the whole environment, "NAME=value"
  Duration timeout = std::chrono::minutes(1);
  std::size_t max_output_bytes = 1u << 20;  ///< of each of its outputs; what is beyond is dropped
  std::uint64_t max_file_bytes = 0;  ///< of each file it writes: SIGXFSZ ends it; 0: no bound
};

/// How a program ended, and what it said.
struct Finished {
  int exit_code = 0;  ///< 128 + the signal's number, if one ended it
  std::string out;
  std::string err;
};

/// Runs a program in a session of its own and waits for it; whatever it leaves behind in its
/// session's first process group is killed with it. Who takes too long or is stopped is asked to
/// end, and killed two seconds later. Threads: any that may block.
/// Errors: kNotFound (no such program), kUnavailable (it took too long, the system refuses),
/// kCancelled (`stop` was asked for).
Result<Finished> run(const Command& command, const std::stop_token& stop = {});

/// This program's environment, without the variables whose names begin with `prefix`.
std::vector<std::string> environment_without(std::string_view prefix);

}  // namespace weir::exec

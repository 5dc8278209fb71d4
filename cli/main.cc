// SPDX-License-Identifier: Apache-2.0
// The program: a loop over a table of commands.

#include "cli/command.h"

#include <csignal>

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  weir::cli::World world = weir::cli::World::process();
  return static_cast<int>(weir::cli::run_program({argv + 1, argv + argc}, world));
}

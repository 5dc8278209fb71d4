// SPDX-License-Identifier: Apache-2.0
// The program: a loop over a table of commands.

#include "cli/command.h"

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace {

/// A stream that the caller closed must not become the next file that is opened; writing to it fails.
void keep_standard_streams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) == -1 && ::open("/dev/null", O_RDONLY) != fd) ::_exit(1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_streams();
  std::signal(SIGPIPE, SIG_IGN);
  weir::cli::World world = weir::cli::World::process();
  return static_cast<int>(weir::cli::run_program({argv + 1, argv + argc}, world));
}

// SPDX-License-Identifier: Apache-2.0
#include "cli/world.h"

#include "base/units.h"

#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace weir::cli {
namespace {

/// Standard input is read to this many bytes; a configuration larger than the parser takes is cut, and
/// the parser says so.
constexpr std::size_t kMaxInput = 64u << 20;

std::string read_stdin() {
  std::string text;
  char chunk[1 << 16];
  while (text.size() < kMaxInput) {
    const std::size_t got = std::fread(chunk, 1, sizeof chunk, stdin);
    if (got == 0) break;
    text.append(chunk, got);
  }
  return text;
}

std::function<void(std::string_view)> to_stream(std::FILE* stream) {
  return [stream](std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
  };
}

}  // namespace

World World::process() {
  World world;
  world.out = to_stream(stdout);
  world.err = to_stream(stderr);
  world.read_in = read_stdin;
  world.env = [](const std::string& name) -> std::string {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? "" : value;
  };
  world.color =
      ::isatty(STDERR_FILENO) == 1 && world.env("NO_COLOR").empty() && world.env("TERM") != "dumb";
  return world;
}

}  // namespace weir::cli

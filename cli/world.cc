// SPDX-License-Identifier: Apache-2.0
#include "cli/world.h"

#include "base/units.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>
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

/// Writes until writing fails, and keeps why.
class Output {
 public:
  explicit Output(std::FILE* stream) : stream_(stream) {}
  void write(std::string_view text) {
    if (error_ != 0) return;
    if (std::fwrite(text.data(), 1, text.size(), stream_) != text.size() ||
        std::fflush(stream_) != 0)
      error_ = errno;
  }
  [[nodiscard]] Status status() const {
    if (error_ == 0 || error_ == EPIPE) return {};  // who reads no more has read enough
    return make_error(Code::kUnavailable, "{}", std::generic_category().message(error_));
  }

 private:
  std::FILE* stream_;
  int error_ = 0;
};

}  // namespace

World World::process() {
  World world;
  const auto out = std::make_shared<Output>(stdout);
  const auto err = std::make_shared<Output>(stderr);
  world.out = [out](std::string_view text) { out->write(text); };
  world.err = [err](std::string_view text) { err->write(text); };
  world.written = [out] { return out->status(); };
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

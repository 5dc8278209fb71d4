// SPDX-License-Identifier: Apache-2.0
// weir version: what this program is.

#include "base/version.h"

#include "base/format.h"
#include "cli/command.h"

namespace weir::cli {
namespace {

struct Version {
  struct Flags {
    bool json = false;
    static schema::Schema schema();
  };
  static ExitCode run(const Flags& flags, World& world) {
    if (flags.json) {
      world.out(format("{{\"name\":\"weir\",\"version\":\"{}\"}}\n", kVersion));
    } else {
      world.out(format("weir, version v{}\n", kVersion));
    }
    return ExitCode::kOk;
  }
};

schema::Schema Version::Flags::schema() {
  static constexpr auto kTable =
      schema::table({schema::attr<&Flags::json>("json", "Print as JSON.")});
  return kTable;
}

}  // namespace

extern constexpr CommandDef cmd_version = command<Version>("version", "Prints the version.", "");

}  // namespace weir::cli

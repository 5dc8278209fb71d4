// SPDX-License-Identifier: Apache-2.0
#include "stdlib/functions.h"

#include <cstdlib>
#include <sys/utsname.h>

namespace weir::stdlib {

#define FUNCTION(id) extern const catalog::FunctionDef id;
#include "stdlib/functions.def"
#undef FUNCTION

namespace {

/// Go's name of a machine that the kernel calls `machine`.
std::string arch_name(std::string_view machine) {
  if (machine == "x86_64") return "amd64";
  if (machine == "aarch64") return "arm64";
  return std::string(machine);
}

}  // namespace

Constants Constants::of_this_machine(std::string_view version) {
  Constants out;
  utsname names{};
  if (uname(&names) == 0) {
    out.hostname = names.nodename;
    out.arch = arch_name(names.machine);
  }
  out.version = format("v{}", version.empty() ? "0.0.0" : version);
  return out;
}

catalog::FunctionTable functions(const Constants& constants) {
  static constexpr const catalog::FunctionDef* kFunctions[] = {
#define FUNCTION(id) &id,
#include "stdlib/functions.def"
#undef FUNCTION
  };
  catalog::FunctionTable table(kFunctions);
  table.add_constant("constants.hostname", value::Value(constants.hostname));
  table.add_constant("constants.os", value::Value(constants.os));
  table.add_constant("constants.arch", value::Value(constants.arch));
  table.add_constant("constants.version", value::Value(constants.version));
  return table;
}

catalog::CallContext process_context() {
  catalog::CallContext context;
  context.env = [](const std::string& name, void*) -> std::string {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? "" : value;
  };
  return context;
}

}  // namespace weir::stdlib

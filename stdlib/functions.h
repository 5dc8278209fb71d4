// SPDX-License-Identifier: Apache-2.0
// The standard library as the table that expressions look into.

#pragma once

#include "interpreter/catalog/function_def.h"

#include <string>
#include <string_view>

namespace weir::stdlib {

/// What `constants` says of the machine and the program.
struct Constants {
  std::string hostname;
  std::string os = "linux";
  std::string arch;     ///< "amd64", "arm64"
  std::string version;  ///< "v0.1.0"

  /// Of this machine, for a program of this version ("0.1.0"; empty: unknown).
  static Constants of_this_machine(std::string_view version);
};

/// Every function of functions.def, and `constants`.
catalog::FunctionTable functions(const Constants& constants);

/// A context whose environment is the process's own.
catalog::CallContext process_context();

}  // namespace weir::stdlib

// SPDX-License-Identifier: Apache-2.0
// From the words of a command line to a body that a command's schema decodes, so that flags and blocks share one
// decoder.

#pragma once

#include "cli/command.h"

#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// "--server.http.listen-addr" of the field server.http.listen_addr.
std::string flag_name(std::string_view field);
/// The fields of a command's table that are flags: all but `paths`.
std::vector<schema::Field> flags_of(const CommandDef& def);

struct CommandLine {
  bool help = false;  ///< --help was asked for; the rest was not read
  schema::EvaluatedBody body;
};
/// Reads what follows the command's name. Errors: to the sink, all of them.
CommandLine read_flags(const CommandDef& def, const std::vector<std::string>& words,
                       text::DiagnosticSink& sink);

}  // namespace weir::cli

// SPDX-License-Identifier: Apache-2.0
// The shape of a command: a struct of flags with a schema table, and run().
//
//   struct Validate {
//     struct Flags { std::vector<std::string> paths; std::string format = "text"; static schema::Schema schema(); };
//     static ExitCode run(const Flags& flags, World& world);
//   };
//   extern constexpr CommandDef cmd_validate = command<Validate>("validate", "Checks configuration.", "PATH...");
//
// A flag is its field's name with `-` for `_`: server.http.listen_addr is --server.http.listen-addr. The
// field named `paths` takes what is no flag. --help and the reference page come from the table.

#pragma once

#include "cli/exit_codes.h"
#include "cli/world.h"
#include "interpreter/schema/schema.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// A one-letter name of a flag: {'w', "write"}.
struct ShortFlag {
  char letter = 0;
  std::string_view flag;
};

/// One row of commands.def. A literal type.
struct CommandDef {
  std::string_view name;
  std::string_view doc;
  std::string_view operands;  ///< for the usage line: "[FILE...]"; empty: takes none
  std::span<const ShortFlag> shorts;
  const schema::BlockOps& (*flags)() = nullptr;
  ExitCode (*run)(const void* flags, World& world) = nullptr;
};

template <class C>
consteval CommandDef command(std::string_view name, std::string_view doc, std::string_view operands,
                             std::span<const ShortFlag> shorts = {}) {
  CommandDef def{};
  def.name = name;
  def.doc = doc;
  def.operands = operands;
  def.shorts = shorts;
  def.flags = &schema::detail::block_ops<typename C::Flags>;
  def.run = [](const void* flags, World& world) {
    return C::run(*static_cast<const typename C::Flags*>(flags), world);
  };
  return def;
}

/// All commands, in the order of the help text.
std::span<const CommandDef* const> all_commands();
/// Runs what `arguments` (without the program's name) ask for.
ExitCode run_program(const std::vector<std::string>& arguments, World& world);
/// The help text of one command.
std::string help(const CommandDef& def);

}  // namespace weir::cli

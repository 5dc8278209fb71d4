// SPDX-License-Identifier: Apache-2.0
// From words on a command line to a command's flags, and help text from the same table.

#include "cli/command.h"

#include "base/format.h"
#include "cli/flags.h"

namespace weir::cli {

#define COMMAND(id) extern const CommandDef id;
#include "cli/commands.def"
#undef COMMAND

std::span<const CommandDef* const> all_commands() {
#define COMMAND(id) &id,
  static constexpr const CommandDef* kCommands[] = {
#include "cli/commands.def"
  };
#undef COMMAND
  return kCommands;
}

namespace {

/// Other names of commands, as the field has them.
constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"format", "fmt"}, {"--version", "version"}, {"-v", "version"}};

const CommandDef* find_command(std::string_view name) {
  for (const auto& [alias, real] : kAliases) {
    if (name == alias) name = real;
  }
  for (const CommandDef* def : all_commands()) {
    if (def->name == name) return def;
  }
  return nullptr;
}

std::string overview() {
  std::string text = "usage: weir COMMAND [FLAGS] [PATH...]\n\ncommands:\n";
  for (const CommandDef* def : all_commands()) text += format("  {:<12}{}\n", def->name, def->doc);
  return text + "\n`weir help COMMAND` shows a command's flags.\n";
}

/// Flags decode as attributes do; in what is said of them they bear the names that were written.
std::string with_flag_names(std::string message, const CommandDef& def) {
  for (const schema::Field& field : flags_of(def)) {
    if (message.starts_with(field.name) && message.substr(field.name.size()).starts_with(" "))
      return flag_name(field.name) + message.substr(field.name.size());
  }
  return message;
}

ExitCode run_command(const CommandDef& def, const std::vector<std::string>& words, World& world) {
  text::DiagnosticSink sink;
  const CommandLine line = read_flags(def, words, sink);
  if (line.help) {
    world.out(help(def));
    return ExitCode::kOk;
  }
  const std::shared_ptr<void> flags = def.flags().make();
  schema::DecodeContext context{};
  context.name = def.name;
  if (!sink.has_errors()) schema::decode(def.flags(), line.body, context, flags.get(), sink);
  if (!sink.has_errors()) return def.run(flags.get(), world);
  for (const text::Diagnostic& diagnostic : sink.all()) {
    world.err(format("error: {}\n", with_flag_names(diagnostic.message, def)));
    if (!diagnostic.hint.empty()) world.err(format("  = help: {}\n", diagnostic.hint));
  }
  return ExitCode::kUsage;
}

ExitCode unknown_command(const std::string& name, World& world) {
  std::vector<std::string_view> names;
  for (const CommandDef* known : all_commands()) names.push_back(known->name);
  const std::string meant = text::did_you_mean(name, names);
  world.err(format("error: unknown command \"{}\"\n  = help: {}\n", name,
                   meant.empty() ? "weir help lists the commands" : meant));
  return ExitCode::kUsage;
}

ExitCode help_of(const std::vector<std::string>& names, World& world) {
  if (names.empty()) world.out(overview());
  for (const std::string& name : names) {
    const CommandDef* def = find_command(name);
    if (def == nullptr) return unknown_command(name, world);
    world.out(help(*def));
  }
  return ExitCode::kOk;
}

}  // namespace

std::string help(const CommandDef& def) {
  std::string text = format("{}\n\nusage: weir {} [FLAGS]{}{}\n", def.doc, def.name,
                            def.operands.empty() ? "" : " ", def.operands);
  const std::vector<schema::Field> flags = flags_of(def);
  if (flags.empty()) return text;
  text += "\nflags:\n";
  const std::shared_ptr<void> defaults = def.flags().make();
  for (const schema::Field& field : flags) {
    std::string name = flag_name(field.name);
    for (const ShortFlag& shorty : def.shorts) {
      if (shorty.flag == field.name) name = format("-{}, {}", shorty.letter, name);
    }
    const value::Value fallback = field.type().encode(field.at(defaults.get()));
    const std::string shown = value::to_json(fallback);
    text += format("  {}\n      {}", name, field.doc);
    std::string allowed;
    for (const std::string_view one : field.allowed) {
      if (one.data() != nullptr) allowed += format("{}{}", allowed.empty() ? "" : ", ", one);
    }
    if (!allowed.empty()) text += format(" One of {}.", allowed);
    if (!field.unbuilt_hint.empty())
      text += " (not built yet)";
    else if (shown != "false" && shown != "\"\"" && shown != "[]")
      text += format(" (default {})", shown);
    text += "\n";
  }
  return text;
}

ExitCode run_program(const std::vector<std::string>& arguments, World& world) {
  if (arguments.empty()) {
    world.err(overview());
    return ExitCode::kUsage;
  }
  const std::string& name = arguments[0];
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  ExitCode code = ExitCode::kOk;
  if (name == "help" || name == "--help" || name == "-h") {
    code = help_of(rest, world);
  } else if (const CommandDef* def = find_command(name)) {
    code = run_command(*def, rest, world);
  } else {
    code = unknown_command(name, world);
  }
  const Status written = world.written ? world.written() : Status();
  if (written) return code;
  world.err(format("error: standard output: {}\n", written.error().message));
  return code == ExitCode::kOk ? ExitCode::kFailed : code;
}

}  // namespace weir::cli

// SPDX-License-Identifier: Apache-2.0
// From words on a command line to a command's flags, and help text from the same table.

#include "cli/command.h"

#include "base/format.h"

#include <algorithm>
#include <optional>

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

constexpr std::string_view kOperands = "paths";
/// Other names of commands, as the field has them.
constexpr std::pair<std::string_view, std::string_view> kAliases[] = {{"format", "fmt"}};

std::string flag_name(std::string_view field) {
  std::string name(field);
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

std::vector<schema::Field> flags_of(const CommandDef& def) {
  std::vector<schema::Field> flags;
  for (const schema::Field& field : def.flags().schema().fields()) {
    if (field.name != kOperands) flags.push_back(field);
  }
  return flags;
}

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
  return text + "\n`weir COMMAND --help` shows a command's flags.\n";
}

/// Collects a command line into a body that the schema decodes, so that flags and blocks share one decoder.
class FlagReader {
 public:
  FlagReader(const CommandDef& def, text::DiagnosticSink& sink)
      : def_(def), flags_(flags_of(def)), sink_(sink) {}

  /// False if --help was asked for.
  bool read(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (word == "--help" || word == "-h") return false;
      if (word == "--") {
        operands_.insert(operands_.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                         words.end());
        break;
      }
      if (word.size() < 2 || word[0] != '-') {
        operands_.push_back(word);
        continue;
      }
      read_flag(words, i);
    }
    return true;
  }

  schema::EvaluatedBody body() {
    if (!operands_.empty()) {
      if (def_.operands.empty()) {
        sink_.add(text::DiagnosticCode::kUnknownAttribute, {},
                  format("{} takes no argument, got \"{}\"", def_.name, operands_.front()));
      } else {
        value::Array paths;
        for (const std::string& operand : operands_) paths.emplace_back(operand);
        add(std::string(kOperands), value::Value(std::move(paths)));
      }
    }
    for (auto& [name, texts] : lists_) add(name, value::Value(std::move(texts)));
    return std::move(body_);
  }

 private:
  void read_flag(const std::vector<std::string>& words, std::size_t& i) {
    const std::string& word = words[i];
    const bool is_long = word.starts_with("--");
    const std::size_t equals = word.find('=');
    std::string name = word.substr(
        is_long ? 2 : 1, equals == std::string::npos ? equals : equals - (is_long ? 2 : 1));
    if (!is_long) name = long_name(name);
    const schema::Field* field = find(name);
    if (field == nullptr) {
      std::vector<std::string> names;
      for (const schema::Field& f : flags_) names.push_back(flag_name(f.name));
      sink_.add(text::DiagnosticCode::kUnknownAttribute, {},
                format("unknown flag \"{}\" of {}", word.substr(0, equals), def_.name),
                text::did_you_mean(name, {names.begin(), names.end()}));
      return;
    }
    const value::Type type = field->type().type();
    if (type.tag() == value::Type::Tag::kBool) {
      const std::string given = equals == std::string::npos ? "true" : word.substr(equals + 1);
      if (given == "true" || given == "1") return add(std::string(field->name), value::Value(true));
      if (given == "false" || given == "0")
        return add(std::string(field->name), value::Value(false));
      sink_.add(text::DiagnosticCode::kBadValue, {},
                format("--{} takes true or false, got \"{}\"", name, given));
      return;
    }
    if (equals == std::string::npos && i + 1 >= words.size()) {
      sink_.add(text::DiagnosticCode::kBadValue, {}, format("--{} needs a value", name));
      return;
    }
    std::string given = equals == std::string::npos ? words[++i] : word.substr(equals + 1);
    if (type.tag() == value::Type::Tag::kList) return add_list(std::string(field->name), given);
    add(std::string(field->name), value::Value(std::move(given)));
  }

  [[nodiscard]] std::string long_name(const std::string& letters) const {
    for (const ShortFlag& shorty : def_.shorts) {
      if (letters.size() == 1 && letters[0] == shorty.letter) return flag_name(shorty.flag);
    }
    return letters;  // Go programs take -name as --name
  }

  [[nodiscard]] const schema::Field* find(std::string_view name) const {
    for (const schema::Field& field : flags_) {
      if (flag_name(field.name) == name) return &field;
    }
    return nullptr;
  }

  void add(std::string name, value::Value value) {
    std::erase_if(body_.attributes,
                  [&](const auto& attribute) { return attribute.name == name; });  // the last wins
    schema::EvaluatedAttribute attribute;
    attribute.name = std::move(name);
    attribute.type = value::Type::of(value);
    attribute.value = std::move(value);
    body_.attributes.push_back(std::move(attribute));
  }

  /// A list flag may be repeated and may hold commas.
  void add_list(std::string name, std::string_view text) {
    auto list =
        std::find_if(lists_.begin(), lists_.end(), [&](const auto& l) { return l.first == name; });
    if (list == lists_.end()) list = lists_.insert(lists_.end(), {std::move(name), {}});
    while (true) {
      const std::size_t comma = text.find(',');
      list->second.emplace_back(text.substr(0, comma));
      if (comma == std::string_view::npos) return;
      text.remove_prefix(comma + 1);
    }
  }

  const CommandDef& def_;
  const std::vector<schema::Field> flags_;
  text::DiagnosticSink& sink_;
  schema::EvaluatedBody body_;
  std::vector<std::string> operands_;
  std::vector<std::pair<std::string, value::Array>> lists_;
};

}  // namespace

std::string help(const CommandDef& def) {
  std::string text = format("{}\n\nusage: weir {} [FLAGS]{}{}\n", def.doc, def.name,
                            def.operands.empty() ? "" : " ", def.operands);
  const std::vector<schema::Field> flags = flags_of(def);
  if (flags.empty()) return text;
  text += "\nflags:\n";
  const std::shared_ptr<void> defaults = def.flags().make();
  for (const schema::Field& field : flags) {
    std::string name = "--" + flag_name(field.name);
    for (const ShortFlag& shorty : def.shorts) {
      if (shorty.flag == field.name) name = format("-{}, {}", shorty.letter, name);
    }
    const value::Value fallback = field.type().encode(field.at(defaults.get()));
    const std::string shown = value::to_json(fallback);
    text += format("  {}\n      {}", name, field.doc);
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
  if (arguments[0] == "help" || arguments[0] == "--help" || arguments[0] == "-h") {
    world.out(overview());
    return ExitCode::kOk;
  }
  const CommandDef* def =
      find_command(arguments[0] == "--version" || arguments[0] == "-v" ? "version" : arguments[0]);
  if (def == nullptr) {
    std::vector<std::string_view> names;
    for (const CommandDef* known : all_commands()) names.push_back(known->name);
    const std::string meant = text::did_you_mean(arguments[0], names);
    world.err(format("error: unknown command \"{}\"{}{}\n", arguments[0], meant.empty() ? "" : ": ",
                     meant));
    return ExitCode::kUsage;
  }
  text::DiagnosticSink sink;
  FlagReader reader(*def, sink);
  if (!reader.read({arguments.begin() + 1, arguments.end()})) {
    world.out(help(*def));
    return ExitCode::kOk;
  }
  const std::shared_ptr<void> flags = def->flags().make();
  schema::DecodeContext context{};
  context.name = def->name;
  schema::decode(def->flags(), reader.body(), context, flags.get(), sink);
  if (sink.has_errors()) {
    for (const text::Diagnostic& diagnostic : sink.all()) {
      world.err(format("error: {}\n", diagnostic.message));
      if (!diagnostic.hint.empty()) world.err(format("  = help: {}\n", diagnostic.hint));
    }
    return ExitCode::kUsage;
  }
  return def->run(flags.get(), world);
}

}  // namespace weir::cli

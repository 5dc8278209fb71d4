// SPDX-License-Identifier: Apache-2.0
// weir validate: everything that can be known to be wrong with a configuration before it runs.

#include "base/format.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/program.h"
#include "cli/report.h"
#include "interpreter/check/check.h"
#include "interpreter/syntax/parse.h"

#include <filesystem>

namespace weir::cli {
namespace {

struct Validate {
  struct Flags {
    std::vector<std::string> paths;
    std::string format = "text";
    bool strict = false;
    std::string stability_level = "generally-available";
    bool community = false;
    std::string config_format = "alloy";
    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
  };
  static ExitCode run(const Flags& flags, World& world);
};

schema::Schema Validate::Flags::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Flags::paths>(
          "paths",
          "Files, or directories whose `*.alloy` files are one unit; `-` is standard input.")
          .required(),
      schema::attr<&Flags::format>("format", "How to print what is found.")
          .one_of("text", "json", "github"),
      schema::attr<&Flags::strict>("strict", "Fail on warnings too."),
      schema::attr<&Flags::stability_level>("stability.level",
                                            "The least stable features that are admitted.")
          .one_of("experimental", "public-preview", "generally-available"),
      schema::attr<&Flags::community>("feature.community_components.enabled",
                                      "Admit community components."),
      schema::attr<&Flags::config_format>(
          "config.format",
          "The format of the configuration; others than `alloy` are not built yet."),
  });
  return kTable;
}

void Validate::Flags::validate(schema::Problems& problems) const {
  if (config_format != "alloy") {
    problems.add("config.format",
                 weir::format("--config.format={} is not built yet: only alloy is", config_format));
  }
}

text::RenderStyle style_of(std::string_view format) {
  return format == "json" ? text::RenderStyle::kJson : text::RenderStyle::kGithub;
}

check::Options options_of(const Validate::Flags& flags, const std::string& path) {
  check::Options options;
  options.minimum_stability = *schema::parse_stability(flags.stability_level);
  options.community = flags.community;
  options.module_path =
      is_directory(path) ? path : std::filesystem::path(path).parent_path().string();
  options.read_module = [](const std::string& module) -> Result<std::vector<check::ModuleText>> {
    WEIR_TRY(const std::vector<NamedText> texts, read_config(module));
    std::vector<check::ModuleText> out;
    for (const NamedText& text : texts) out.push_back({text.name, text.text});
    return out;
  };
  return options;
}

/// Adds what is found in the unit at `path`; an error if it cannot be read.
Status check_unit(const std::string& path, const Validate::Flags& flags, const World& world,
                  const catalog::Catalog& catalog, const catalog::FunctionTable& functions,
                  text::DiagnosticSink& all) {
  std::vector<NamedText> texts;
  if (path == "-") {
    texts.push_back({"<stdin>", world.read_in()});
  } else {
    WEIR_TRY(texts, read_config(path));
  }
  std::vector<std::shared_ptr<const syntax::File>> files;
  text::DiagnosticSink found;
  for (const NamedText& text : texts) {
    files.push_back(syntax::parse_file(text::Source::make(text.name, text.text), found));
  }
  if (!found.has_errors())
    found.append(check::check(files, catalog, functions, options_of(flags, path)));
  else
    found.sort();
  all.append(std::move(found));
  return {};
}

ExitCode Validate::run(const Flags& flags, World& world) {
  const catalog::Catalog catalog = program_catalog();
  const catalog::FunctionTable functions = program_functions();
  text::DiagnosticSink found;
  for (const std::string& path : flags.paths) {
    if (const Status read = check_unit(path, flags, world, catalog, functions, found); !read) {
      world.err(weir::format("error: {}\n", read.error().message));
      return ExitCode::kFailed;
    }
  }
  if (flags.format == "text")
    report(found, world);
  else
    world.out(text::render(found.all(), {style_of(flags.format), false}));
  const bool good = !found.has_errors() && !(flags.strict && found.warning_count() > 0);
  return good ? ExitCode::kOk : ExitCode::kConfiguration;
}

}  // namespace

extern constexpr CommandDef cmd_validate =
    command<Validate>("validate", "Checks configuration without running it.", "FILE|DIR|-...");

}  // namespace weir::cli

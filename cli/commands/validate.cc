// SPDX-License-Identifier: Apache-2.0
// weir validate: everything that can be known to be wrong with a configuration before it runs.

#include "base/format.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/program.h"
#include "cli/report.h"
#include "interpreter/check/check.h"
#include "interpreter/graph/import_source.h"
#include "interpreter/syntax/parse.h"
#include "interpreter/text/encoding.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <unistd.h>

namespace weir::cli {
namespace {

struct Validate {
  struct Flags {
    std::vector<std::string> paths;
    std::string format = "text";
    bool strict = false;
    bool ignore_not_built = false;
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
      schema::attr<&Flags::ignore_not_built>(
          "ignore_not_built",
          "What is not built yet is a warning, which does not fail even `--strict`; all else is "
          "checked as if it were there."),
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
  options.ignore_not_built = flags.ignore_not_built;
  options.module_path =
      is_directory(path) ? path : std::filesystem::path(path).parent_path().string();
  options.read_module = [](const std::string& module) -> Result<std::vector<check::ModuleText>> {
    WEIR_TRY(const auto parts, graph::read_module_files(module));
    std::vector<check::ModuleText> out;
    for (const auto& part : parts) out.push_back({part.name, part.text});
    return out;
  };
  options.can_read = [](const std::string& file) -> Status {
    if (::access(file.c_str(), R_OK) == 0) return {};
    return system_error(errno, file);
  };
  return options;
}

/// Adds what is found in the unit at `path`; false if it cannot be read.
bool check_unit(const std::string& path, const Validate::Flags& flags, const World& world,
                const catalog::Catalog& catalog, const catalog::FunctionTable& functions,
                text::DiagnosticSink& all) {
  std::vector<NamedText> texts;
  if (path == "-") {
    texts.push_back({"<stdin>", text::decode_file(world.read_in())});
  } else {
    auto read = read_config(path);
    if (!read) {
      all.add(text::DiagnosticCode::kUnreadable, {}, read.error().message);
      return false;
    }
    texts = *std::move(read);
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
  return true;
}

bool passes(const text::DiagnosticSink& found, const Validate::Flags& flags) {
  if (found.has_errors() || !flags.strict) return !found.has_errors();
  const auto ignored = std::count_if(found.all().begin(), found.all().end(), [](const auto& d) {
    return d.code == text::DiagnosticCode::kNotBuiltYet;
  });
  return found.warning_count() == static_cast<std::size_t>(ignored);
}

ExitCode Validate::run(const Flags& flags, World& world) {
  const catalog::Catalog catalog = program_catalog();
  const catalog::FunctionTable functions = program_functions();
  text::DiagnosticSink found;
  bool readable = true;
  for (const std::string& path : flags.paths)
    readable &= check_unit(path, flags, world, catalog, functions, found);
  if (flags.format == "text")
    report(found, world);
  else
    world.out(text::render(found.all(), {style_of(flags.format), false}));
  if (!readable) return ExitCode::kFailed;
  return passes(found, flags) ? ExitCode::kOk : ExitCode::kConfiguration;
}

}  // namespace

extern constexpr CommandDef cmd_validate =
    command<Validate>("validate", "Checks configuration without running it.", "FILE|DIR|-...");

}  // namespace weir::cli

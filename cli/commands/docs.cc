// SPDX-License-Identifier: Apache-2.0
// weir docs: the reference, written from the tables that the program itself runs by.

#include "base/format.h"
#include "base/fs.h"
#include "cli/command.h"
#include "cli/program.h"

#include <algorithm>

namespace weir::cli {
namespace {

struct Docs {
  struct Flags {
    std::vector<std::string> paths;
    std::string write;
    std::string prose = "components";
    static schema::Schema schema();
  };
  static ExitCode run(const Flags& flags, World& world);
};

schema::Schema Docs::Flags::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Flags::paths>(
          "paths", "Names of components or functions; none prints the list of pages."),
      schema::attr<&Flags::write>("write", "Write every page into this folder."),
      schema::attr<&Flags::prose>("prose", "The folder of the components' own pages, for --write."),
  });
  return kTable;
}

struct Page {
  std::string name;  ///< "loki.write", "functions"
  std::string text;
};

std::string component_page(const catalog::ComponentDef& def) {
  std::string text = format("# {}\n\n{}\n\nStability: {}.\n\n## Arguments\n\n{}", def.name, def.doc,
                            schema::to_string(def.stability), schema::markdown(def.args()));
  if (def.exports == nullptr) return text;
  text += "\n## Exports\n\n| name | type | what |\n| --- | --- | --- |\n";
  for (const schema::Field& field : def.exports().fields()) {
    text += format("| `{}` | {} | {} |\n", field.name, field.type().type().text(), field.doc);
  }
  return text;
}

std::string function_section(const catalog::FunctionDef& def) {
  std::string text = format("## {}\n\n`{}`\n\n{}\n", def.name, def.signature(), def.doc);
  if (!def.params.empty()) text += "\n";
  for (const catalog::Param& param : def.params)
    text += format("- `{}`: {}\n", param.name, param.doc);
  if (!def.examples.empty()) text += "\n";
  for (const catalog::Example& example : def.examples)
    text += format("- `{}` is `{}`\n", example.expression, example.result);
  return text;
}

std::string functions_page(const catalog::FunctionTable& functions) {
  std::string text = "# Functions\n";
  for (const catalog::FunctionDef* def : functions.all()) {
    if (def->alias_of.empty()) text += "\n" + function_section(*def);
  }
  text += "\n## Deprecated names\n\n";
  for (const catalog::FunctionDef* def : functions.all()) {
    if (!def->alias_of.empty()) text += format("- `{}`: use `{}`\n", def->name, def->alias_of);
  }
  return text;
}

std::string commands_page() {
  std::string text = "# Commands\n";
  for (const CommandDef* def : all_commands())
    text += format("\n## weir {}\n\n```\n{}```\n", def->name, help(*def));
  return text;
}

std::string diagnostics_page() {
  std::string text =
      "# Diagnostics\n\nCodes are stable. `weir validate --format json` prints one document:\n\n"
      "| member | what |\n| --- | --- |\n"
      "| `diagnostics` | a list of `code`, `name`, `severity` (`error` or `warning`), `file`, "
      "`line`, `column`, `end_line`, "
      "`end_column`, `message`, `hint`, `notes` |\n| `errors`, `warnings` | how many |\n\n"
      "Lines and columns count from 1, columns in bytes; the end is the last byte that is "
      "meant.\n\n"
      "| code | name | severity | what |\n| --- | --- | --- | --- |\n";
  for (const text::CodeInfo& code : text::all_codes()) {
    text += format("| {} | {} | {} | {} |\n", code.number, code.name,
                   code.severity == text::Severity::kError ? "error" : "warning", code.doc);
  }
  return text;
}

std::vector<Page> all_pages() {
  std::vector<Page> pages;
  const catalog::Catalog catalog = program_catalog();
  for (const catalog::ComponentDef* def : catalog.all())
    pages.push_back({std::string(def->name), component_page(*def)});
  pages.push_back({"commands", commands_page()});
  pages.push_back({"diagnostics", diagnostics_page()});
  pages.push_back({"functions", functions_page(program_functions())});
  return pages;
}

/// components/loki/source_file/source_file.md for loki.source.file; empty if there is none.
std::string prose_of(const std::string& folder, const std::string& name) {
  std::string path = name;
  const std::size_t dot = path.find('.');
  if (dot == std::string::npos) return {};
  std::string leaf = path.substr(dot + 1);
  std::replace(leaf.begin(), leaf.end(), '.', '_');
  return fs::read_file(format("{}/{}/{}/{}.md", folder, path.substr(0, dot), leaf, leaf))
      .value_or(std::string());
}

ExitCode write_pages(const Docs::Flags& flags, World& world) {
  Status done = fs::make_folders(flags.write);
  for (const Page& page : all_pages()) {
    if (!done) break;
    const std::string prose = prose_of(flags.prose, page.name);
    done = fs::write_file_atomic(format("{}/{}.md", flags.write, page.name),
                                 prose.empty() ? page.text : page.text + "\n" + prose);
  }
  if (done) return ExitCode::kOk;
  world.err(format("error: {}\n", done.error().message));
  return ExitCode::kFailed;
}

ExitCode Docs::run(const Flags& flags, World& world) {
  if (!flags.write.empty()) return write_pages(flags, world);
  const std::vector<Page> pages = all_pages();
  if (flags.paths.empty()) {
    for (const Page& page : pages) world.out(page.name + "\n");
    return ExitCode::kOk;
  }
  const catalog::FunctionTable functions = program_functions();
  for (const std::string& name : flags.paths) {
    const auto page =
        std::find_if(pages.begin(), pages.end(), [&](const Page& p) { return p.name == name; });
    if (page != pages.end()) {
      world.out(page->text);
    } else if (const catalog::FunctionDef* function = functions.find(name)) {
      world.out(function_section(*function));
    } else {
      std::vector<std::string_view> known;
      for (const Page& p : pages) known.push_back(p.name);
      for (const catalog::FunctionDef* def : functions.all()) known.push_back(def->name);
      const std::string meant = text::did_you_mean(name, known);
      world.err(format("error: no page \"{}\"{}{}\n", name, meant.empty() ? "" : ": ", meant));
      return ExitCode::kUsage;
    }
  }
  return ExitCode::kOk;
}

}  // namespace

extern constexpr CommandDef cmd_docs =
    command<Docs>("docs", "Prints or writes the reference.", "[NAME]...");

}  // namespace weir::cli

// SPDX-License-Identifier: Apache-2.0
// weir docs: the reference, written from the tables that the program itself runs by.

#include "base/format.h"
#include "base/fs.h"
#include "cli/command.h"
#include "cli/program.h"
#include "interpreter/catalog/language_blocks.h"

#include <algorithm>

namespace weir::cli {
namespace {

struct Docs {
  struct Flags {
    std::vector<std::string> paths;
    std::string write;
    std::string sources = ".";
    static schema::Schema schema();
  };
  static ExitCode run(const Flags& flags, World& world);
};

schema::Schema Docs::Flags::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Flags::paths>(
          "paths", "Names of components or functions; none prints the list of pages."),
      schema::attr<&Flags::write>("write", "Write every page into this folder."),
      schema::attr<&Flags::sources>(
          "sources", "The folder of the sources, whose pages of prose --write takes in."),
  });
  return kTable;
}

struct Page {
  std::string name;  ///< "loki.write", "functions"
  std::string text;
};

/// `prose` is the page its author wrote, title and all; empty: there is none.
std::string component_page(const catalog::ComponentDef& def, const std::string& prose) {
  std::string text = prose.empty() ? format("# {}\n\n{}\n", def.name, def.doc) : prose;
  text += format("\n## Arguments\n\nStability: {}.\n\n{}", schema::to_string(def.stability),
                 schema::markdown(def.args()));
  if (def.exports == nullptr) return text;
  text += "\n## Exports\n\n| Name | Type | What it is |\n| --- | --- | --- |\n";
  for (const schema::Field& field : def.exports().fields()) {
    text += format("| `{}` | {} | {} |\n", field.name, field.type().type().text(), field.doc);
  }
  return text;
}

/// The blocks of the language itself; what configures the program has pages of its own.
std::string blocks_page() {
  const struct {
    std::string_view name, doc;
    const schema::BlockOps& ops;
  } kBlocks[] = {
      {"argument", "What a module is given: read as `argument.LABEL.value`.",
       schema::detail::block_ops<catalog::ArgumentBlock>()},
      {"export", "What a module gives: read as `COMPONENT.LABEL.NAME` where the module is used.",
       schema::detail::block_ops<catalog::ExportBlock>()},
      {"foreach", "Runs a module for each item of a list.",
       schema::detail::block_ops<catalog::ForeachBlock>()},
      {"import.file", "Takes modules from a file or a folder.",
       schema::detail::block_ops<catalog::ImportFileBlock>()},
      {"import.string", "Takes modules from a text.",
       schema::detail::block_ops<catalog::ImportStringBlock>()},
      {"import.http", "Takes modules from an address.",
       schema::detail::block_ops<catalog::ImportHttpBlock>()},
      {"import.git", "Takes modules from a repository.",
       schema::detail::block_ops<catalog::ImportGitBlock>()},
  };
  std::string text =
      "# Blocks of the language\n\n`declare \"NAME\" { ... }` makes a component of a module's "
      "body; "
      "the other blocks are these.\n";
  for (const auto& block : kBlocks)
    text += format("\n## {}\n\n{}\n\n{}", block.name, block.doc, schema::markdown(block.ops));
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

/// components/loki/source_file/source_file.md for loki.source.file, server/http.md for http.
std::string prose_of(const std::string& root, std::string name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos) {
    auto text = fs::read_file(format("{}/server/{}.md", root, name));
    if (!text) text = fs::read_file(format("{}/components/{}/{}.md", root, name, name));
    return text.value_or(std::string());
  }
  std::string leaf = name.substr(dot + 1);
  std::replace(leaf.begin(), leaf.end(), '.', '_');
  return fs::read_file(format("{}/components/{}/{}/{}.md", root, name.substr(0, dot), leaf, leaf))
      .value_or(std::string());
}

/// `root`: the folder of the sources, where the components' own pages are; empty: without them.
std::vector<Page> all_pages(const std::string& root) {
  std::vector<Page> pages;
  const catalog::Catalog catalog = program_catalog();
  std::string index =
      "# Reference\n\nWritten by `weir docs --write` from the tables that the program runs by.\n\n";
  for (const catalog::ComponentDef* def : catalog.all()) {
    const std::string name(def->name);
    pages.push_back(
        {name, component_page(*def, root.empty() ? std::string() : prose_of(root, name))});
    index += format("- [{}]({}.md): {}\n", name, name, def->doc);
  }
  pages.push_back({"blocks", blocks_page()});
  pages.push_back({"commands", commands_page()});
  pages.push_back({"diagnostics", diagnostics_page()});
  pages.push_back({"functions", functions_page(program_functions())});
  index +=
      "\nBlocks of the language: [blocks](blocks.md). Functions: [functions](functions.md). "
      "Commands: "
      "[commands](commands.md). What the checker says: [diagnostics](diagnostics.md).\n";
  pages.push_back({"README", std::move(index)});
  return pages;
}

ExitCode write_pages(const Docs::Flags& flags, World& world) {
  Status done = fs::make_folders(flags.write);
  for (const Page& page : all_pages(flags.sources)) {
    if (done) done = fs::write_file_atomic(format("{}/{}.md", flags.write, page.name), page.text);
  }
  if (done) return ExitCode::kOk;
  world.err(format("error: {}\n", done.error().message));
  return ExitCode::kFailed;
}

ExitCode Docs::run(const Flags& flags, World& world) {
  if (!flags.write.empty()) return write_pages(flags, world);
  const std::vector<Page> pages = all_pages("");
  if (flags.paths.empty()) {
    for (const Page& page : pages) {
      if (page.name != "README") world.out(page.name + "\n");
    }
    return ExitCode::kOk;
  }
  const catalog::FunctionTable functions = program_functions();
  bool first = true;
  for (const std::string& name : flags.paths) {
    if (!std::exchange(first, false)) world.out("\n");
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
      world.err(format("error: no page \"{}\"\n  = help: {}\n", name,
                       meant.empty() ? "weir docs lists the pages" : meant));
      return ExitCode::kUsage;
    }
  }
  return ExitCode::kOk;
}

}  // namespace

extern constexpr CommandDef cmd_docs =
    command<Docs>("docs", "Prints or writes the reference.", "[NAME]...");

}  // namespace weir::cli

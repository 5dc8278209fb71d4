// SPDX-License-Identifier: Apache-2.0
#include "cli/reference.h"

#include "base/format.h"
#include "cli/command.h"
#include "cli/embedded.h"
#include "cli/program.h"
#include "interpreter/catalog/language_blocks.h"

#include <algorithm>
#include <utility>

namespace weir::cli {
namespace {

std::string_view embedded(std::string_view path) {
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path == path) return file.text;
  }
  return {};
}

/// components/loki/source_file/source_file.md for loki.source.file, server/http.md for http.
std::string_view prose_of(const std::string& name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos) {
    const std::string_view text = embedded(format("server/{}.md", name));
    return text.empty() ? embedded(format("components/{}/{}.md", name, name)) : text;
  }
  std::string leaf = name.substr(dot + 1);
  std::replace(leaf.begin(), leaf.end(), '.', '_');
  return embedded(format("components/{}/{}/{}.md", name.substr(0, dot), leaf, leaf));
}

std::string component_page(const catalog::ComponentDef& def) {
  const std::string_view prose = prose_of(std::string(def.name));
  std::string text = prose.empty() ? format("# {}\n\n{}\n", def.name, def.doc) : std::string(prose);
  text += format("\n## Arguments\n\nStability: {}.\n\n{}", schema::to_string(def.stability),
                 schema::markdown(def.args()));
  if (def.exports == nullptr) return text;
  text += "\n## Exports\n\n| Name | Type | What it is |\n| --- | --- | --- |\n";
  for (const schema::Field& field : def.exports().fields()) {
    text += format("| `{}` | {} | {} |\n", field.name, field.type().type().text(), field.doc);
  }
  return text;
}

std::string block_section(const catalog::LanguageBlock& block) {
  const std::string body =
      block.args == nullptr
          ? "Its label is the component's name. It holds the blocks of a module.\n"
          : schema::markdown(block.args());
  return format("## {}\n\n{}\n\nStability: {}.\n\n{}", block.name, block.doc,
                schema::to_string(block.stability), body);
}

std::string blocks_page() {
  std::string text = "# Blocks of the language\n";
  for (const catalog::LanguageBlock& block : catalog::language_blocks())
    text += "\n" + block_section(block);
  return text;
}

std::string function_section(const catalog::FunctionDef& def) {
  std::string text = format("## {}\n\n`{}`\n\n{}\n", def.name, def.signature(), def.doc);
  if (!def.alias_of.empty()) text += format("\nDeprecated: use `{}`.\n", def.alias_of);
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

std::string command_section(const CommandDef& def) {
  return format("## weir {}\n\n```\n{}```\n", def.name, help(def));
}

std::string commands_page() {
  std::string text = "# Commands\n";
  for (const CommandDef* def : all_commands()) text += "\n" + command_section(*def);
  return text;
}

std::string_view severity_of(const text::CodeInfo& code) {
  return code.severity == text::Severity::kError ? "error" : "warning";
}

/// What codes.md has below the heading of that number, without the heading.
std::string_view explanation_of(std::string_view number) {
  std::string_view text = embedded("interpreter/text/codes.md");
  const std::string heading = format("## {}\n\n", number);
  const std::size_t begin = text.find(heading);
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin + heading.size());
  const std::size_t next = text.find("\n## ");
  return text.substr(0, next == std::string_view::npos ? text.size() : next);
}

std::string code_section(const text::CodeInfo& code) {
  const std::string_view more = explanation_of(code.number);
  return format("## {} {}\n\n{} ({})\n{}{}", code.number, code.name, code.doc, severity_of(code),
                more.empty() ? "" : "\n", more);
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
    text += format("| {} | {} | {} | {} |\n", code.number, code.name, severity_of(code), code.doc);
  }
  text += "\nThe examples below are wrong, each in the way that its heading names.\n";
  for (const text::CodeInfo& code : text::all_codes()) text += "\n" + code_section(code);
  return text;
}

/// The alternatives of choices such as `stage.*` in a component's schema.
void add_choices(const catalog::ComponentDef& def, std::vector<Page>& topics) {
  for (const schema::Field& field : def.args().schema().fields()) {
    if (field.kind != schema::FieldKind::kChoice) continue;
    for (const schema::Choice& choice : field.choices()) {
      const std::string name = format("{}.{}", field.name, choice.name);
      const std::string body = choice.ops == nullptr ? std::string("Weir does not have it yet.\n")
                                                     : format("Stability: {}.\n\n{}",
                                                              schema::to_string(choice.stability),
                                                              schema::markdown(choice.ops()));
      topics.push_back({name, format("# {}\n\n{}\n\nA block of {}: `weir docs {}` has more.\n\n{}",
                                     name, choice.doc, def.name, def.name, body)});
    }
  }
}

std::string small(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

/// A section as a page of its own.
Page as_page(std::string_view name, const std::string& section) {
  return {std::string(name), section.substr(1)};  // one # less
}

}  // namespace

std::vector<Page> reference_pages() {
  std::vector<Page> pages;
  std::string index =
      "# Reference\n\nWritten by `weir docs --write` from the tables that the program runs by.\n\n";
  const catalog::Catalog catalog = program_catalog();
  for (const catalog::ComponentDef* def : catalog.all()) {
    pages.push_back({std::string(def->name), component_page(*def)});
    index += format("- [{}]({}.md): {}\n", def->name, def->name, def->doc);
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

Reference::Reference() : topics_(reference_pages()) {
  topics_.pop_back();  // the list of the others
  add_parts();
}

void Reference::add_parts() {
  const catalog::Catalog catalog = program_catalog();
  for (const catalog::ComponentDef* def : catalog.all()) add_choices(*def, topics_);
  for (const catalog::LanguageBlock& block : catalog::language_blocks())
    topics_.push_back(as_page(block.name, block_section(block)));
  const catalog::FunctionTable functions = program_functions();
  for (const catalog::FunctionDef* def : functions.all())
    topics_.push_back(as_page(def->name, function_section(*def)));
  for (const CommandDef* def : all_commands())
    topics_.push_back(as_page(def->name, command_section(*def)));
  for (const text::CodeInfo& code : text::all_codes())
    topics_.push_back(as_page(code.number, code_section(code)));
  for (const std::string_view name : catalog.unbuilt()) {
    topics_.push_back(
        {std::string(name), format("# {}\n\nGrafana Alloy has it, Weir does not have it yet. `weir "
                                   "components` lists what there is.\n",
                                   name)});
  }
}

const Page* Reference::find(std::string_view name) const {
  std::string wanted = small(name);
  for (const text::CodeInfo& code : text::all_codes()) {
    if (code.name == wanted) wanted = small(code.number);
  }
  const auto found = std::find_if(topics_.begin(), topics_.end(),
                                  [&](const Page& topic) { return small(topic.name) == wanted; });
  return found == topics_.end() ? nullptr : &*found;
}

std::string Reference::did_you_mean(std::string_view name) const {
  std::vector<std::string_view> known;
  for (const Page& topic : topics_) {
    if (topic.name.ends_with(format(".{}", name)))
      return format("did you mean \"{}\"?", topic.name);
    known.push_back(topic.name);
  }
  return text::did_you_mean(name, known);
}

}  // namespace weir::cli

// SPDX-License-Identifier: Apache-2.0
// weir docs: prints or writes the reference.

#include "base/format.h"
#include "base/fs.h"
#include "cli/command.h"
#include "cli/reference.h"

#include <utility>

namespace weir::cli {
namespace {

struct Docs {
  struct Flags {
    std::vector<std::string> paths;
    std::string write;
    static schema::Schema schema();
  };
  static ExitCode run(const Flags& flags, World& world);
};

schema::Schema Docs::Flags::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Flags::paths>("paths",
                                  "Names of components, stages, blocks, functions, commands or "
                                  "codes such as E0312; none prints the list of pages."),
      schema::attr<&Flags::write>("write", "Write every page into this folder."),
  });
  return kTable;
}

ExitCode write_pages(const std::string& folder, World& world) {
  Status done = fs::make_folders(folder);
  for (const Page& page : reference_pages()) {
    if (done) done = fs::write_file_atomic(format("{}/{}.md", folder, page.name), page.text);
  }
  if (done) return ExitCode::kOk;
  world.err(format("error: {}\n", done.error().message));
  return ExitCode::kFailed;
}

ExitCode Docs::run(const Flags& flags, World& world) {
  if (!flags.write.empty()) return write_pages(flags.write, world);
  if (flags.paths.empty()) {
    for (const Page& page : reference_pages()) {
      if (page.name != "README") world.out(page.name + "\n");
    }
    return ExitCode::kOk;
  }
  const Reference reference;
  bool first = true;
  for (const std::string& name : flags.paths) {
    if (!std::exchange(first, false)) world.out("\n");
    if (const Page* page = reference.find(name)) {
      world.out(page->text);
      continue;
    }
    const std::string meant = reference.did_you_mean(name);
    world.err(format("error: no page \"{}\"\n  = help: {}\n", name,
                     meant.empty() ? "weir docs lists the pages" : meant));
    return ExitCode::kUsage;
  }
  return ExitCode::kOk;
}

}  // namespace

extern constexpr CommandDef cmd_docs =
    command<Docs>("docs", "Prints or writes the reference.", "[NAME]...");

}  // namespace weir::cli

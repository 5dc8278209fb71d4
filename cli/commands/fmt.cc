// SPDX-License-Identifier: Apache-2.0
// weir fmt: formats configurations.

#include "base/format.h"
#include "cli/command.h"
#include "cli/diff.h"
#include "cli/files.h"
#include "cli/report.h"
#include "interpreter/syntax/parse.h"
#include "interpreter/syntax/print.h"

#include <algorithm>

namespace weir::cli {
namespace {

struct Fmt {
  struct Flags {
    std::vector<std::string> paths;
    bool write = false;
    bool test = false;
    bool diff = false;
    bool recursive = false;
    static schema::Schema schema();
  };
  static ExitCode run(const Flags& flags, World& world);
};

schema::Schema Fmt::Flags::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Flags::paths>("paths", "Files or directories; none or `-` is standard input."),
      schema::attr<&Flags::write>("write", "Write the result back to each file."),
      schema::attr<&Flags::test>("test", "Only check: fail if a file is not formatted."),
      schema::attr<&Flags::diff>("diff", "Print what would change instead of the result."),
      schema::attr<&Flags::recursive>("recursive",
                                      "Format the `*.alloy` files below each directory."),
  });
  return kTable;
}

/// Formats one text; what it prints and answers depends on the flags.
class Formatting {
 public:
  Formatting(const Fmt::Flags& flags, World& world) : flags_(flags), world_(world) {}

  void file(const std::string& path) {
    if (path == "-") return text("<stdin>", world_.read_in(), false);
    const Result<std::string> text = read_text(path);
    if (!text) return fail(text.error().message, ExitCode::kFailed);
    this->text(path, *text, true);
  }

  void text(const std::string& name, const std::string& before, bool is_file) {
    text::DiagnosticSink sink;
    const auto tree = syntax::parse_file(text::Source::make(name, before), sink);
    if (sink.has_errors()) {
      sink.sort();
      report(sink, world_);
      worst_ = ExitCode::kConfiguration;
      return;
    }
    const std::string after = syntax::print(*tree);
    // A file of nothing is as it should be, though a newline is printed for it.
    const bool changed = after != before && !before.empty();
    if (flags_.diff && changed) world_.out(unified_diff(before, after, name));
    if (flags_.test && changed)
      return fail(format("file {} is not formatted correctly", name), ExitCode::kFailed);
    if (flags_.write && changed && is_file) {
      if (const Status written = replace_text(name, after); !written)
        fail(written.error().message, ExitCode::kFailed);
    }
    if (!flags_.diff && !flags_.test && !flags_.write) world_.out(after);
  }

  void fail(std::string_view message, ExitCode code) {
    world_.err(format("error: {}\n", message));
    if (worst_ != ExitCode::kConfiguration) worst_ = code;
  }
  [[nodiscard]] ExitCode worst() const { return worst_; }

 private:
  const Fmt::Flags& flags_;
  World& world_;
  ExitCode worst_ = ExitCode::kOk;
};

ExitCode Fmt::run(const Flags& flags, World& world) {
  Formatting formatting(flags, world);
  const std::vector<std::string> paths =
      flags.paths.empty() ? std::vector<std::string>{"-"} : flags.paths;
  if (flags.write && flags.test) {
    formatting.fail("cannot use -w/--write and -t/--test at the same time", ExitCode::kUsage);
    return formatting.worst();
  }
  if (flags.write && std::find(paths.begin(), paths.end(), "-") != paths.end()) {
    formatting.fail("cannot use -w with standard input", ExitCode::kUsage);
    return formatting.worst();
  }
  for (const std::string& path : paths) {
    if (!is_directory(path)) {
      formatting.file(path);
    } else if (!flags.recursive) {
      formatting.fail(
          format("{} is a directory: give -r/--recursive to format the files below it", path),
          ExitCode::kUsage);
    } else if (const auto files = alloy_files(path, true); !files) {
      formatting.fail(files.error().message, ExitCode::kFailed);
    } else {
      for (const std::string& file : *files) formatting.file(file);
    }
  }
  return formatting.worst();
}

constexpr ShortFlag kFmtShorts[] = {
    {'w', "write"}, {'t', "test"}, {'r', "recursive"}, {'d', "diff"}};

}  // namespace

extern constexpr CommandDef cmd_fmt =
    command<Fmt>("fmt", "Formats configuration.", "[FILE|DIR|-]...", kFmtShorts);

}  // namespace weir::cli

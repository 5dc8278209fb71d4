// SPDX-License-Identifier: Apache-2.0
// The checker over tests/golden/check/: each NAME.alloy there tells what NAME.txt says, with the
// components of tests/support/small_catalog.h. UPDATE_GOLDEN=1 rewrites the .txt files.

#include "interpreter/check/check.h"

#include "interpreter/syntax/parse.h"
#include "tests/support/golden.h"
#include "tests/support/small_catalog.h"

#include <gtest/gtest.h>

namespace weir::check {
namespace {

/// "E0312 3:2-9 unknown attribute ..." for each diagnostic, hint and notes below.
std::string print_told(const text::DiagnosticSink& sink) {
  const auto place = [](text::Span span) {
    const auto start = span.start();
    const auto last = span.last();
    const std::string end = last.line == start.line ? format("{}", last.column)
                                                    : format("{}:{}", last.line, last.column);
    return format("{}:{}-{}", start.line, start.column, end);
  };
  std::string out;
  for (const auto& d : sink.all()) {
    out += format("{} {} {}\n", text::info(d.code).number, place(d.span), d.message);
    if (!d.hint.empty()) out += format("    = {}\n", d.hint);
    for (const auto& note : d.notes) out += format("    {} {}\n", place(note.span), note.message);
  }
  return out;
}

std::string told(const std::string& text, const Options& options = {}) {
  text::DiagnosticSink sink;
  const auto file = syntax::parse_file(text::Source::make("t.alloy", text), sink);
  if (sink.has_errors()) return "does not parse\n" + print_told(sink);
  return print_told(check({file}, test::small_catalog(), test::small_library(), options));
}

/// With two things to import: circle.alloy, which imports itself, and a folder of two equal files.
std::string told_with_imports(const std::string& text) {
  Options options;
  options.read_module = [](const std::string& path) -> Result<std::vector<ModuleText>> {
    if (path == "circle.alloy")
      return std::vector<ModuleText>{{path, "import.file \"a\" { filename = \"circle.alloy\" }\n"}};
    if (path == "folder")
      return std::vector<ModuleText>{{"1.alloy", "declare \"a\" { }\n"},
                                     {"2.alloy", "declare \"a\" { }\n"}};
    return make_error(Code::kNotFound, "{}: no such file", path);
  };
  return told(text, options);
}

TEST(Check, WhatIsNotBuiltMayBeAWarning) {
  const std::string text = R"(prometheus.scrape "s" {
  forward_to = [test.metrics.m.receiver]
}
test.metrics "m" { }
test.process "p" {
  stage.geoip { }
  later      = "x"
  forward_to = [prometheus.relabel.r.receiver]
  former     = 1 + "x"
}
prometheus.relabel "r" { }
test.process "q" { forward_to = [test.process.p.receiver] }
)";
  Options options;
  const std::string strict = told(text, options);
  EXPECT_EQ(strict.find("W1001"), std::string::npos) << strict;
  text::DiagnosticSink sink;
  const auto file = syntax::parse_file(text::Source::make("t.alloy", text), sink);
  options.ignore_not_built = true;
  const auto found = check({file}, test::small_catalog(), test::small_library(), options);
  EXPECT_EQ(found.error_count(), 1U) << print_told(found);
  EXPECT_EQ(found.warning_count(), 5U) << print_told(found);
  std::string mended = text;
  mended.replace(mended.find("1 + \"x\""), 7, "\"x\"");
  EXPECT_NE(told(mended, options).find("W1001"), std::string::npos)
      << "the rest is looked through: " << told(mended, options);
}

const bool kCheckGoldens =
    test::register_goldens("CheckGolden", "check", ".alloy", &told_with_imports);

}  // namespace
}  // namespace weir::check

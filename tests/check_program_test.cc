// SPDX-License-Identifier: Apache-2.0
// The checker with the components of the program: what only shows in whole pipelines, and the
// examples of docs/reference/diagnostics.md.

#include "cli/program.h"
#include "cli/reference.h"
#include "interpreter/check/check.h"
#include "interpreter/syntax/parse.h"

#include <gtest/gtest.h>

#include <set>

namespace weir {
namespace {

using Codes = std::set<std::string>;

Codes codes_of(const std::string& text, const check::Options& options = {}) {
  static const catalog::Catalog kCatalog = cli::program_catalog();
  static const catalog::FunctionTable kFunctions = cli::program_functions();
  text::DiagnosticSink sink;
  const auto file = syntax::parse_file(text::Source::make("t.alloy", text), sink);
  if (!sink.has_errors()) sink.append(check::check({file}, kCatalog, kFunctions, options));
  Codes out;
  for (const auto& d : sink.all()) out.emplace(text::info(d.code).number);
  return out;
}

/// A source of `targets` whose entries go through `stages`, with `beside` in the same module.
std::string pipeline(const std::string& targets, const std::string& stages,
                     const std::string& beside = {}) {
  return format(R"(
loki.source.file "s" {{
  targets    = {}
  forward_to = [loki.process.p.receiver]
}}
loki.process "p" {{
{}
  forward_to = [loki.write.e.receiver]
}}
loki.write "e" {{ }}
{})",
                targets, stages, beside);
}

constexpr const char* kOutput = "stage.output { source = \"msg\" }";
constexpr const char* kLogFile = R"([{__path__ = "/log", app = "a"}])";

TEST(CheckProgram, NamesThatNothingGivesAreWarnedOf) {
  const struct {
    std::string text;
    Codes codes;
  } cases[] = {
      {pipeline(kLogFile, kOutput), {"W1015"}},
      {pipeline(kLogFile, "stage.output { source = \"app\" }"), {}},
      {pipeline(kLogFile, "stage.output { source = \"filename\" }"), {}},
      {pipeline(R"([{__path__ = "/log", msg = sys.env("A")}])", kOutput), {}},
      {pipeline(R"([encoding.from_json(sys.env("A"))])", kOutput), {}},
      {pipeline(R"(encoding.from_json(sys.env("A")))", kOutput), {}},
      {pipeline(kLogFile, R"(stage.json { expressions = encoding.from_json(sys.env("A")) })" +
                              std::string("\n") + kOutput),
       {}},
      {pipeline("local.file_match.m.targets", kOutput,
                R"(local.file_match "m" { path_targets = [{__path__ = "/log"}] })"),
       {"W1015"}},
      {pipeline("local.file_match.m.targets", kOutput,
                R"(local.file_match "m" { path_targets = [{__path__ = "/log", msg = "x"}] })"),
       {}},
      {pipeline("discovery.relabel.r.output", kOutput, R"(discovery.relabel "r" {
  targets = [{__path__ = "/log"}]
  rule {
    replacement  = "a"
    target_label = "msg"
  }
})"),
       {}},
      {pipeline("discovery.relabel.r.output", kOutput, R"(discovery.relabel "r" {
  targets = [{__path__ = "/log"}]
  rule {
    replacement  = "a"
    target_label = "other"
  }
})"),
       {"W1015"}},
      {pipeline("discovery.relabel.r.output", kOutput, R"(discovery.relabel "r" {
  targets = [{__path__ = "/log"}]
  rule {
    action = "labelmap"
    regex  = "a_.*"
  }
})"),
       {}},
      // Of two sources one may bring it.
      {pipeline(kLogFile, kOutput, R"(loki.source.file "t" {
  targets    = [{__path__ = "/log", msg = "x"}]
  forward_to = [loki.process.p.receiver]
})"),
       {}},
      {pipeline(kLogFile, kOutput, R"(loki.source.api "a" {
  http {
    listen_port = 1
  }
  forward_to = [loki.process.p.receiver]
})"),
       {}},
      // What a module is given is not known where nobody uses it.
      {R"(declare "m" {
  argument "files" { }
)" + pipeline("argument.files.value", kOutput) +
           "}\nlocal.file_match \"m\" { path_targets = [] }\n",
       {"W1002", "W1008"}},
      {R"(declare "m" {
  argument "files" { }
)" + pipeline("argument.files.value", kOutput) +
           "}\nm \"x\" {\n files = local.file_match.m.targets\n}\nlocal.file_match \"m\" { "
           "path_targets = [{__path__ = \"/log\"}] }\n",
       {}},
      {R"(declare "m" {
)" + pipeline(kLogFile, kOutput) +
           "export \"in\" {\n value = loki.process.p.receiver\n}\n}\n",
       {}},
      {R"(loki.process "before" {
  stage.static_labels { values = { msg = "a" } }
  forward_to = [loki.process.p.receiver]
}
)" + pipeline(kLogFile, kOutput),
       {"W1001"}},
      {R"(foreach "f" {
  collection = [{__path__ = "/log", msg = "x"}]
  var        = "one"

  template {
)" + pipeline("[one]", kOutput) +
           "  }\n}\n",
       {}},
  };
  check::Options options;
  options.minimum_stability = schema::Stability::kExperimental;
  for (const auto& c : cases) EXPECT_EQ(codes_of(c.text, options), c.codes) << c.text;
}

TEST(CheckProgram, AModuleIsLookedThroughWithWhatItIsGiven) {
  const auto used = [](const std::string& stages, const std::string& uses) {
    return codes_of(
        "declare \"m\" {\n  argument \"path\" { }\n  argument \"more\" {\n    optional = "
        "true\n    default  = []\n  }\n" +
        pipeline("[{__path__ = argument.path.value}]", stages,
                 R"(loki.source.file "more" {
  targets    = argument.more.value
  forward_to = [loki.process.p.receiver]
})") + "}\n" +
        uses);
  };
  constexpr const char* kPods = "m \"x\" {\n path = \"/var/log/pods/a.log\"\n}\n";
  constexpr const char* kPlain = "m \"y\" {\n path = \"/srv/a.log\"\n}\n";
  EXPECT_EQ(used("", kPods), Codes{"W1004"});
  EXPECT_EQ(used("", kPlain), Codes{});
  EXPECT_EQ(used("", std::string(kPlain) + kPods), Codes{"W1004"});
  EXPECT_EQ(used("stage.cri { }", kPods), Codes{});
  EXPECT_EQ(used("", "m \"x\" {\n path = sys.env(\"A\")\n}\n"), Codes{});
  EXPECT_EQ(used("", "m \"x\" {\n path = \"/srv/*.log\"\n}\n"), Codes{"W1016"});
  EXPECT_EQ(used(kOutput, kPlain), Codes{"W1015"});
  EXPECT_EQ(used(kOutput,
                 "m \"x\" {\n path = \"/a\"\n more = [{__path__ = \"/b\", msg = "
                 "\"x\"}]\n}\n"),
            Codes{});
}

TEST(CheckProgram, PatternsThatNobodyLooksUpAreWarnedOf) {
  const auto source = [](const std::string& path, const std::string& more) {
    return codes_of(
        format("loki.source.file \"s\" {{\n targets = [{{__path__ = \"{}\"}}]\n "
               "forward_to = [loki.write.e.receiver]\n{}\n}}\nloki.write \"e\" {{ }}\n",
               path, more));
  };
  EXPECT_EQ(source("/log/*.log", ""), Codes{"W1016"});
  EXPECT_EQ(source("/log/{a,b}.log", ""), Codes{"W1016"});
  EXPECT_EQ(source("/log/a.log", ""), Codes{});
  EXPECT_EQ(source("/log/*.log", "file_match { enabled = true }"), Codes{});
  EXPECT_EQ(source("/log/*.log", "file_match { enabled = sys.env(\"A\") == \"x\" }"), Codes{});
  EXPECT_EQ(source("/log/*.log", "file_match { sync_period = \"5s\" }"), Codes{"W1016"});
}

TEST(CheckProgram, ASecretFileIsASecret) {
  const auto told = [](const std::string& is_secret, const std::string& use) {
    return codes_of(format("{}\nlocal.file \"f\" {{\n filename = \"/x\"\n is_secret = {}\n}}\n",
                           use, is_secret));
  };
  const std::string plain = "logging {\n level = local.file.f.content\n}";
  const std::string hidden =
      "http {\n auth {\n basic {\n username = \"a\"\n password = local.file.f.content\n }\n }\n}";
  EXPECT_EQ(told("true", plain), Codes{"E0408"});
  EXPECT_EQ(told("false", plain), Codes{});
  EXPECT_EQ(told("sys.env(\"A\") == \"x\"", plain), Codes{});
  EXPECT_EQ(told("true", hidden), Codes{});
}

/// The examples of a page: what stands between ```alloy fences.
std::vector<std::string> examples_in(const std::string& page) {
  constexpr std::string_view kFence = "```alloy\n";
  std::vector<std::string> out;
  for (std::size_t at = page.find(kFence); at != std::string::npos; at = page.find(kFence, at)) {
    at += kFence.size();
    out.push_back(page.substr(at, page.find("```\n", at) - at));
  }
  return out;
}

TEST(CheckProgram, ExamplesOfCodesAreWrongAsTheySay) {
  const cli::Reference reference;
  check::Options options;
  options.can_read = [](const std::string& path) -> Status {
    return make_error(Code::kNotFound, "{}: no such file", path);
  };
  for (const text::CodeInfo& code : text::all_codes()) {
    const cli::Page* page = reference.find(code.number);
    ASSERT_NE(page, nullptr) << code.number;
    EXPECT_NE(page->text.find("\n\n", page->text.find("\n\n") + 2), std::string::npos)
        << code.number << " is not explained in codes.md";
    for (const std::string& example : examples_in(page->text))
      EXPECT_EQ(codes_of(example, options).count(std::string(code.number)), 1U)
          << code.number << " is not told of\n"
          << example << testing::PrintToString(codes_of(example, options));
  }
}

}  // namespace
}  // namespace weir

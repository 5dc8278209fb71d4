// SPDX-License-Identifier: Apache-2.0
// Every command as its users call it: what it prints, and what it answers.

#include "cli/command.h"
#include "cli/flags.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <unistd.h>

namespace weir::cli {
namespace {

using test::read_file;
using test::write_file;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Said {
  int code = 0;
  std::string out, err;
};

Said weir(const std::vector<std::string>& arguments, const std::string& in = {}) {
  Said said;
  World world;
  world.out = [&](std::string_view text) { said.out += text; };
  world.err = [&](std::string_view text) { said.err += text; };
  world.read_in = [&] { return in; };
  world.env = [](const std::string&) { return std::string(); };
  said.code = static_cast<int>(run_program(arguments, world));
  return said;
}

constexpr const char* kUgly = "logging{level=\"info\"}\n";
constexpr const char* kPretty = "logging {\n\tlevel = \"info\"\n}\n";

struct Files : testing::Test {
  test::TempDir dir;
  std::string write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(dir / name).parent_path());
    write_file(dir / name, text);
    return dir / name;
  }
};

TEST(Cli, CommandLines) {
  const struct {
    std::vector<std::string> arguments;
    int code;
    std::string out, err;
  } kCases[] = {
      {{}, 2, "", "usage: weir"},
      {{"help"}, 0, "usage: weir", ""},
      {{"--help"}, 0, "usage: weir", ""},
      {{"help", "fmt"}, 0, "usage: weir fmt", ""},
      {{"help", "fmtt"}, 2, "", "did you mean \"fmt\"?"},
      {{"fmt", "--help"}, 0, "-w, --write", ""},
      {{"validate", "--help"}, 0, "One of text, json, github. (default \"text\")", ""},
      {{"validat"}, 2, "", "did you mean \"validate\"?"},
      {{""}, 2, "", "weir help lists the commands"},
      {{"--nonsense"}, 2, "", "unknown command \"--nonsense\""},
      {{"fmt", "--wrte"}, 2, "", "did you mean \"--write\"?"},
      {{"fmt", "-x"}, 2, "", "weir fmt --help lists the flags"},
      {{"fmt", "-wt", "x"}, 2, "", "cannot use -w/--write and -t/--test at the same time"},
      {{"fmt", "-w"}, 2, "", "cannot use -w with standard input"},
      {{"fmt", "--write=maybe"}, 2, "", "--write takes true or false, got \"maybe\""},
      {{"validate"}, 2, "", "validate needs FILE|DIR|-..."},
      {{"validate", "--format"}, 2, "", "--format needs a value"},
      {{"validate", "--format=xml", "x"},
       2,
       "",
       "--format takes one of text, json, github, got \"xml\""},
      {{"validate", "--stability.level=experimentl", "x"}, 2, "", "did you mean \"experimental\"?"},
      {{"validate", "/no/such/file"}, 1, "", "/no/such/file: No such file or directory"},
      {{"validate", "--format=json", "/no/such/file"},
       1,
       "\"code\":\"E0108\",\"name\":\"unreadable\",\"severity\":\"error\",\"file\":\"\"",
       ""},
      {{"validate", "--format=github", "/no/a", "/no/b"},
       1,
       "::error title=E0108 unreadable::/no/a: No such file or directory\n"
       "::error title=E0108 unreadable::/no/b: No such file or directory\n",
       ""},
      {{"run"}, 2, "", "run needs FILE|DIR"},
      {{"run", "a", "b"}, 2, "", "one configuration is needed"},
      {{"run", "/no/such/file"}, 1, "", "/no/such/file: No such file or directory"},
      {{"run", "--feature.component-shutdown-deadline=soon", "x"},
       2,
       "",
       "--feature.component-shutdown-deadline is not a duration"},
      {{"version"}, 0, "weir, version v", ""},
      {{"--version"}, 0, "weir, version v", ""},
      {{"version", "--json"}, 0, "{\"name\":\"weir\"", ""},
      {{"version", "x"}, 2, "", "version takes no argument, got \"x\""},
      {{"components"}, 0, "loki.write", ""},
      {{"components", "--json"}, 0, "{\"name\":\"loki.write\",\"built\":true", ""},
      {{"docs"}, 0, "loki.write\n", ""},
      {{"docs", "loki.write", "string.join"}, 0, "`string.join(", ""},
      {{"docs", "loki.wrte"}, 2, "", "did you mean \"loki.write\"?"},
      {{"docs", "stage.multiline"}, 0, "| `firstline` |", ""},
      {{"docs", "loki.process"}, 0, "## What stages share", ""},
      {{"docs", "declare", "import.git"}, 0, "# import.git\n", ""},
      {{"docs", "logging", "http"}, 0, "# http\n", ""},
      {{"docs", "validate"}, 0, "# weir validate\n", ""},
      {{"docs", "e0102"}, 0, "# where logs go\n", ""},
      {{"docs", "unknown-attribute"}, 0, "# E0312 unknown-attribute\n", ""},
      {{"docs", "prometheus.scrape"}, 0, "Weir does not have it yet", ""},
      {{"docs", "stage.geoip"}, 0, "Weir does not have it yet", ""},
      {{"docs", "stage.multilne"}, 2, "", "did you mean \"stage.multiline\"?"},
      {{"docs", "multiline"}, 2, "", "did you mean \"stage.multiline\"?"},
      {{"docs", "qqq"}, 2, "", "weir docs lists the pages"},
      {{"docs", "--write=/proc/none/x"}, 1, "", "/proc/none/x"},
      {{"eval"}, 2, "", "eval needs EXPR"},
      {{"eval", "-1"}, 0, "-1\n", ""},
      {{"eval", "1", "+", "2"}, 0, "3\n", ""},
      {{"eval", "1 +"}, 3, "", "expected an expression"},
      {{"eval", "--as=int8", "300"}, 3, "", "E0601"},
      {{"eval", "--as=nonsense", "1"}, 2, "", "\"nonsense\" is no type"},
      {{"eval", "--json", "--as", "duration", "\"5m\""}, 0, "\"kind\":\"int\"", ""},
      {{"eval", "--scope=/no/file", "x"}, 2, "", "--scope: /no/file"},
      {{"eval", "--", "-1"}, 0, "-1\n", ""},
  };
  for (const auto& c : kCases) {
    const Said said = weir(c.arguments);
    const std::string asked = testing::PrintToString(c.arguments);
    EXPECT_EQ(said.code, c.code) << asked << said.err;
    EXPECT_THAT(said.out, HasSubstr(c.out)) << asked;
    EXPECT_THAT(said.err, HasSubstr(c.err)) << asked;
    EXPECT_EQ(said.err.empty(), c.err.empty()) << asked << said.err;
  }
}

TEST(Cli, EveryFlagOfRunIsThereOrSaysWhatIsMissing) {
  const CommandDef* run = all_commands().front();
  ASSERT_EQ(run->name, "run");
  for (const schema::Field& field : flags_of(*run)) {
    const bool is_switch = field.type().type().tag() == value::Type::Tag::kBool;
    const std::string flag = flag_name(field.name);
    if (field.unbuilt_hint.empty()) continue;
    const Said said = weir({"run", flag + (is_switch ? "=true" : "=1"), "x"});
    EXPECT_EQ(said.code, 2) << flag;
    EXPECT_THAT(said.err, HasSubstr(flag + ": ")) << flag;
    EXPECT_THAT(weir({"run", "--help"}).out, HasSubstr(flag + "\n")) << flag;
    if (is_switch) {  // switching off what is not there is fine
      EXPECT_EQ(weir({"run", flag + "=false", "/no/file"}).code, 1) << flag;
    }
  }
  EXPECT_THAT(weir({"run", "--cluster.enabled", "x"}).err,
              HasSubstr("clustering is not built yet"));
  EXPECT_THAT(weir({"run", "--config.format=promtail", "x"}).err,
              HasSubstr("--config.format=promtail"));
  EXPECT_THAT(weir({"run", "--server.http.ui-path-prefix=x", "x"}).err,
              HasSubstr("must begin with a slash"));
  for (const char* address : {"nonsense", "h:", "h:x", "h:65536", "h:99999999999999999999"})
    EXPECT_EQ(weir({"run", format("--server.http.listen-addr={}", address), "x"}).code, 2)
        << address;
}

TEST_F(Files, FmtPrintsWritesTestsAndDiffs) {
  const std::string ugly = write("a.alloy", kUgly);
  const std::string pretty = write("b.alloy", kPretty);
  EXPECT_EQ(weir({"fmt", ugly}).out, kPretty);
  EXPECT_EQ(weir({"format", ugly}).out, kPretty);
  EXPECT_EQ(weir({"fmt"}, kUgly).out, kPretty);
  EXPECT_EQ(weir({"fmt", pretty, "-"}, kUgly).out, std::string(kPretty) + kPretty);
  EXPECT_EQ(weir({"fmt", "-t", pretty}).code, 0);
  const std::string empty = write("empty.alloy", "");
  EXPECT_EQ(weir({"fmt", empty}).out, "\n");
  EXPECT_EQ(weir({"fmt", "-t", empty}).code, 0);
  EXPECT_EQ(weir({"fmt", "-w", empty}).code, 0);
  EXPECT_EQ(read_file(empty), "");
  const Said test = weir({"fmt", "-t", ugly, pretty});
  EXPECT_EQ(test.code, 1);
  EXPECT_EQ(test.err, format("error: file {} is not formatted correctly\n", ugly));
  const Said diff = weir({"fmt", "--diff", ugly});
  EXPECT_EQ(diff.code, 0);
  EXPECT_THAT(diff.out, AllOf(HasSubstr("-logging{level"), HasSubstr("+logging {")));
  EXPECT_EQ(read_file(ugly), kUgly);

  std::filesystem::permissions(ugly, std::filesystem::perms(0640));
  std::filesystem::create_symlink(ugly, dir / "link.alloy");
  EXPECT_EQ(weir({"fmt", "-w", dir / "link.alloy"}).code, 0);
  EXPECT_EQ(read_file(ugly), kPretty);
  EXPECT_TRUE(std::filesystem::is_symlink(dir / "link.alloy"));
  EXPECT_EQ(std::filesystem::status(ugly).permissions(), std::filesystem::perms(0640));
  const auto before = std::filesystem::last_write_time(ugly);
  EXPECT_EQ(weir({"fmt", "-w", ugly}).code, 0);
  EXPECT_EQ(std::filesystem::last_write_time(ugly), before);
}

TEST_F(Files, FmtGoesIntoFoldersWhenAsked) {
  write("a.alloy", kUgly);
  write("deep/b.alloy", kUgly);
  write("c.txt", kUgly);
  EXPECT_THAT(weir({"fmt", dir.path()}).err, HasSubstr("give -r/--recursive"));
  EXPECT_EQ(weir({"fmt", dir.path()}).code, 2);
  EXPECT_EQ(weir({"fmt", "-rt", dir.path()}).code, 1);
  EXPECT_EQ(weir({"fmt", "-wr", dir.path()}).code, 0);
  EXPECT_EQ(weir({"fmt", "-r", "-t", dir.path()}).code, 0);
  EXPECT_EQ(read_file(dir / "deep/b.alloy"), kPretty);
  EXPECT_EQ(read_file(dir / "c.txt"), kUgly);
}

TEST_F(Files, WhatIsNoConfigurationIsToldApart) {
  const struct {
    std::string name, text;
    int code;
    std::string says;
  } kCases[] = {
      {"broken.alloy", "a {", 3, "expected \"}\""},
      {"bytes.alloy", std::string("\xff\x00\x01", 3), 3, "not valid UTF-8"},
      {"nul.alloy", std::string("a = 1\0", 6), 3, "E0"},
      {"large.alloy", std::string(11u << 20, 'a'), 1, "larger than 10 MiB"},
      {"many.alloy",
       [] {
         std::string text;
         for (int i = 0; i < 2000; ++i) text += "a\n";
         return text;
       }(),
       3, " errors, 0 warnings"},
  };
  for (const auto& c : kCases) {
    const std::string path = write(c.name, c.text);
    for (const char* command : {"fmt", "validate"}) {
      const Said said = weir({command, path});
      EXPECT_EQ(said.code, c.code) << command << " " << c.name;
      EXPECT_EQ(said.out, "");
      EXPECT_THAT(said.err, HasSubstr(c.says)) << command << " " << c.name;
    }
    EXPECT_EQ(weir({"fmt", "-w", path}).code, c.code);
    EXPECT_EQ(read_file(path), c.text);
  }
  const std::string wide = write("wide.alloy", std::string("\xff\xfe/\0/\0\n\0", 8));
  EXPECT_EQ(weir({"validate", wide}).code, 0) << "UTF-16";
  EXPECT_THAT(weir({"validate", write("marked.alloy",
                                      "\xff\xfe"
                                      "a = 1\n")})
                  .err,
              HasSubstr("error[E0101]"));
  EXPECT_EQ(weir({"validate", write("empty.alloy", "")}).code, 0);
  EXPECT_EQ(weir({"validate", dir / "none"}).code, 1);
  std::filesystem::create_symlink(dir / "loop", dir / "loop");
  EXPECT_THAT(weir({"validate", dir / "loop"}).err, HasSubstr("symbolic links"));
  std::filesystem::create_directory(dir / "hollow");
  EXPECT_THAT(weir({"validate", dir / "hollow"}).err, HasSubstr("no *.alloy file"));
  if (::geteuid() != 0) {
    std::filesystem::permissions(dir / "empty.alloy", std::filesystem::perms::none);
    EXPECT_EQ(weir({"fmt", dir / "empty.alloy"}).code, 1);
  }
}

TEST_F(Files, ValidateSaysAllOfIt) {
  const std::string wrong =
      write("wrong.alloy", "loki.writ \"a\" { }\nprometheus.scrape \"b\" { }\n");
  const Said text = weir({"validate", wrong});
  EXPECT_EQ(text.code, 3);
  EXPECT_EQ(text.out, "");
  EXPECT_THAT(
      text.err,
      AllOf(HasSubstr("wrong.alloy:1:1"), HasSubstr("did you mean \"loki.write\"?"),
            HasSubstr("prometheus.scrape is not built yet"), HasSubstr("2 errors, 0 warnings")));
  EXPECT_EQ(weir({"validate", "-"}, "loki.writ \"a\" { }\n").code, 3);
  EXPECT_THAT(weir({"validate", "-"}, "loki.writ \"a\" { }\n").err, HasSubstr("<stdin>:1:1"));
  const Said json = weir({"validate", "--format", "json", wrong});
  EXPECT_EQ(json.code, 3);
  EXPECT_EQ(json.err, "");
  EXPECT_THAT(json.out, HasSubstr("\"errors\":2,\"warnings\":0}"));
  EXPECT_THAT(weir({"validate", "--format=github", wrong}).out, StartsWith("::error file="));

  const std::string doubtful =
      write("doubtful.alloy", "loki.write \"a\" { endpoint { url = \"http://x\" } }\n");
  EXPECT_EQ(weir({"validate", doubtful}).code, 0);
  EXPECT_THAT(weir({"validate", doubtful}).err, HasSubstr("0 errors, 1 warning\n"));
  EXPECT_EQ(weir({"validate", "--strict", doubtful}).code, 3);

  write("unit/a.alloy", "declare \"x\" { }\n");
  write("unit/b.alloy", "x \"y\" { }\n");
  EXPECT_EQ(weir({"validate", dir / "unit"}).code, 0) << weir({"validate", dir / "unit"}).err;
  EXPECT_EQ(weir({"validate", dir / "unit/b.alloy"}).code, 3);
  EXPECT_EQ(weir({"validate", dir / "unit", wrong}).code, 3);
}

TEST_F(Files, ValidateGoesRoundWhatIsNotBuilt) {
  const std::string path = write("a.alloy",
                                 "prometheus.scrape \"a\" { }\nloki.write \"b\" { endpoint { url = "
                                 "\"http://x\" } }\ncluster { }\n");
  EXPECT_EQ(weir({"validate", path}).code, 3);
  const Said ignored = weir({"validate", "--ignore-not-built", path});
  EXPECT_EQ(ignored.code, 0) << ignored.err;
  EXPECT_THAT(ignored.err, AllOf(HasSubstr("warning[E0303]"), HasSubstr("warning[W1001]"),
                                 HasSubstr("cluster is not built yet")));
  EXPECT_EQ(weir({"validate", "--ignore-not-built", "--strict", path}).code, 3);
  const std::string only = write("b.alloy", "prometheus.scrape \"a\" { }\n");
  EXPECT_EQ(weir({"validate", "--ignore-not-built", "--strict", only}).code, 0);
}

TEST_F(Files, ValidateLooksAtFilesThatRunNeeds) {
  write("lib.alloy", "declare \"a\" { }\n");
  write("bad.alloy", "declare \"a\" {\n");
  const auto import = [&](const std::string& file) {
    return weir({"validate", "-"},
                "import.file \"lib\" { filename = \"" + (dir / file) + "\" }\nlib.a \"x\" { }\n");
  };
  EXPECT_EQ(import("lib.alloy").code, 0) << import("lib.alloy").err;
  EXPECT_THAT(import("none.alloy").err,
              AllOf(HasSubstr("error[E0504]"), HasSubstr("<stdin>:1:32"), HasSubstr("1 error, ")));
  EXPECT_THAT(import("bad.alloy").err, HasSubstr("bad.alloy:1:"));

  const Said tls =
      weir({"validate", "-"}, "http {\n  tls {\n    cert_file = \"" + (dir / "lib.alloy") +
                                  "\"\n    key_file = \"" + (dir / "none.key") + "\"\n  }\n}\n");
  EXPECT_EQ(tls.code, 0);
  EXPECT_THAT(tls.err,
              AllOf(HasSubstr("warning[W1014]"), HasSubstr("<stdin>:4:"),
                    HasSubstr("none.key: No such file"), HasSubstr("0 errors, 1 warning")));
}

/// The exit code of the real program called through the shell.
int shell(const std::string& line) {
  test::Process process({{"/bin/sh", "-c", line}, {{"WEIR", test::weir_binary()}}, {}});
  const auto ended = process.wait(std::chrono::seconds(20));
  return ended ? ended->code : -1;
}

TEST_F(Files, OutputThatNobodyTakesIsAFailure) {
  const std::string file = write("a.alloy", kUgly);
  EXPECT_EQ(shell("\"$WEIR\" components >/dev/full"), 1);
  EXPECT_EQ(shell("\"$WEIR\" fmt '" + file + "' >&-"), 1);
  EXPECT_EQ(shell("\"$WEIR\" fmt -w '" + file + "' >&- 2>&- <&-"), 0);
  EXPECT_EQ(read_file(file), kPretty);
  // Who reads no more has read enough.
  EXPECT_EQ(shell("\"$WEIR\" docs functions | head -c 1 >/dev/null"), 0);
}

}  // namespace
}  // namespace weir::cli

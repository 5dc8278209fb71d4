// SPDX-License-Identifier: Apache-2.0
#include "interpreter/check/check.h"
#include "interpreter/syntax/parse.h"
#include "tests/support/small_catalog.h"

#include <gtest/gtest.h>

#include <map>

namespace weir::check {
namespace {

/// "file:line:column E0302 message" of each diagnostic, with modules read from `files`.
std::string imports_told(const std::string& text,
                         const std::map<std::string, std::string>& files = {}) {
  text::DiagnosticSink sink;
  const auto file = syntax::parse_file(text::Source::make("main.alloy", text), sink);
  EXPECT_FALSE(sink.has_errors());
  Options options;
  options.module_path = "conf";
  options.read_module = [&](const std::string& path) -> Result<std::vector<ModuleText>> {
    const auto found = files.find(path);
    if (found == files.end()) return make_error(Code::kNotFound, "{}: no such file", path);
    return std::vector<ModuleText>{{path, found->second}};
  };
  std::string out;
  const auto told = check({file}, test::small_catalog(), test::small_library(), options);
  for (const auto& d : told.all()) {
    out += format("{}:{}:{} {} {}\n", d.source->name(), d.span.start().line, d.span.start().column,
                  text::info(d.code).number, d.message);
  }
  return out;
}

constexpr const char* kModule = R"(declare "tail" {
  argument "path" { }
  argument "out" { }
  test.source "s" {
    targets    = [{__path__ = argument.path.value}]
    forward_to = [argument.out.value]
  }
  export "where" {
    value = argument.path.value
  }
}
)";

TEST(CheckImports, DeclaresOfAFileAreChecked) {
  const std::string uses = R"(import.file "lib" { filename = module_path + "/lib.alloy" }
test.metrics "m" { }
lib.tail "t" {
  path = "/x"
  out  = test.metrics.m.receiver
  more = 1
}
lib.tial "t" { }
)";
  EXPECT_EQ(imports_told(uses, {{"conf/lib.alloy", kModule}}),
            "main.alloy:5:10 E0404 out should be a receiver of logs, got a receiver of metrics\n"
            "main.alloy:6:3 E0502 lib.tail declares no argument \"more\"\n"
            "main.alloy:8:1 E0302 import.file.lib has no \"lib.tial\"\n");
  EXPECT_EQ(imports_told(uses),
            "main.alloy:1:32 E0504 import.file.lib cannot be read: conf/lib.alloy: no such file\n");
}

TEST(CheckImports, MistakesInsideAreShownInside) {
  EXPECT_EQ(imports_told("import.file \"lib\" { filename = \"lib.alloy\" }\nlib.tail \"t\" { }\n",
                         {{"lib.alloy", "declare \"tail\" {\n  test.sorce \"x\" { }\n}\n"}}),
            "lib.alloy:2:3 E0302 unknown component \"test.sorce\"\n");
  EXPECT_EQ(imports_told("import.file \"lib\" { filename = \"lib.alloy\" }\nlib.tail \"t\" { }\n",
                         {{"lib.alloy", "declare \"tail\" {\n"}})
                .substr(0, 9),
            "lib.alloy");
}

TEST(CheckImports, AModuleMayNotImportItself) {
  EXPECT_EQ(imports_told(
                "import.file \"a\" { filename = \"a.alloy\" }\na.x \"x\" { }\n",
                {{"a.alloy", "import.file \"b\" { filename = \"b.alloy\" }\ndeclare \"x\" { }\n"},
                 {"b.alloy", "import.file \"a\" { filename = \"a.alloy\" }\n"}}),
            "b.alloy:1:1 E0504 a.alloy imports itself\n");
}

TEST(CheckImports, ImportsSeeOnlyThemselves) {
  EXPECT_EQ(imports_told("declare \"mine\" { }\nmine \"x\" { }\nimport.string \"lib\" {\n  content "
                         "= `declare \"a\" { mine \"x\" { } }`\n}\nlib.a \"x\" { }\n"),
            "import.string.lib:1:15 E0302 unknown block \"mine\"\n");
}

TEST(CheckImports, RepositoriesHaveAddressesOrAreThere) {
  const auto told = [](const std::string& repository) {
    text::DiagnosticSink sink;
    const auto file = syntax::parse_file(
        text::Source::make("t", format("import.git \"lib\" {{\n  repository = \"{}\"\n  path = "
                                       "\"a\"\n}}\n",
                                       repository)),
        sink);
    Options options;
    options.can_read = [](const std::string& path) -> Status {
      if (path == "/srv/there") return {};
      return make_error(Code::kNotFound, "{}: no such file", path);
    };
    std::string out;
    const auto found = check({file}, test::small_catalog(), test::small_library(), options);
    for (const auto& d : found.all())
      out +=
          format("{} {}:{}", text::info(d.code).number, d.span.start().line, d.span.start().column);
    return out;
  };
  for (const char* good : {"https://host/name.git", "git@host:name.git", "host:name",
                           "ssh://git@host:22/name", "/srv/there", "file:///srv/x y"})
    EXPECT_EQ(told(good), "") << good;
  for (const char* bad : {"htps://host/name.git", "https://", "https:///name", "https://a b/c", "",
                          "--upload-pack=x", "a://"})
    EXPECT_EQ(told(bad), "E0601 2:16") << bad;
  for (const char* gone : {"/srv/nowhere", "not there", "./a:b"})
    EXPECT_EQ(told(gone), "E0504 2:16") << gone;
}

TEST(CheckImports, ContentKnownOnlyAtRunTimeIsNotJudged) {
  EXPECT_EQ(
      imports_told(
          "import.string \"lib\" { content = sys.env(\"LIB\") }\nlib.a \"x\" { anything = 1 }\n"),
      "");
}

}  // namespace
}  // namespace weir::check

// SPDX-License-Identifier: Apache-2.0
#include "interpreter/text/diagnostic.h"

#include "base/codec/json.h"
#include "tests/support/corpus.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace weir::text {
namespace {

using codec::JsonValue;

TEST(Codes, AreUniqueAndSorted) {
  std::set<std::string_view> names;
  std::string_view last;
  for (const CodeInfo& code : all_codes()) {
    EXPECT_TRUE(names.insert(code.name).second) << code.name;
    EXPECT_LT(last, code.number);
    EXPECT_EQ(code.severity == Severity::kError, code.number.starts_with('E')) << code.number;
    EXPECT_TRUE(code.doc.ends_with('.')) << code.number;
    EXPECT_EQ(info(code.code).number, code.number);
    last = code.number;
  }
}

TEST(Source, CountsLinesAndBytes) {
  const auto source = Source::make("t", "a\né=1\n");
  EXPECT_EQ(source->position(0), (Position{1, 1}));
  EXPECT_EQ(source->position(4), (Position{2, 3}));
  EXPECT_EQ(source->position(7), (Position{3, 1}));
  EXPECT_EQ(source->line(2), "é=1");
  EXPECT_EQ(source->line(3), "");
  EXPECT_EQ(source->line(9), "");
  EXPECT_EQ((Span{source.get(), 2, 4}).last(), (Position{2, 2}));
  EXPECT_EQ(Span{}.start(), Position{});
}

TEST(Sink, CountsWhatItDoesNotHold) {
  DiagnosticSink sink;
  for (std::size_t i = 0; i < DiagnosticSink::kLimit + 5; ++i)
    sink.add(DiagnosticCode::kSyntax, {}, "x").hint = "h";
  EXPECT_EQ(sink.all().size(), DiagnosticSink::kLimit);
  EXPECT_EQ(sink.error_count(), DiagnosticSink::kLimit + 5);
  DiagnosticSink other;
  other.add(DiagnosticCode::kDeprecated, {}, "y");
  EXPECT_FALSE(other.has_errors());
  other.append(std::move(sink));
  EXPECT_EQ(other.all().size(), DiagnosticSink::kLimit);
  EXPECT_EQ(other.warning_count(), 1u);
}

TEST(Sink, SortsByPlace) {
  const auto a = Source::make("a", "x\ny\n");
  const auto b = Source::make("b", "x\ny\n");
  DiagnosticSink sink;
  sink.add(DiagnosticCode::kSyntax, {b.get(), 0, 1}, "third");
  sink.add(DiagnosticCode::kSyntax, {a.get(), 2, 3}, "second");
  sink.add(DiagnosticCode::kSyntax, {a.get(), 0, 1}, "first");
  sink.sort();
  EXPECT_EQ(sink.all()[0].message, "first");
  EXPECT_EQ(sink.all()[1].message, "second");
  EXPECT_EQ(sink.all()[2].message, "third");
}

TEST(Nearest, FindsSlips) {
  const std::vector<std::string_view> known = {"forward_to", "targets", "url", "regex", "labels"};
  EXPECT_EQ(nearest("forwad_to", known), "forward_to");
  EXPECT_EQ(nearest("tragets", known), "targets") << "neighbours swapped";
  EXPECT_EQ(nearest("lables", known), "labels");
  EXPECT_EQ(nearest("ulr", known), "url");
  EXPECT_EQ(nearest("endpoint", known), "");
  EXPECT_EQ(nearest("x", known), "");
  EXPECT_EQ(nearest("", known), "");
  EXPECT_EQ(did_you_mean("regexp", known), "did you mean \"regex\"?");
  EXPECT_EQ(did_you_mean("nothing_like_it", known), "");
}

std::string shown(std::string text, std::uint32_t begin, std::uint32_t end) {
  const auto source = Source::make("f", std::move(text));
  DiagnosticSink sink;
  sink.add(DiagnosticCode::kSyntax, {source.get(), begin, end}, "m");
  return render(sink.all(), {});
}

TEST(Render, CaretsStandUnderColumnsOfTheScreen) {
  EXPECT_EQ(shown("\ta = 1\n", 1, 2),
            "error[E0201]: m\n  --> f:1:2\n   |\n 1 |     a = 1\n   |     ^\n");
  EXPECT_EQ(shown("é日a = 1\n", 5, 6),
            "error[E0201]: m\n  --> f:1:6\n   |\n 1 | é日a = 1\n   |    ^\n");
  EXPECT_EQ(shown("日本\n", 0, 6), "error[E0201]: m\n  --> f:1:1\n   |\n 1 | 日本\n   | ^^^^\n");
  EXPECT_EQ(shown("e\xCC\x81x\n", 3, 4),
            "error[E0201]: m\n  --> f:1:4\n   |\n 1 | e\xCC\x81x\n   |  ^\n");
}

TEST(Render, NothingSteersTheTerminal) {
  EXPECT_EQ(shown("a\x1b[31m\xff\r\n", 0, 1),
            "error[E0201]: m\n  --> f:1:1\n   |\n 1 | a\xEF\xBF\xBD[31m\xEF\xBF\xBD\n   | ^\n");
}

TEST(Render, LongLinesAndRangesAreCut) {
  const std::string line = shown(std::string(100'000, 'x') + "\n", 50'000, 60'000);
  EXPECT_LT(line.size(), 1000u);
  EXPECT_NE(line.find("... xxx"), std::string::npos);
  const std::string many = shown(std::string(300, '\n') + "x", 0, 301);
  EXPECT_LT(std::count(many.begin(), many.end(), '\n'), 15);
}

TEST(Render, ColorsOnlyWhenAsked) {
  const auto source = Source::make("f", "x");
  DiagnosticSink sink;
  sink.add(DiagnosticCode::kDeprecated, {source.get(), 0, 1}, "m", "h");
  EXPECT_EQ(render(sink.all(), {}).find('\x1b'), std::string::npos);
  EXPECT_NE(render(sink.all(), {RenderStyle::kText, true}).find("\x1b[1;33mwarning"),
            std::string::npos);
}

TEST(Render, GithubShowsNotes) {
  const auto main = Source::make("main.alloy", "import.file \"lib\" { }\n");
  const auto lib = Source::make("lib.alloy", "declare {\n");
  DiagnosticSink sink;
  sink.add(DiagnosticCode::kMissingLabel, {lib.get(), 0, 7}, "it needs a label", "give it one");
  sink.add_note({main.get(), 0, 11}, "imported here");
  sink.add_note({}, "and that is all");
  EXPECT_EQ(render(sink.all(), {RenderStyle::kGithub}),
            "::error file=lib.alloy,line=1,col=1,endLine=1,endColumn=7,title=E0307 "
            "missing-label::it needs a label%0Agive it one%0Anote: main.alloy:1:1: imported "
            "here%0Anote: and that is all\n");
}

TEST(Render, GithubEscapesWhatSeparates) {
  const auto source = Source::make("a,b:c", "x");
  DiagnosticSink sink;
  sink.add(DiagnosticCode::kSyntax, {source.get(), 0, 1}, "50%", "h");
  EXPECT_EQ(
      render(sink.all(), {RenderStyle::kGithub}),
      "::error file=a%2Cb%3Ac,line=1,col=1,endLine=1,endColumn=1,title=E0201 syntax::50%25%0Ah\n");
}

TEST(OneLine, NamesThePlaceIfThereIsOne) {
  const auto source = Source::make("f", "\n x");
  DiagnosticSink sink;
  EXPECT_EQ(one_line(sink.add(DiagnosticCode::kSyntax, {source.get(), 2, 3}, "m")), "f:2:2: m");
  EXPECT_EQ(one_line(sink.add(DiagnosticCode::kSyntax, {}, "m")), "m");
}

Position position_in(const std::string& text) {
  const auto colon = text.find(':');
  return {static_cast<std::uint32_t>(std::stoul(text)),
          static_cast<std::uint32_t>(std::stoul(text.substr(colon + 1)))};
}

std::uint32_t offset_of(const Source& source, Position at) {
  const std::string_view line = source.line(at.line);
  return static_cast<std::uint32_t>(line.data() - source.text().data()) + at.column - 1;
}

/// What stands for a text that the case does not have: blanks wherever it may look.
std::shared_ptr<const Source> blank(const std::string& name, Position start, Position end) {
  std::string text;
  for (std::uint32_t line = 0; line < std::max(start.line, end.line); ++line)
    text += std::string(std::max(start.column, end.column), ' ') + '\n';
  return Source::make(name, std::move(text));
}

/// One line each; of what names a file, but no place in it, there is none here.
void run_one_line_case(const JsonValue& line) {
  const JsonValue::Array& wanted = *line.find("diagnostics")->as_array();
  const std::string all = test::text_of(line, "all_messages");
  std::size_t behind = 0;
  for (const JsonValue& one : wanted) {
    const Position at = {static_cast<std::uint32_t>(one.find("line")->number()),
                         static_cast<std::uint32_t>(one.find("col")->number())};
    if (at.line == 0 || test::text_of(one, "file").empty()) return;
    const auto source = blank(test::text_of(one, "file"), at, at);
    const std::uint32_t begin = offset_of(*source, at);
    DiagnosticSink sink;
    sink.add(DiagnosticCode::kSyntax, {source.get(), begin, begin + 1},
             test::text_of(one, "message"));
    const std::string got = one_line(sink.all()[0]);
    const std::size_t found = all.find(got, behind);
    ASSERT_NE(found, std::string::npos) << got;
    behind = found + got.size();
  }
}

/// Severity, file, line, column and range of the corpus; wording and picture are our own.
void run_diagnostic_case(const JsonValue& line) {
  if (test::text_of(line, "group") == "text") return run_one_line_case(line);
  ASSERT_EQ(test::text_of(line, "group"), "render");
  std::map<std::string, std::shared_ptr<const Source>> files;
  for (const auto& [name, text] : *line.find("files")->as_object())
    files[name] = Source::make(name, *text.as_string());
  DiagnosticSink sink;
  for (const JsonValue& wanted : *line.find("diagnostics")->as_array()) {
    const std::string* end = wanted.find("end")->as_string();
    const Position start = position_in(test::text_of(wanted, "start"));
    const std::string name = test::text_of(wanted, "file");
    if (files.count(name) == 0)
      files[name] = blank(name, start, end == nullptr ? start : position_in(*end));
    const Source& source = *files[name];
    const std::uint32_t begin = offset_of(source, start);
    const bool warning = test::text_of(wanted, "severity") == "warn";
    sink.add(warning ? DiagnosticCode::kDeprecated : DiagnosticCode::kSyntax,
             {&source, begin, end == nullptr ? begin : offset_of(source, position_in(*end)) + 1},
             test::text_of(wanted, "message"));
  }
  const auto document = codec::parse_json(render(sink.all(), {RenderStyle::kJson}));
  ASSERT_TRUE(document);
  const JsonValue::Array& wanted = *line.find("diagnostics")->as_array();
  const JsonValue::Array& got = *document->find("diagnostics")->as_array();
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    const auto number = [&](const char* key) {
      return static_cast<std::uint32_t>(got[i].find(key)->number());
    };
    const std::string start = test::text_of(wanted[i], "start");
    const std::string* end = wanted[i].find("end")->as_string();
    EXPECT_EQ((Position{number("line"), number("column")}), position_in(start));
    EXPECT_EQ((Position{number("end_line"), number("end_column")}),
              position_in(end == nullptr ? start : *end));
    EXPECT_EQ(test::text_of(got[i], "file"), test::text_of(wanted[i], "file"));
    EXPECT_EQ(test::text_of(got[i], "message"), test::text_of(wanted[i], "message"));
    EXPECT_EQ(test::text_of(got[i], "severity").substr(0, 4),
              test::text_of(wanted[i], "severity").substr(0, 4));
    EXPECT_NE(render(sink.all(), {}).find("--> " + test::text_of(wanted[i], "file") + ":" + start),
              std::string::npos);
  }
}

const bool kCases =
    test::register_corpus("DiagnosticCorpus", "language/diag/cases.jsonl", run_diagnostic_case);

}  // namespace
}  // namespace weir::text

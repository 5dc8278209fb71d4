// SPDX-License-Identifier: Apache-2.0
// Shapes of trees, places, limits and recovery, beside what the conformance corpus has.

#include "interpreter/syntax/parse.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <sys/resource.h>

namespace weir::syntax {
namespace {

std::string shape(const Expression& e);

std::string shapes(const Expression& e, std::size_t first) {
  std::string out;
  for (std::size_t i = first; i < e.children.size(); ++i) out += ' ' + shape(*e.children[i]);
  return out;
}

/// An expression in prefix form: "(+ 1 (* 2 3))".
std::string shape(const Expression& e) {
  switch (e.kind) {
    case ExpressionKind::kArray: return "[" + shapes(e, 0) + " ]";
    case ExpressionKind::kObject: {
      std::string out = "{";
      for (const Field& field : e.fields) out += ' ' + field.name + '=' + shape(*field.value);
      return out + " }";
    }
    case ExpressionKind::kAccess: return "(." + shapes(e, 0) + ' ' + e.text + ")";
    case ExpressionKind::kIndex: return "(at" + shapes(e, 0) + ")";
    case ExpressionKind::kCall: return "(call" + shapes(e, 0) + ")";
    case ExpressionKind::kUnary:
    case ExpressionKind::kBinary: return "(" + std::string(spelling(e.op)) + shapes(e, 0) + ")";
    case ExpressionKind::kParen: return "(paren" + shapes(e, 0) + ")";
    case ExpressionKind::kError: return "error";
    default: return e.text;
  }
}

struct Read {
  std::shared_ptr<const File> file;
  text::DiagnosticSink sink;
};

Read read_file(std::string text) {
  Read out;
  out.file = parse_file(text::Source::make("t", std::move(text)), out.sink);
  return out;
}

/// "line:column" of every diagnostic.
std::string places(const text::DiagnosticSink& sink) {
  std::string out;
  for (const auto& diagnostic : sink.all()) {
    const text::Position at = diagnostic.span.start();
    out += format("{}{}:{}", out.empty() ? "" : " ", at.line, at.column);
  }
  return out;
}

struct ShapeCase {
  const char* text;
  const char* shape;
};

class ParseShape : public testing::TestWithParam<ShapeCase> {};

TEST_P(ParseShape, Is) {
  text::DiagnosticSink sink;
  const auto parsed = parse_expression(text::Source::make("t", GetParam().text), sink);
  EXPECT_EQ(places(sink), "");
  EXPECT_EQ(shape(*parsed.expression), GetParam().shape);
  EXPECT_EQ(parsed.expression->span.text(), GetParam().text);
}

// covers: L4.2, L4.4
INSTANTIATE_TEST_SUITE_P(
    Precedence, ParseShape,
    testing::Values(ShapeCase{"1 + 2 * 3", "(+ 1 (* 2 3))"},
                    ShapeCase{"1 * 2 + 3", "(+ (* 1 2) 3)"},
                    ShapeCase{"1 - 2 - 3", "(- (- 1 2) 3)"},
                    ShapeCase{"2 ^ 3 ^ 4", "(^ 2 (^ 3 4))"}, ShapeCase{"-2 ^ 2", "(^ (- 2) 2)"},
                    ShapeCase{"2 ^ -2 ^ 3", "(^ 2 (^ (- 2) 3))"},
                    ShapeCase{"a || b && c == d", "(|| a (&& b (== c d)))"},
                    ShapeCase{"a < b == c", "(== (< a b) c)"},
                    ShapeCase{"a == b + c % d ^ e", "(== a (+ b (% c (^ d e))))"},
                    ShapeCase{"!-!a.b", "(! (- (! (. a b))))"},
                    ShapeCase{"(1 + 2) * 3", "(* (paren (+ 1 2)) 3)"},
                    ShapeCase{"f(1, g(), [2,],)[0].x", "(. (at (call f 1 (call g) [ 2 ]) 0) x)"},
                    ShapeCase{"{a = 1, \"b\\t\" = {}}", "{ a=1 b\\t={ } }"},
                    ShapeCase{"{\"\" = 1}", "{ \"\"=1 }"}));

TEST(Parse, KnowsWhereThingsAre) {
  const Read read = read_file("a.b \"l\" {\n\tc = é.d[0]\n}\n");
  ASSERT_EQ(places(read.sink), "");
  const Block& block = *read.file->body.statements.at(0).block;
  EXPECT_EQ(block.full_name(), "a.b");
  EXPECT_EQ(block.id(), "a.b.l");
  EXPECT_EQ(block.head().text(), "a.b \"l\"");
  EXPECT_EQ(block.open.start(), (text::Position{1, 9}));
  EXPECT_EQ(block.close.start(), (text::Position{3, 1}));
  const Attribute& attribute = *block.body.statements.at(0).attribute;
  EXPECT_EQ(attribute.name_span.text(), "c");
  EXPECT_EQ(attribute.value->span.text(), "é.d[0]");
  EXPECT_EQ(attribute.value->span.last(), (text::Position{2, 12})) << "columns count bytes";
}

TEST(Parse, KeepsComments) {
  const Read read = read_file("// a\r\nx = 1 /* b\r\nc */\n// d");
  ASSERT_EQ(read.file->comments.size(), 3u);
  EXPECT_EQ(read.file->comments[0].text, "// a");
  EXPECT_EQ(read.file->comments[1].text, "/* b\nc */");
  EXPECT_EQ(read.file->comments[2].text, "// d");
}

TEST(Parse, ExpressionEndsWithItsLine) {
  text::DiagnosticSink sink;
  EXPECT_EQ(shape(*parse_expression(text::Source::make("t", "1 + 1\n'anything"), sink).expression),
            "(+ 1 1)");
  EXPECT_FALSE(sink.has_errors());
}

// covers: L5.1
TEST(Parse, GoesOnAfterMistakes) {
  const Read read = read_file("a = = 1\nb {\n  c = [1 2]\n  \"d\" = 3\n  e = 4\n}\nf g\nh = 5\n");
  EXPECT_EQ(places(read.sink), "1:5 3:10 4:3 7:3");
  EXPECT_EQ(read.file->body.statements.size(), 3u) << "a, b and h";
  EXPECT_EQ(read.file->body.statements[1].block->body.statements.size(), 2u) << "c and e";
  EXPECT_EQ(shape(*read.file->body.statements[0].attribute->value), "error");
  EXPECT_EQ(shape(*read.file->body.statements[1].block->body.statements[0].attribute->value),
            "[ 1 2 ]");
}

TEST(Parse, AnUnclosedBracketEndsWhereAStatementBegins) {
  const Read read = read_file("a {\n  b = [c,\n  d = 1\n}\ne = +\n");
  EXPECT_EQ(places(read.sink), "3:5 5:5");
}

// covers: L1.4
TEST(Parse, NestingHasALimit) {
  for (const std::string open : {"(", "[", "f(", "{a = ", "a["}) {
    const std::string close = open == "[" || open == "a[" ? "]" : open[0] == '{' ? "}" : ")";
    const auto nested = [&](std::size_t depth) {
      std::string text = "x = ";
      for (std::size_t i = 0; i < depth; ++i) text += open;
      text += "1";
      for (std::size_t i = 0; i < depth; ++i) text += close;
      return read_file(text + "\n");
    };
    EXPECT_EQ(places(nested(kMaxDepth).sink), "") << open;
    const Read deep = nested(kMaxDepth + 1);
    ASSERT_EQ(deep.sink.error_count(), 1u) << open;
    EXPECT_EQ(deep.sink.all()[0].code, text::DiagnosticCode::kTooLarge);
  }
}

TEST(Parse, LongChainsCostNoStack) {
  constexpr std::size_t kLong = 200'000;
  for (const std::string link : {"-", "!", "1+", "1^", "1&&", "(1)*"}) {
    std::string text = "x = ";
    for (std::size_t i = 0; i < kLong; ++i) text += link;
    const Read read = read_file(text + "1\n");
    ASSERT_EQ(read.sink.error_count(), 1u) << link;
    EXPECT_EQ(read.sink.all()[0].code, text::DiagnosticCode::kTooLarge) << link;
  }
  std::string access = "x = a";
  for (std::size_t i = 0; i < kLong; ++i) access += ".b";
  EXPECT_EQ(read_file(access).sink.error_count(), 1u);
}

TEST(Parse, AChainWithinTheLimitIsATree) {
  std::string text = "x = 1";
  for (std::size_t i = 0; i < kMaxDepth - 1; ++i) text += " + 1";
  EXPECT_EQ(places(read_file(text).sink), "");
}

TEST(Parse, SaysWhereTheFirstMistakeIs) {
  const std::pair<const char*, const char*> cases[] = {
      {"a = \"\\", "1:7 1:5"},      {"a = \"\\q", "1:7 1:5"},     {"a = \"x\\\n", "1:8 1:5"},
      {"a = \"\\x4", "1:7 1:5"},    {"a = \"\\u12\n", "1:7 1:5"}, {"a = {x = 1,]\n", "1:12"},
      {"a = [{b = 2,\n]\n", "2:1"}, {"a = {x = 1,)\n", "1:12"},   {"a = [1,}\n", "1:8"},
      {"a = {]\n", "1:6"},
  };
  for (const auto& [text, want] : cases) EXPECT_EQ(places(read_file(text).sink), want) << text;
}

// covers: L1.4
TEST(Parse, SizeHasALimit) {
  const Read read = read_file(std::string(kMaxSourceBytes + 1, ' '));
  ASSERT_EQ(read.sink.error_count(), 1u);
  EXPECT_EQ(read.sink.all()[0].code, text::DiagnosticCode::kTooLarge);
}

/// Memory that the process used at most, in MiB.
long peak_mebibytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

// covers: L1.4
TEST(Parse, AnyTenMebibytesAreBounded) {
  const struct {
    const char* begin;
    std::string unit;
    const char* end;
    bool refused;
  } cases[] = {
      {"a = ", "(", "", true},       {"a = ", "[", "", true},
      {"a = ", "{a=", "", true},     {"a = ", "1^", "1\n", true},
      {"a = ", "1+", "1\n", true},   {"a = ", "a.", "a\n", true},
      {"a = a", "[0]", "\n", true},  {"a = a", "()", "\n", true},
      {"a = ", "!", "true\n", true}, {"a = ", "\"", "\n", true},
      {"a = ", "\"\" ", "", true},   {"", "// x\n", "", true},
      {"", "/**/", "", true},        {"", "\n", "", false},
      {"", " ", "", false},          {"", std::string(1, '\0'), "", true},
      {"", "a=1\n", "", true},       {"", "b{}\n", "", true},
      {"", "b \"x\"{}\n", "", true}, {"", "b{", "", true},
      {"", "}", "", true},           {"a = [", "1,", "]\n", true},
      {"a = [", "[],", "]\n", true}, {"a = {", "a=1,", "}\n", true},
      {"", "a.", "a { }\n", true},   {"", "`", "", true},
      {"", "@", "", true},           {"", "\xFF", "", true},
      {"a = `", "x", "`\n", false},  {"// ", "x", "\n", false},
  };
  [[maybe_unused]] const long before =
      peak_mebibytes();  // unused by sanitizers, whose memory is not ours
  for (const auto& row : cases) {
    std::string text = row.begin;
    while (text.size() + row.unit.size() + 100 < kMaxSourceBytes) text += row.unit;
    const auto begin = std::clock();
    const Read read = read_file(text + row.end);
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    EXPECT_EQ(read.sink.has_errors(), row.refused) << row.begin << row.unit;
    EXPECT_LT(seconds, 20) << row.begin << row.unit;  // two, but for sanitizers and old machines
    if (std::getenv("WEIR_SHOW_COSTS") != nullptr)
      printf("%-12s %5.2f s, peak %ld MiB\n", row.unit.substr(0, 10).c_str(), seconds,
             peak_mebibytes());
  }
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(peak_mebibytes() - before, 600);
#endif
}

TEST(Parse, MistakesWithoutEndAreCutOff) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "a = +\n";
  const Read read = read_file(text);
  EXPECT_EQ(read.sink.all().size(), text::DiagnosticSink::kLimit);
  EXPECT_EQ(read.sink.error_count(), text::DiagnosticSink::kLimit);
  EXPECT_EQ(read.sink.all().back().code, text::DiagnosticCode::kTooManyErrors);
  // Of one string twenty are told.
  std::string escapes_text;
  for (int i = 0; i < 100; ++i) {
    escapes_text += "a = \"";
    for (int k = 0; k < 20; ++k) escapes_text += "\\q";
    escapes_text += "\"\n";
  }
  const Read escapes = read_file(escapes_text);
  EXPECT_EQ(escapes.sink.all().back().code, text::DiagnosticCode::kTooManyErrors);
}

TEST(Identifiers, AreSanitized) {
  EXPECT_EQ(sanitize_identifier("9lives"), "_9lives");
  EXPECT_EQ(sanitize_identifier("é x"), "é_x");
  EXPECT_EQ(sanitize_identifier("true"), "_true");
  EXPECT_EQ(sanitize_identifier("\xff"), "_");
  EXPECT_FALSE(is_identifier("null"));
  EXPECT_FALSE(is_identifier("a b"));
  EXPECT_FALSE(is_identifier("\xEF\xBB\xBFx"));
  EXPECT_TRUE(is_identifier("ж٣"));
}

}  // namespace
}  // namespace weir::syntax

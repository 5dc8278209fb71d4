// SPDX-License-Identifier: Apache-2.0
#include "interpreter/eval/evaluate.h"

#include "interpreter/syntax/parse.h"
#include "interpreter/value/unknown.h"

#include <gtest/gtest.h>

namespace weir::eval {
namespace {

using Tag = value::Type::Tag;
using text::DiagnosticCode;
using value::Type;
using value::Value;

constexpr value::CapsuleType kLogs = {"loki.LogsReceiver", "a receiver of logs"};

Result<std::string> echo(const std::string& text) {
  return text;
}
Result<std::string> look(catalog::Call& call, const std::string& name) {
  return call.context().env(name, call.context().env_self);
}
constexpr catalog::Param kTextParams[] = {{"text", "Some text."}};
constexpr catalog::Example kNoExamples[] = {{"null", "null"}};
constexpr catalog::FunctionDef kEcho =
    catalog::function<&echo>("test.echo", "Returns its argument.", kTextParams, kNoExamples);
constexpr catalog::FunctionDef kLook =
    catalog::function<&look>("test.look", "Looks at the world.", kTextParams, kNoExamples).impure();
constexpr const catalog::FunctionDef* kRows[] = {&kEcho, &kLook};

struct Ran {
  std::shared_ptr<const text::Source> source;
  syntax::ExpressionPtr tree;
  Known known;
  text::DiagnosticSink sink;
};

Variables sample_scope() {
  Variables scope;
  scope.set("number", Known::of(Value::integer(42)));
  scope.set("word", Known::of(Value("w")));
  scope.set("secret", Known::of(Value::secret("s")));
  scope.set("open", Known::of(Value::optional_secret("o", false)));
  scope.set("shut", Known::of(Value::optional_secret("o", true)));
  scope.set("receiver", Known::of(Value(value::Capsule{&kLogs, nullptr})));
  scope.set("any", Known::only_type(Type::any()));
  scope.set("text", Known::only_type(Type::of(Tag::kString)));
  scope.set("count", Known::only_type(Type::of(Tag::kNumber)));
  scope.set("list", Known::only_type(Type::list(Type::of(Tag::kString))));
  scope.set("thing", Known::only_type(Type::object(
                         {{"name", Type::of(Tag::kString)}, {"size", Type::of(Tag::kNumber)}})));
  scope.set("map", Known::only_type(Type::map(Type::of(Tag::kNumber))));
  scope.set("later", Known::only_type(Type::capsule(kLogs)));
  scope.set("hidden", Known::only_type(Type::of(Tag::kSecret)));
  return scope;
}

Ran run(const std::string& text, Mode mode = Mode::kRun) {
  static const catalog::FunctionTable functions{kRows};
  catalog::CallContext context;
  context.env = [](const std::string& name, void*) { return "<" + name + ">"; };
  Ran out;
  out.source = text::Source::make("test", text);
  auto parsed = syntax::parse_expression(out.source, out.sink);
  out.tree = std::move(parsed.expression);
  const Variables scope = sample_scope();
  out.known = Evaluator(scope, functions, context, mode, out.sink).expression(*out.tree);
  return out;
}

// covers: L2.4, L7.2, L7.4, L7.5, L8.1, L8.2, L11.2
TEST(Evaluate, Values) {
  const std::pair<const char*, const char*> cases[] = {
      {"1 + 2 * 3 ^ 2", "19"},
      {"-2 ^ 2", "4"},
      {"2 ^ 3 ^ 0", "2"},
      {"2 ^ -1", "0.5"},
      {"2 ^ 64", "0"},
      {"3 ^ 1000000000000", "8078920949372764161"},
      {"7 / 2", "3"},
      {"-7 % 3", "-1"},
      {"7.5 % 2", "1.5"},
      {"9223372036854775807 + 1", "-9223372036854775808"},
      {"-9223372036854775808 / -1", "-9223372036854775808"},
      {"-9223372036854775808 % -1", "0"},
      {"-18446744073709551615", "-18446744073709552000"},
      {"18446744073709551615 / 2", "9223372036854775807"},
      {"18446744073709551615 - 1", "18446744073709551614"},
      {"5 - 9223372036854775808", "-9223372036854775803"},
      {"18446744073709551615 * 18446744073709551615", "1"},
      {"18446744073709551615 ^ 2", "1"},
      {"010 + 08", "16"},
      {"1e309 == 1e309 || true", ""},
      {"1e-400", "0"},
      {"\"a\" + \"b\" < \"b\"", "true"},
      {"1 == 1.0 && !(1 == \"1\")", "true"},
      {"{a = 1, b = 2} == {b = 2, a = 1.0}", "true"},
      {"test.echo == test.echo", "false"},
      {"[10, 20, 30][1.9]", "20"},
      {"{a = {b = [1]}}.a.b[0]", "1"},
      {"{a = 1}[\"b\"]", "null"},
      {"test.echo(12)", "\"12\""},
      {"test.look(word)", "\"<w>\""},
      {"secret == \"s\"", "true"},
      {"open + word", "\"ow\""},
      {"(shut + word) == \"ow\"", "true"},
      {"secret + word", "(secret)"},
      {"{\"a\\tb\" = 1}", "{\n\t\"a\\\\tb\" = 1,\n}"},
  };
  for (const auto& [text, printed] : cases) {
    const Ran ran = run(text);
    EXPECT_EQ(ran.known.value ? print(*ran.known.value) : "", printed) << text;
    EXPECT_EQ(ran.known.failed, printed == std::string_view()) << text;
  }
}

struct Wrong {
  const char* text;
  DiagnosticCode code;
  const char* span;
  const char* message;
};

void check_wrong(std::initializer_list<Wrong> cases, Mode mode) {
  for (const Wrong& c : cases) {
    const Ran ran = run(c.text, mode);
    EXPECT_TRUE(ran.known.failed) << c.text;
    ASSERT_EQ(ran.sink.error_count(), 1u) << c.text;
    const text::Diagnostic& d = ran.sink.all().front();
    EXPECT_EQ(d.code, c.code) << c.text;
    EXPECT_EQ(d.span.text(), c.span) << c.text;
    EXPECT_EQ(d.message, c.message) << c.text;
  }
}

// covers: L7.3, L8.3
TEST(Evaluate, SaysWhatIsWrongAndWhere) {
  check_wrong(
      {
          {"[1] + [2]", DiagnosticCode::kOperation, "[1] + [2]",
           "[1] should be one of [number string capsule] for binop +, got array"},
          {"1 + 2 + null", DiagnosticCode::kOperation, "1 + 2 + null",
           "null should be one of [number string capsule] for binop +, got null"},
          {"\"a\" + 1", DiagnosticCode::kOperation, "\"a\" + 1", "1 should be string, got number"},
          {"word - shut", DiagnosticCode::kOperation, "word - shut",
           "word should be one of [number] for binop -, got capsule"},
          {"secret < \"a\"", DiagnosticCode::kOperation, "secret < \"a\"",
           "secret should be one of [number string] for binop <, got capsule"},
          {"word + receiver", DiagnosticCode::kOperation, "word + receiver",
           "receiver should be string, got capsule"},
          {"receiver + receiver", DiagnosticCode::kOperation, "receiver + receiver",
           "receiver should be a string or a secret, got a receiver of logs"},
          {"!1", DiagnosticCode::kOperation, "1", "1 should be bool, got number"},
          {"-\"x\"", DiagnosticCode::kOperation, "\"x\"", "\"x\" should be number, got string"},
          {"1 / 0", DiagnosticCode::kOperation, "1 / 0", "divide by zero error"},
          {"1 % 0.0", DiagnosticCode::kOperation, "1 % 0.0", "divide by zero error"},
          {"0 ^ -1", DiagnosticCode::kOperation, "0 ^ -1", "divide by zero error"},
          {"numbr", DiagnosticCode::kUnknownName, "numbr",
           "identifier \"numbr\" does not exist here"},
          {"{alpha = 1}.alpa", DiagnosticCode::kUnknownField, "alpa",
           "field \"alpa\" does not exist"},
          {"test.ecko", DiagnosticCode::kUnknownField, "ecko", "field \"ecko\" does not exist"},
          {"number.b", DiagnosticCode::kTypeMismatch, "b",
           "cannot access field \"b\" on value of type number"},
          {"secret.b", DiagnosticCode::kTypeMismatch, "b",
           "expected object or array or a capsule convertible to an object, got capsule"},
          {"secret[0]", DiagnosticCode::kTypeMismatch, "secret",
           "expected object or array or a capsule convertible to an object, got capsule"},
          {"secret[\"a\"]", DiagnosticCode::kTypeMismatch, "secret",
           "expected object or array or a capsule convertible to an object, got capsule"},
          {"word[0]", DiagnosticCode::kTypeMismatch, "word",
           "expected object or array, got string"},
          {"[1][\"0\"]", DiagnosticCode::kTypeMismatch, "\"0\"",
           "\"0\" should be number, got string"},
          {"{a = 1}[0]", DiagnosticCode::kTypeMismatch, "0", "0 should be string, got number"},
          {"[1, 2][-1]", DiagnosticCode::kIndexRange, "-1",
           "index -1 is out of range of array with length 2"},
          {"[1][1e300 * 1e300]", DiagnosticCode::kIndexRange, "1e300 * 1e300",
           "index +Inf is out of range of array with length 1"},
          {"number(1)", DiagnosticCode::kBadCall, "number",
           "number should be function, got number"},
          {"test.echo()", DiagnosticCode::kBadCall, "test.echo",
           "test.echo expected 1 args, got 0"},
          {"test.echo([1])", DiagnosticCode::kTypeMismatch, "[1]",
           "[1] should be string, got array"},
          {"test.echo(secret)", DiagnosticCode::kSecretExposed, "secret",
           "secret should be string, got a secret, which may not become plain text"},
          {"1e999", DiagnosticCode::kBadNumber, "1e999", "number 1e999 is out of range"},
      },
      Mode::kRun);
}

TEST(Evaluate, ReportsAllThatIsWrongOnce) {
  const Ran ran = run("[one, two + 1, test.echo(three), !1, {a = four}]");
  EXPECT_EQ(ran.sink.error_count(), 5u);
  EXPECT_TRUE(ran.known.failed);
}

// covers: L7.1
TEST(Evaluate, NothingIsShortCut) {
  EXPECT_TRUE(run("true || missing").known.failed);
  EXPECT_TRUE(run("false && missing").known.failed);
}

// covers: L8.4
TEST(Evaluate, TheScopeHidesTheLibrary) {
  static const catalog::FunctionTable functions{kRows};
  const auto source = text::Source::make("test", "[test, other]");
  text::DiagnosticSink sink;
  const auto parsed = syntax::parse_expression(source, sink);
  Variables scope;
  scope.set("test", Known::of(Value::integer(1)));
  scope.set("other", Known::of(Value::integer(2)));
  const Known known =
      Evaluator(scope, functions, {}, Mode::kRun, sink).expression(*parsed.expression);
  EXPECT_EQ(print(*known.value), "[1, 2]");
}

TEST(Evaluate, HintsAtTheNearestName) {
  EXPECT_EQ(run("numbr").sink.all()[0].hint, "did you mean \"number\"?");
  EXPECT_EQ(run("{alpha = 1}.alpa").sink.all()[0].hint, "did you mean \"alpha\"?");
  EXPECT_NE(run("secret - 1").sink.all()[0].hint.find("convert.nonsensitive"), std::string::npos);
  EXPECT_EQ(run("1 + receiver").sink.all()[0].hint, "receiver is a receiver of logs");
}

TEST(Evaluate, LongChainsAreNoDepth) {
  std::string text = "1";
  for (int i = 0; i < 900; ++i) text += " + 1";
  EXPECT_EQ(run(text).known.value->as_number().text(), "901");
}

TEST(Evaluate, ValuesAreBounded) {
  static const catalog::FunctionTable functions{kRows};
  const catalog::CallContext context;
  const auto source = text::Source::make("test", "[x, x]");
  text::DiagnosticSink sink;
  const auto parsed = syntax::parse_expression(source, sink);
  Known known = Known::of(Value("x"));
  int rounds = 0;
  for (; !known.failed && rounds < 100; ++rounds) {
    Variables scope;
    scope.set("x", known);
    known = Evaluator(scope, functions, context, Mode::kRun, sink).expression(*parsed.expression);
  }
  EXPECT_LT(rounds, 30);
  EXPECT_EQ(sink.all()[0].code, DiagnosticCode::kTooLarge);
}

TEST(Check, KnowsTypes) {
  const std::pair<const char*, const char*> cases[] = {
      {"text + \"x\"", "string"},
      {"count * 2", "number"},
      {"count < 2", "bool"},
      {"text == count", "bool"},
      {"hidden + text", "secret"},
      {"any + 1", "number"},
      {"any + any", "any"},
      {"list[0]", "string"},
      {"thing.size", "number"},
      {"thing[\"name\"]", "string"},
      {"map.x", "number"},
      {"any.x[0](1)", "any"},
      {"test.look(\"x\")", "string"},
      {"test.echo(text)", "string"},
      {"!any", "bool"},
      {"-any", "number"},
  };
  for (const auto& [text, type] : cases) {
    const Ran ran = run(text, Mode::kCheck);
    EXPECT_FALSE(ran.known.value) << text;
    EXPECT_FALSE(ran.sink.has_errors()) << text << ": " << ran.sink.all()[0].message;
    EXPECT_EQ(ran.known.type.text(), type) << text;
  }
}

TEST(Check, FindsWhatWouldFail) {
  check_wrong(
      {
          {"text + 1", DiagnosticCode::kOperation, "text + 1", "1 should be string, got number"},
          {"!count", DiagnosticCode::kOperation, "count", "count should be bool, got number"},
          {"thing.nane", DiagnosticCode::kUnknownField, "nane", "field \"nane\" does not exist"},
          {"text.x", DiagnosticCode::kTypeMismatch, "x",
           "cannot access field \"x\" on value of type string"},
          {"list[\"x\"]", DiagnosticCode::kTypeMismatch, "\"x\"",
           "\"x\" should be number, got string"},
          {"count(1)", DiagnosticCode::kBadCall, "count", "count should be function, got number"},
          {"test.look(list)", DiagnosticCode::kTypeMismatch, "list",
           "list should be string, got list(string)"},
          {"test.look(later)", DiagnosticCode::kTypeMismatch, "later",
           "later should be string, got a receiver of logs"},
          {"test.echo({a = count})", DiagnosticCode::kTypeMismatch, "{a = count}",
           "{a = count} should be string, got object"},
      },
      Mode::kCheck);
}

TEST(Check, KeepsWhatIsKnownOfALiteral) {
  const Ran ran = run("{path = \"/var\", host = text, list = [1, missing]}", Mode::kCheck);
  EXPECT_EQ(ran.sink.error_count(), 1u);
  ASSERT_TRUE(ran.known.value);
  EXPECT_FALSE(ran.known.complete());
  EXPECT_EQ(ran.known.value->as_object().find("path")->as_string(), "/var");
  EXPECT_EQ(value::unknown_type(*ran.known.value->as_object().find("host"))->text(), "string");
  EXPECT_EQ(
      run("{path = \"/var\", host = text}.path + \"/log\"", Mode::kCheck).known.value->as_string(),
      "/var/log");
}

TEST(Body, IsEvaluatedWithItsPlaces) {
  const auto source = text::Source::make("test", "a = 1 + 1\nb.c \"x\" {\n\td = missing\n}\n");
  text::DiagnosticSink sink;
  const auto file = syntax::parse_file(source, sink);
  static const catalog::FunctionTable functions{kRows};
  const catalog::CallContext context;
  const Variables scope;
  const schema::EvaluatedBody body =
      Evaluator(scope, functions, context, Mode::kRun, sink).body(file->body);
  ASSERT_EQ(body.attributes.size(), 1u);
  EXPECT_EQ(body.attributes[0].value->as_number().text(), "2");
  EXPECT_EQ(body.attributes[0].statement.text(), "a = 1 + 1");
  ASSERT_EQ(body.blocks.size(), 1u);
  EXPECT_EQ(body.blocks[0].name, "b.c");
  EXPECT_EQ(body.blocks[0].label, "x");
  EXPECT_EQ(body.blocks[0].head.text(), "b.c \"x\"");
  EXPECT_TRUE(body.blocks[0].body.attributes[0].failed);
}

TEST(Traversals, AreFoundInOrder) {
  const auto source = text::Source::make(
      "test", "x = [a.b, (c).d, e.f[g.h].i, j(k.l)]\ny {\n\tz = {m = n.o + p.q}\n}\n");
  text::DiagnosticSink sink;
  const auto file = syntax::parse_file(source, sink);
  std::string found;
  for (const Traversal& t : traversals(file->body)) {
    EXPECT_EQ(t.names.size(), t.spans.size());
    found += std::string(t.span.text()) + ' ';
  }
  EXPECT_EQ(found, "a.b c e.f g.h j k.l n.o p.q ");
}

TEST(Variables, InnerHideOuter) {
  Variables outer;
  outer.set("a", Known::of(Value::integer(1)));
  outer.set("b", Known::of(Value::integer(2)));
  Variables inner(&outer);
  inner.set("a", Known::of(Value::integer(3)));
  EXPECT_EQ(inner.find("a")->value->as_number().text(), "3");
  EXPECT_EQ(inner.find("b")->value->as_number().text(), "2");
  EXPECT_FALSE(inner.find("c"));
}

}  // namespace
}  // namespace weir::eval

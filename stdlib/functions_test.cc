// SPDX-License-Identifier: Apache-2.0
#include "stdlib/functions.h"

#include "interpreter/eval/evaluate.h"
#include "interpreter/syntax/parse.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace weir::stdlib {
namespace {

using value::Value;

const catalog::FunctionTable& library() {
  static const catalog::FunctionTable table = functions({"here", "linux", "amd64", "v1.2.3"});
  return table;
}

/// What an expression gives, and all that was said about it.
struct Evaluated {
  eval::Known known;
  text::DiagnosticSink sink;

  [[nodiscard]] std::string first_message() const {
    return sink.all().empty() ? "" : sink.all().front().message;
  }
};

Evaluated evaluate(std::string_view expression, const eval::Variables& scope = eval::Variables(),
                   eval::Mode mode = eval::Mode::kRun) {
  Evaluated out;
  const auto source = text::Source::make("test", std::string(expression));
  const auto parsed = syntax::parse_expression(source, out.sink);
  const catalog::CallContext context;
  out.known =
      eval::Evaluator(scope, library(), context, mode, out.sink).expression(*parsed.expression);
  return out;
}

eval::Variables with_secret() {
  eval::Variables scope;
  scope.set("s", eval::Known::of(Value::secret("hush")));
  scope.set("plain", eval::Known::of(Value::optional_secret("open", false)));
  scope.set("later", eval::Known::only_type(value::Type::of(value::Type::Tag::kSecret)));
  return scope;
}

TEST(Functions, EveryExampleHolds) {
  for (const catalog::FunctionDef* function : library().all()) {
    EXPECT_FALSE(function->examples.empty()) << function->name;
    for (const auto& [expression, result] : function->examples) {
      const Evaluated got = evaluate(expression);
      const Evaluated wanted = evaluate(result);
      ASSERT_TRUE(got.known.value) << expression << ": " << got.first_message();
      ASSERT_TRUE(wanted.known.value) << result << ": " << wanted.first_message();
      EXPECT_TRUE(same(*got.known.value, *wanted.known.value))
          << expression << " is " << print(*got.known.value);
    }
  }
}

TEST(Functions, AreDeclaredOnceAndInOrder) {
  std::set<std::string_view> names;
  for (const catalog::FunctionDef* function : library().all()) {
    EXPECT_TRUE(names.insert(function->name).second) << function->name;
    if (!function->alias_of.empty()) {
      EXPECT_NE(library().find(function->alias_of), nullptr) << function->name;
    } else if (function->name.find('.') == std::string_view::npos) {
      EXPECT_TRUE(function->name == "coalesce" || function->name == "json_path") << function->name;
    }
  }
}

TEST(Functions, TheCheckerNeedsNoWorldForPureOnes) {
  for (const catalog::FunctionDef* function : library().all()) {
    if (function->pure) continue;
    const Evaluated got =
        evaluate(function->examples.front().expression, eval::Variables(), eval::Mode::kCheck);
    EXPECT_FALSE(got.known.value) << function->name;
    EXPECT_EQ(got.known.type, function->result_type()) << function->name;
  }
}

TEST(Functions, OldNamesWorkAndSaySo) {
  const Evaluated got = evaluate(R"(to_upper(trim_space(" a ")))");
  EXPECT_EQ(got.known.value->as_string(), "A");
  ASSERT_EQ(got.sink.warning_count(), 2u);
  EXPECT_EQ(got.sink.all()[1].hint, "its name now is string.to_upper");
}

TEST(Functions, Constants) {
  EXPECT_EQ(evaluate("constants.os").known.value->as_string(), "linux");
  EXPECT_EQ(evaluate("constants.version").known.value->as_string(), "v1.2.3");
  EXPECT_EQ(Constants::of_this_machine("").version, "v0.0.0");
  EXPECT_FALSE(Constants::of_this_machine("1.0.0").arch.empty());
}

TEST(Functions, SecretsAreNotShown) {
  for (const char* expression :
       {R"(string.format("%s", s))", R"(string.format("%v", [1, {a = s}]))",
        "encoding.to_json({a = [s]})", R"(string.format("%s", later))",
        "encoding.to_json({a = later})"}) {
    const Evaluated got = evaluate(expression, with_secret(), eval::Mode::kCheck);
    ASSERT_EQ(got.sink.error_count(), 1u) << expression;
    EXPECT_EQ(got.sink.all()[0].code, text::DiagnosticCode::kSecretExposed) << expression;
    EXPECT_NE(got.sink.all()[0].hint.find("convert.nonsensitive"), std::string::npos) << expression;
  }
  EXPECT_EQ(evaluate(R"(string.format("%s %s", plain, convert.nonsensitive(s)))", with_secret())
                .known.value->as_string(),
            "open hush");
}

TEST(Functions, BlameTheArgument) {
  struct Case {
    const char* expression;
    const char* blamed;
  };
  const Case cases[] = {
      {R"(array.concat([1], "x"))", R"("x")"},
      {"string.join([1, [2]], \",\")", "[2]"},
      {"array.combine_maps([{a = 1}, 2], [], [\"a\"])", "2"},
      {"array.combine_maps([], [], [])", "[]"},
      {"array.group_by([{k = 1}], \"k\", true)", "1"},
      {"array.group_by([], \"k\", \"no\")", "\"no\""},
      {"array.group_by([{k = \"a\"}], 123, false)", "123"},
      {"array.group_by(null, \"k\", true)", "null"},
      {"array.group_by([], null, true)", "null"},
      {"array.group_by([], \"k\", null)", "null"},
      {"array.concat([1], null)", "null"},
      {"array.combine_maps(null, [], [\"a\"])", "null"},
      {"array.combine_maps([], null, [\"a\"])", "null"},
      {"array.combine_maps([], [], null)", "null"},
      {"array.combine_maps([], [], [\"a\"], null)", "null"},
      {"string.to_upper([true])", "[true]"},
      {"string.to_upper()", "string.to_upper"},
      {"string.to_upper(1, 2)", "string.to_upper"},
      {"array.combine_maps([], [])", "array.combine_maps"},
      {"encoding.to_json([1])", "encoding.to_json"},
      {"encoding.from_json(\"{\")", "encoding.from_json"},
      {"encoding.from_yaml(\"{\")", "encoding.from_yaml"},
      {"encoding.from_base64(\"?\")", "encoding.from_base64"},
      {"encoding.url_decode(\"%zz\")", "encoding.url_decode"},
      {"encoding.url_decode(\"%4\")", "encoding.url_decode"},
      {"json_path(\"{}\", \"$[\")", "json_path"},
      {"json_path(\"{}\", \"$..\")", "json_path"},
  };
  for (const Case& c : cases) {
    const Evaluated got = evaluate(c.expression);
    ASSERT_EQ(got.sink.error_count(), 1u) << c.expression;
    EXPECT_EQ(got.sink.all()[0].span.text(), c.blamed)
        << c.expression << ": " << got.first_message();
    EXPECT_TRUE(got.known.failed) << c.expression;
  }
}

TEST(Functions, ResultsAreBounded) {
  eval::Variables scope;
  scope.set("big", eval::Known::of(Value(std::string(20'000'000, 'a'))));
  for (
      const char* expression :
      {R"(string.replace(big, "a", "0123456789abcdef"))",
       R"(string.join([big, big, big, big, big, big, big, big, big, big, big, big, big, big], ""))"}) {
    EXPECT_TRUE(evaluate(expression, scope).known.failed) << expression;
  }
}

TEST(Functions, CombineMapsIsMended) {
  const std::pair<const char*, const char*> cases[] = {
      {"array.combine_maps([{a = 1}], [{a = 1.0, b = 2}], [\"a\"])", "[{a = 1, b = 2}]"},
      {"array.combine_maps([{a = 1}], [], [\"a\"], true)", "[{a = 1}]"},
      {"array.combine_maps([{a = 1}], [{a = 2}, {a = 3}], [\"a\"], true)", "[{a = 1}]"},
      {"array.combine_maps([{a = 1}], [{a = 1, b = 1}, {a = 1, b = 2}], [\"a\"])",
       "[{a = 1, b = 1}, {a = 1, b = 2}]"},
      {"array.combine_maps([{a = [1]}], [{a = [1], b = 1}, {a = [2]}], [\"a\"])",
       "[{a = [1], b = 1}]"},
  };
  for (const auto& [expression, result] : cases) {
    EXPECT_TRUE(*evaluate(expression).known.value == *evaluate(result).known.value) << expression;
  }
}

TEST(Functions, TypesComeThrough) {
  eval::Variables scope;
  scope.set("names",
            eval::Known::only_type(value::Type::list(value::Type::of(value::Type::Tag::kString))));
  EXPECT_EQ(evaluate("array.concat(names, [\"a\"])", scope, eval::Mode::kCheck).known.type.text(),
            "list(string)");
  EXPECT_EQ(
      evaluate("coalesce(sys.env(\"A\"), \"b\")", scope, eval::Mode::kCheck).known.type.text(),
      "string");
  EXPECT_EQ(
      evaluate("string.split(sys.env(\"A\"), \",\")", scope, eval::Mode::kCheck).known.type.text(),
      "list(string)");
  EXPECT_EQ(evaluate("string.to_upper(names)", scope, eval::Mode::kCheck).first_message(),
            "names should be string, got list(string)");
}

TEST(Functions, SignaturesForThePages) {
  EXPECT_EQ(library().find("string.trim")->signature(),
            "string.trim(text string, characters string) string");
  EXPECT_EQ(library().find("file.path_join")->signature(),
            "file.path_join(parts ...string) string");
  EXPECT_EQ(library().find("array.combine_maps")->signature(),
            "array.combine_maps(left list(map(any)), right list(map(any)), keys list(string), "
            "[passthrough bool]) list(any)");
}

}  // namespace
}  // namespace weir::stdlib

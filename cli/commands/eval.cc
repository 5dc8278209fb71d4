// SPDX-License-Identifier: Apache-2.0
// weir eval: one expression.

#include "base/format.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/program.h"
#include "cli/report.h"
#include "interpreter/eval/evaluate.h"
#include "interpreter/eval/target_type.h"
#include "interpreter/syntax/parse.h"

namespace weir::cli {
namespace {

struct Eval {
  struct Flags {
    std::vector<std::string> paths;
    std::string as = "any";
    std::string scope;
    bool json = false;
    static schema::Schema schema();
  };
  static ExitCode run(const Flags& flags, World& world);
};

schema::Schema Eval::Flags::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Flags::paths>("paths", "The expression; `-` reads it from standard input.")
          .required(),
      schema::attr<&Flags::as>(
          "as", "The type to decode into: `int8`, `duration`, `list(string)`, `secret` and so on."),
      schema::attr<&Flags::scope>("scope", "A JSON file with an object of variables."),
      schema::attr<&Flags::json>("json", "Print type and value as JSON."),
  });
  return kTable;
}

catalog::CallContext call_context(World& world) {
  catalog::CallContext context;
  context.env = [](const std::string& name, void* self) {
    return static_cast<World*>(self)->env(name);
  };
  context.env_self = &world;
  return context;
}

ExitCode refuse(World& world, const Error& error) {
  world.err(format("error: {}\n", error.message));
  return ExitCode::kUsage;
}

ExitCode Eval::run(const Flags& flags, World& world) {
  const auto target = eval::TargetType::parse(flags.as);
  if (!target) return refuse(world, target.error().within("--as"));
  eval::Variables variables;
  if (!flags.scope.empty()) {
    const auto text = read_text(flags.scope);
    if (!text) return refuse(world, text.error().within("--scope"));
    auto parsed = eval::parse_scope(*text);
    if (!parsed) return refuse(world, parsed.error().within("--scope " + flags.scope));
    variables = std::move(*parsed);
  }
  std::string text;
  for (const std::string& word : flags.paths) text += (text.empty() ? "" : " ") + word;
  if (text == "-") text = world.read_in();

  text::DiagnosticSink sink;
  const auto parsed = syntax::parse_expression(text::Source::make("<expression>", text), sink);
  value::Value value;
  if (!sink.has_errors()) {
    const catalog::FunctionTable functions = program_functions();
    const catalog::CallContext context = call_context(world);
    eval::Evaluator evaluator(variables, functions, context, eval::Mode::kRun, sink);
    value =
        eval::evaluate_as(evaluator, *parsed.expression, *target, sink).value_or(value::Value());
  }
  report(sink, world);
  if (sink.has_errors()) return ExitCode::kConfiguration;
  world.out((flags.json ? eval::to_result_json(value) : value::print(value)) + "\n");
  return ExitCode::kOk;
}

}  // namespace

extern constexpr CommandDef cmd_eval = command<Eval>("eval", "Evaluates one expression.", "EXPR");

}  // namespace weir::cli

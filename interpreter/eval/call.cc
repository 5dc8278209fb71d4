// SPDX-License-Identifier: Apache-2.0
// Calls of library functions: at run time all are made; the checker makes those that can be made
// and judges the rest by their types.

#include "interpreter/eval/evaluate.h"
#include "interpreter/syntax/locate.h"
#include "interpreter/value/unknown.h"

#include <algorithm>

namespace weir::eval {
namespace {

using catalog::FunctionDef;
using syntax::Expression;
using text::DiagnosticCode;
using value::Type;
using value::Value;

/// The type that the parameter at `index` takes; the last one of a variadic function repeats.
Type type_of_param(const FunctionDef& function, std::size_t index) {
  const auto types = function.param_types();
  return types[std::min(index, types.size() - 1)];
}

Type result_type(const FunctionDef& function, const std::vector<Known>& args) {
  if (function.result_of == nullptr) return function.result_type();
  std::vector<Type> types;
  for (const Known& arg : args) types.push_back(arg.full_type());
  return function.result_of(types);
}

/// Where in `v` a secret is; nothing if nowhere.
std::optional<schema::Path> find_secret(const Value& v) {
  const auto* optional = v.as_optional_secret();
  const Type* unknown = value::unknown_type(v);
  const bool will_be = unknown != nullptr && unknown->tag() == Type::Tag::kSecret;
  if (v.as_secret() != nullptr || (optional != nullptr && optional->secret) || will_be)
    return schema::Path{};
  const auto below = [](const Value& part, schema::PathStep step) {
    auto path = find_secret(part);
    if (path) path->insert(path->begin(), std::move(step));
    return path;
  };
  if (v.kind() == value::Kind::kArray) {
    for (std::size_t i = 0; i < v.as_array().size(); ++i) {
      if (auto path = below(v.as_array()[i], i)) return path;
    }
  } else if (v.kind() == value::Kind::kObject) {
    for (const auto& [key, member] : v.as_object().members) {
      if (auto path = below(member, key)) return path;
    }
  }
  return std::nullopt;
}

}  // namespace

Known Evaluator::call(const Expression& e) {
  const Expression& callee = *e.children[0];
  const Known function = expression(callee);
  std::vector<Known> args;
  for (std::size_t i = 1; i < e.children.size(); ++i) args.push_back(expression(*e.children[i]));
  const bool bad_arg =
      std::any_of(args.begin(), args.end(), [](const Known& arg) { return arg.failed; });
  if (function.failed) return function;
  if (!function.value) {
    if (!function.kind() || *function.kind() == value::Kind::kFunction)
      return Known::only_type(Type::any());
    return fail(
        DiagnosticCode::kBadCall, callee.span,
        format("{} should be function, got {}", excerpt(callee), to_string(*function.kind())));
  }
  if (function.value->kind() != value::Kind::kFunction) {
    return fail(DiagnosticCode::kBadCall, callee.span,
                format("{} should be function, got {}", excerpt(callee),
                       to_string(function.value->kind())));
  }
  const FunctionDef& def = *function.value->as_function();
  if (!def.takes(args.size())) {
    return fail(DiagnosticCode::kBadCall, callee.span,
                format("{} expected {} args, got {}", excerpt(callee), def.arity(), args.size()),
                format("it is {}", def.signature()));
  }
  if (!def.alias_of.empty()) {
    sink_.add(DiagnosticCode::kDeprecated, callee.span, format("{} is deprecated", excerpt(callee)),
              format("its name now is {}", def.alias_of));
  }
  return bad_arg ? Known::failure() : invoke(e, def, std::move(args));
}

Known Evaluator::invoke(const Expression& e, const FunctionDef& function, std::vector<Known> args) {
  if (function.shows && shows_secret(e, args)) return Known::failure();
  const bool complete =
      std::all_of(args.begin(), args.end(), [](const Known& arg) { return arg.complete(); });
  if (mode_ == Mode::kCheck && (!function.pure || !complete)) {
    if (!check_types(e, function, args)) return Known::failure();
    return Known::only_type(result_type(function, args));
  }
  std::vector<Value> values;
  for (Known& arg : args) values.push_back(*std::move(arg.value));
  Value out;
  std::vector<catalog::CallError> errors;
  if (function.call(context_, values, out, errors)) {
    for (const catalog::CallError& error : errors) report(e, error);
    return bounded(std::move(out), e);
  }
  bool only_fails_when_made = mode_ == Mode::kCheck;
  for (catalog::CallError& error : errors) {
    // The call may stand where it is never made: in a foreach over nothing.
    if (mode_ == Mode::kCheck && error.code == DiagnosticCode::kBadCall)
      error.code = DiagnosticCode::kCallFails;
    only_fails_when_made =
        only_fails_when_made && text::info(error.code).severity == text::Severity::kWarning;
    report(e, error);
  }
  return only_fails_when_made ? Known::only_type(function.result_type()) : Known::failure();
}

void Evaluator::report(const Expression& call, const catalog::CallError& error) {
  const Expression& callee = *call.children[0];
  if (error.argument < 0) {
    sink_.add(error.code, callee.span, format("{} {}", excerpt(callee), error.message), error.hint);
    return;
  }
  const Expression& argument = *call.children[static_cast<std::size_t>(error.argument) + 1];
  report_inside(argument, error.path, error.code, error.message, error.hint, sink_);
}

bool Evaluator::shows_secret(const Expression& call, const std::vector<Known>& args) {
  bool found = false;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const auto path = find_secret(args[i].value ? *args[i].value : value::unknown(args[i].type));
    if (!path) continue;
    found = true;
    report(call, {static_cast<int>(i), DiagnosticCode::kSecretExposed, *path,
                  "is a secret, which the result would show",
                  "convert.nonsensitive(...) says that it may be shown"});
  }
  return found;
}

bool Evaluator::check_types(const Expression& call, const FunctionDef& function,
                            const std::vector<Known>& args) {
  bool good = true;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const Type wanted = type_of_param(function, i);
    const Type got = args[i].full_type();
    if (fits(got, wanted) != value::Fit::kNo) continue;
    good = false;
    const Expression& argument = *call.children[i + 1];
    sink_.add(DiagnosticCode::kTypeMismatch, argument.span,
              format("{} should be {}, got {}", excerpt(argument), wanted.text(), got.text()));
  }
  return good;
}

void report_inside(const Expression& e, const schema::Path& path, DiagnosticCode code,
                   std::string_view message, std::string hint, text::DiagnosticSink& sink) {
  const syntax::Located at = syntax::locate(e, path);
  const schema::Path rest(path.begin() + static_cast<std::ptrdiff_t>(at.steps), path.end());
  sink.add(code, at.node->span, format("{}{} {}", excerpt(*at.node), schema::print(rest), message),
           std::move(hint));
}

}  // namespace weir::eval

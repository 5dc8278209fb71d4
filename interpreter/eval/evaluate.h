// SPDX-License-Identifier: Apache-2.0
// Expressions to values, and to as much of a value as can be known before anything runs.
//
// One evaluator serves the running graph and the checker: it computes with Known, a type and
// perhaps a value. At run time every Known has a value. In the checker what comes from a
// component's exports or from the world has only a type; whatever is computed from known values
// alone is computed by the very code that will run, so the checker finds what would fail.

#pragma once

#include "interpreter/catalog/function_def.h"
#include "interpreter/schema/body.h"
#include "interpreter/syntax/ast.h"
#include "interpreter/text/diagnostic.h"

#include <optional>
#include <string_view>
#include <vector>

namespace weir::eval {

/// What is known of an expression. Of an array or object literal with members that are not known,
/// `value` has value::unknown(type) in their place: operators and functions take such a partial
/// value as not known (value::has_unknown), access and index look inside, and a body's attribute
/// keeps it, so that decode() judges every element by itself.
struct Known {
  value::Type type;  ///< as narrow as can be said, if `value` is absent; else unset
  std::optional<value::Value> value;  ///< absent: only the type is known
  bool failed = false;                ///< already reported; whatever depends on it stays silent

  /// Of an unknown value, only its type.
  static Known of(value::Value v);
  static Known only_type(value::Type t);
  static Known failure();

  /// A value with nothing unknown in it.
  [[nodiscard]] bool complete() const;
  /// The kind of the value, nothing if it may be any.
  [[nodiscard]] std::optional<value::Kind> kind() const;
  /// The type, of arrays and objects with values without looking inside; costs little.
  [[nodiscard]] value::Type shallow_type() const;
  /// The type with all that the value tells; walks the value.
  [[nodiscard]] value::Type full_type() const;
};

/// The names an expression sees besides the library's.
class Scope {
 public:
  virtual ~Scope() = default;
  [[nodiscard]] virtual std::optional<Known> find(std::string_view name) const = 0;
  /// All names, for "did you mean".
  [[nodiscard]] virtual std::vector<std::string_view> names() const = 0;
};

/// A scope of plain variables, with an optional outer one.
class Variables final : public Scope {
 public:
  explicit Variables(const Scope* outer = nullptr) : outer_(outer) {}
  void set(std::string name, Known known);
  [[nodiscard]] std::optional<Known> find(std::string_view name) const override;
  [[nodiscard]] std::vector<std::string_view> names() const override;

 private:
  const Scope* outer_;
  std::vector<std::pair<std::string, Known>> variables_;
};

enum class Mode {
  kRun,    ///< every function is called
  kCheck,  ///< functions that look at the world are not called: their result is only a type
};

class Evaluator {
 public:
  Evaluator(const Scope& scope, const catalog::FunctionTable& functions,
            const catalog::CallContext& context, Mode mode, text::DiagnosticSink& sink);

  /// Errors go to the sink with the span of the sub-expression at fault; all of them, not the
  /// first.
  Known expression(const syntax::Expression& expression);
  /// One `name = value`; for bodies that are only partly arguments, as that of a foreach.
  schema::EvaluatedAttribute attribute(const syntax::Statement& statement);
  /// A body's attributes and blocks, recursively, ready for schema::decode.
  schema::EvaluatedBody body(const syntax::Body& body);

 private:
  Known number(const syntax::Expression& e);
  Known identifier(const syntax::Expression& e);
  Known array(const syntax::Expression& e);
  Known object(const syntax::Expression& e);
  Known access(const syntax::Expression& e);
  Known index(const syntax::Expression& e);
  Known unary(const syntax::Expression& e);
  Known binary(const syntax::Expression& e);
  Known combine(const syntax::Expression& e, const Known& left, const Known& right);
  Known call(const syntax::Expression& e);
  Known invoke(const syntax::Expression& e, const catalog::FunctionDef& function,
               std::vector<Known> args);
  void report(const syntax::Expression& call, const catalog::CallError& error);
  bool shows_secret(const syntax::Expression& call, const std::vector<Known>& args);
  bool check_types(const syntax::Expression& call, const catalog::FunctionDef& function,
                   const std::vector<Known>& args);

  Known fail(text::DiagnosticCode code, text::Span span, std::string message,
             std::string hint = {});
  /// The value, unless it is larger or deeper than values may be.
  Known bounded(value::Value value, const syntax::Expression& e);

  const Scope& scope_;
  const catalog::FunctionTable& functions_;
  const catalog::CallContext& context_;
  Mode mode_;
  text::DiagnosticSink& sink_;
};

/// What E0401 says of a name or a reference.
std::string names_nothing(std::string_view written);

/// Reports what is wrong with a part of the value of `e`: at the literal that wrote the part, or,
/// if it was computed, at what computed it, followed by the rest of the path.
void report_inside(const syntax::Expression& e, const schema::Path& path, text::DiagnosticCode code,
                   std::string_view message, std::string hint, text::DiagnosticSink& sink);

/// The largest value an expression may have, about, and the deepest; beyond them E0106.
inline constexpr std::uint64_t kMaxValueBytes = std::uint64_t{1} << 30;
inline constexpr std::uint32_t kMaxValueDepth = 2000;

/// An uninterrupted chain of identifier and fields: `loki.write.default.receiver`.
struct Traversal {
  std::vector<std::string_view> names;  ///< views into the tree
  std::vector<text::Span> spans;        ///< of each name
  text::Span span;                      ///< of all
};
/// Every traversal in an expression or body, in source order; nested bodies included.
std::vector<Traversal> traversals(const syntax::Expression& expression);
std::vector<Traversal> traversals(const syntax::Body& body);

}  // namespace weir::eval

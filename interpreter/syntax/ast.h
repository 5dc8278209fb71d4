// SPDX-License-Identifier: Apache-2.0
// The syntax tree of a configuration: what was written, where, with its comments.
//
// Nodes are plain values owned by their parent. Expressions are one class with a kind, because the
// readers of the tree (printer, checker, evaluator) each want a switch, not a visitor hierarchy.

#pragma once

#include "interpreter/text/source.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace weir::syntax {

using text::Span;

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

enum class ExpressionKind {
  kNull,
  kBool,
  kNumber,      ///< integer or float literal, as written in `text`
  kString,      ///< literal with its quotes or backticks, as written in `text`
  kIdentifier,  ///< `text`
  kArray,       ///< children = elements
  kObject,      ///< fields
  kAccess,      ///< children[0] . text; name_span = the name
  kIndex,       ///< children[0] [ children[1] ]
  kCall,        ///< children[0] ( children[1..] )
  kUnary,       ///< op children[0]
  kBinary,      ///< children[0] op children[1]
  kParen,       ///< ( children[0] )
  kError,       ///< what could not be parsed; already reported
};

enum class Op {
  kNone,
  kOr,
  kAnd,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kNot,
  kNegate,
};
/// The operator as written: "&&".
std::string_view spelling(Op op);

/// `name = value` of an object literal.
struct Field {
  std::string name;  ///< identifier, or the text between the quotes, escapes NOT decoded [Q]
  bool quoted = false;
  Span name_span;  ///< with its quotes
  ExpressionPtr value;
};

struct Expression {
  ExpressionKind kind = ExpressionKind::kError;
  Op op = Op::kNone;
  Span span;       ///< from the first to the last byte, brackets included
  Span name_span;  ///< kAccess: the name; kUnary, kBinary: the operator; kIndex, kCall: the opening
                   ///< bracket
  std::string text;    ///< literal as written, or name
  bool truth = false;  ///< kBool
  std::vector<ExpressionPtr> children;
  std::vector<Field> fields;
};

/// The value of a string literal (quotes or backticks included in `literal`), which scanned without
/// error.
std::string unquote(std::string_view literal);

struct Statement;

/// Statements between braces, or a whole file.
struct Body {
  std::vector<Statement> statements;
};

/// `name = value`.
struct Attribute {
  std::string name;
  Span name_span;
  ExpressionPtr value;
};

/// `a.b.c "label" { body }`.
struct Block {
  std::vector<std::string> name;  ///< fragments: {"loki", "write"}
  std::string label;              ///< without quotes; empty if none
  Span name_span;
  Span label_span;  ///< with quotes; points nowhere if none
  Span open;        ///< the `{`
  Span close;       ///< the `}`
  Body body;

  [[nodiscard]] std::string full_name() const;  ///< "loki.write"
  /// "loki.write.default", or the name alone without a label.
  [[nodiscard]] std::string id() const;
  [[nodiscard]] Span head() const { return name_span.to(label_span ? label_span : name_span); }
};

/// Exactly one of the two.
struct Statement {
  std::unique_ptr<Attribute> attribute;
  std::unique_ptr<Block> block;
  Span span;
};

/// One comment as written, without a `//` comment's newline.
struct Comment {
  Span span;
  std::string text;
};

/// One parsed file. Owns its source, so its spans live as long as it does.
struct File {
  std::shared_ptr<const text::Source> source;
  Body body;
  std::vector<Comment> comments;  ///< in source order
};

}  // namespace weir::syntax

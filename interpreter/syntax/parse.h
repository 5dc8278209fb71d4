// SPDX-License-Identifier: Apache-2.0
// Text to tree. The only door to ANTLR is antlr_parse.cc behind these functions.

#pragma once

#include "interpreter/syntax/ast.h"
#include "interpreter/text/diagnostic.h"

#include <memory>
#include <string>
#include <string_view>

namespace weir::syntax {

/// Largest text, most tokens (comments are some) and deepest nesting that are read; beyond them
/// E0106, and the rest is not looked at.
inline constexpr std::size_t kMaxSourceBytes = 10u << 20;
inline constexpr std::size_t kMaxTokens = 2'000'000;
inline constexpr std::size_t kMaxDepth = 1000;

/// Parses a configuration. Always returns a tree; it holds kError expressions and leaves out
/// statements where `sink` got an error. Threads: any. Errors: E01xx, E02xx into `sink`.
std::shared_ptr<const File> parse_file(std::shared_ptr<const text::Source> source,
                                       text::DiagnosticSink& sink);

/// A stand-alone expression and the source that its spans point into.
struct ParsedExpression {
  std::shared_ptr<const text::Source> source;
  ExpressionPtr expression;
};
/// Parses one expression up to its terminator; what follows on later lines is ignored [Q].
ParsedExpression parse_expression(std::shared_ptr<const text::Source> source,
                                  text::DiagnosticSink& sink);

/// One token, as the conformance corpus shows them.
struct ScannedToken {
  std::string name;  ///< "IDENT", "NUMBER", "+", ...
  std::string literal;
  Span span;
};
/// The first token of `source`, comments included, terminator rule off.
ScannedToken scan_first_token(std::shared_ptr<const text::Source> source,
                              text::DiagnosticSink& sink);

/// Whether `text` is an identifier and not a keyword.
bool is_identifier(std::string_view text);
/// The identifier most like `text`: what cannot stand in one becomes `_`. Empty for empty text.
std::string sanitize_identifier(std::string_view text);

}  // namespace weir::syntax

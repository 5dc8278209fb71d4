// SPDX-License-Identifier: Apache-2.0
#include "interpreter/syntax/token.h"

#include "base/utf8.h"
#include "interpreter/syntax/antlr_lexer.h"
#include "interpreter/syntax/literal.h"
#include "interpreter/syntax/parse.h"
#include "interpreter/syntax/token_source.h"

#include <iterator>
#include <memory>
#include <string>

namespace weir::syntax {

std::string_view corpus_name(TokenKind kind) {
  static constexpr std::string_view kNames[] = {
      "EOF",     "||",      "&&",      "!",         "=",      "==",      "!=",      "<",
      "<=",      ">",       ">=",      "+",         "-",      "*",       "/",       "%",
      "^",       "{",       "}",       "(",         ")",      "[",       "]",       ",",
      ".",       "BOOL",    "NULL",    "IDENT",     "NUMBER", "FLOAT",   "STRING",  "SPACE",
      "COMMENT", "COMMENT", "FLOAT",   "STRING",    "STRING", "COMMENT", "ILLEGAL", "ILLEGAL",
      "||",      "&&",      "ILLEGAL", "TERMINATOR"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(TokenKind::kTerminator) + 1);
  return kNames[static_cast<std::size_t>(kind)];
}

ScannedToken scan_first_token(std::shared_ptr<const text::Source> source,
                              text::DiagnosticSink& sink) {
  TokenSource tokens(*source, sink);
  const Token token = tokens.next_raw();
  ScannedToken scanned;
  scanned.name = corpus_name(token.kind);
  scanned.span = {source.get(), token.begin, token.end};
  const bool has_literal = token.kind >= TokenKind::kBool && token.kind <= TokenKind::kOpenQuoted;
  if (has_literal) scanned.literal = scanned.span.text();
  if (scanned.name == "COMMENT") scanned.literal = without_carriage_returns(scanned.literal, true);
  if (scanned.literal.starts_with('`'))
    scanned.literal = without_carriage_returns(scanned.literal, false);
  return scanned;
}

bool is_identifier(std::string_view text) {
  if (text.empty()) return false;
  const Token token = RawLexer(text).next();
  return token.kind == TokenKind::kIdentifier && token.begin == 0 && token.end == text.size();
}

std::string sanitize_identifier(std::string_view text) {
  if (text.empty() || is_identifier(text)) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Rune rune = decode_rune(text.substr(at));
    const std::string_view bytes = text.substr(at, rune.size);
    at += rune.size;
    // A digit may stand in an identifier, but not begin it.
    const bool fits = rune.valid && is_identifier("_" + std::string(bytes));
    if (out.empty() && fits && !is_identifier(bytes)) out += '_';
    out += fits ? bytes : "_";
  }
  return is_identifier(out) ? out : "_" + out;
}

}  // namespace weir::syntax

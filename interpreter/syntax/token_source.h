// SPDX-License-Identifier: Apache-2.0
// Raw tokens to the tokens that the parser sees: without spaces and comments, with TERMINATORs.
//
// A newline, or the end of the text, is a TERMINATOR exactly after a token that can end a
// statement. A comment that ends its line comes after the TERMINATOR, so the TERMINATOR stands
// where the comment begins. What is wrong with a token itself is reported here, once, when the
// parser gets to it: the first diagnostic is then the first mistake, whichever kind it is.

#pragma once

#include "interpreter/syntax/antlr_lexer.h"
#include "interpreter/syntax/ast.h"
#include "interpreter/text/diagnostic.h"

#include <deque>
#include <vector>

namespace weir::syntax {

class TokenSource {
 public:
  TokenSource(const text::Source& source, text::DiagnosticSink& sink);

  /// The next token. After stop(), after too deep nesting, too many tokens or errors: kEnd.
  Token next();
  /// The next token as it is, comments included and terminator rule off.
  Token next_raw();

  void stop() { stopped_ = true; }
  [[nodiscard]] bool stopped() const { return stopped_; }
  /// The line of the last diagnostic given here; 0 before the first.
  [[nodiscard]] std::uint32_t last_error_line() const { return last_error_line_; }
  [[nodiscard]] std::vector<Comment> take_comments() { return std::move(comments_); }

 private:
  Token take();
  const Token& peek(std::size_t index);
  bool line_ends_at(const Token& trivia);
  bool has_newline(const Token& token) const;
  bool examine(Token& token);
  void examine_illegal(const Token& token);
  void examine_string(Token& token);
  void examine_encoding(std::uint32_t end);
  void keep_comment(const Token& token);
  void count_brackets(const Token& token);
  bool count_token(const Token& token);
  void report(text::DiagnosticCode code, std::uint32_t begin, std::uint32_t end,
              std::string message, std::string hint = {});

  const text::Source& source_;
  text::DiagnosticSink& sink_;
  RawLexer lexer_;
  std::deque<Token> ahead_;
  std::vector<Comment> comments_;
  std::uint32_t encoding_checked_ = 0;
  std::uint32_t last_error_line_ = 0;
  std::size_t depth_ = 0;
  std::size_t count_ = 0;
  bool ends_statement_ = false;
  bool starts_line_ = true;
  bool stopped_ = false;
};

}  // namespace weir::syntax

// SPDX-License-Identifier: Apache-2.0
// What a token that does not fit means, and how to go on after it. Behind the door to ANTLR.
//
// ANTLR asks before each repetition whether it is in step: there the window is edited until the
// grammar goes on, so most mistakes cost no exception and lose no more than the tokens that are
// wrong.

#pragma once

#include "interpreter/syntax/antlr_reader.h"
#include "interpreter/text/diagnostic.h"

#include <exception>
#include <string>
#include <string_view>

namespace weir::syntax {

class Recovery final : public antlr4::ANTLRErrorStrategy {
 public:
  Recovery(const text::Source& source, TokenWindow& window, TokenSource& tokens,
           text::DiagnosticSink& sink)
      : source_(source), window_(window), tokens_(tokens), sink_(sink) {}

  void reset(antlr4::Parser* /*parser*/) override {}
  bool inErrorRecoveryMode(antlr4::Parser* /*parser*/) override { return false; }
  void reportMatch(antlr4::Parser* /*parser*/) override {}

  void sync(antlr4::Parser* parser) override {
    auto& reader = static_cast<Reader&>(*parser);
    switch (reader.getContext()->getRuleIndex()) {
      case WeirParser::RuleBody: sync_body(reader); break;
      case WeirParser::RuleStatement: sync_head(reader); break;
      case WeirParser::RuleList: sync_list(reader); break;
      case WeirParser::RuleObject: sync_object(); break;
      default: break;
    }
  }
  antlr4::Token* recoverInline(antlr4::Parser* parser) override;
  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) override;
  void recover(antlr4::Parser* parser, std::exception_ptr error) override;

 private:
  text::Diagnostic* report(const Token& at, std::string message, std::string hint = {});
  std::string found(const Token& token) const;
  [[nodiscard]] bool at_end() { return window_.kind() == TokenKind::kEnd; }

  void sync_body(Reader& reader);
  void sync_head(Reader& reader);
  void sync_list(Reader& reader);
  void sync_object();
  void unfinished_statement();
  void give_up_bracket(Reader& reader);
  bool comma_fits(bool (*begins_item)(TokenKind), std::string_view what);
  void missing_block(Reader& reader);
  void missing_comma(std::string_view what, TokenKind closer);
  void bad_item(int ahead, std::string_view what);
  void skip_statement(bool nested);
  antlr4::Token* close_bracket(Reader& reader, TokenKind closer);
  antlr4::Token* close_block(Reader& reader);
  bool statement_follows(int ahead);

  const text::Source& source_;
  TokenWindow& window_;
  TokenSource& tokens_;
  text::DiagnosticSink& sink_;
  std::uint32_t last_line_ = 0;    ///< of the last report; 0 before the first
  std::uint32_t last_offset_ = 0;  ///< where it points
};

}  // namespace weir::syntax

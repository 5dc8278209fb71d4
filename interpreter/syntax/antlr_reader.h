// SPDX-License-Identifier: Apache-2.0
// The parser that ANTLR makes of grammar/Weir.g4, between our tokens and our tree. Behind the door
// to ANTLR: only antlr_*.cc include this.
//
// TokenWindow hands the parser tokens, and lets a recovery put in or take out one. Reader is the
// generated parser itself; it tells a TreeBuilder what it enters, eats and leaves, so that no parse
// tree is kept.

#pragma once

#include "interpreter/syntax/token_source.h"
#include "interpreter/syntax/tree_builder.h"

#include <antlr4-runtime.h>

#include <array>
#include <grammar/WeirParser.h>
#include <string>
#include <utility>
#include <vector>

namespace weir::syntax {

using grammar::WeirParser;

static_assert(static_cast<int>(Rule::kBody) == WeirParser::RuleBody &&
              static_cast<int>(Rule::kInfix) == WeirParser::RuleInfix &&
              static_cast<int>(Rule::kEither) == WeirParser::RuleEither &&
              static_cast<int>(Rule::kPower) == WeirParser::RulePower &&
              static_cast<int>(Rule::kOperand) == WeirParser::RuleOperand &&
              static_cast<int>(Rule::kField) == WeirParser::RuleField &&
              static_cast<int>(TokenKind::kTerminator) == WeirParser::TERMINATOR);

inline std::size_t antlr_type(TokenKind kind) {
  return kind == TokenKind::kEnd ? antlr4::Token::EOF : static_cast<std::size_t>(kind);
}

/// Our token in the dress that the generated parser wants; it reads the type and nothing else.
class DressedToken final : public antlr4::Token {
 public:
  syntax::Token token;

  [[nodiscard]] std::string getText() const override { return {}; }
  [[nodiscard]] std::size_t getType() const override { return antlr_type(token.kind); }
  [[nodiscard]] std::size_t getLine() const override { return 0; }
  [[nodiscard]] std::size_t getCharPositionInLine() const override { return 0; }
  [[nodiscard]] std::size_t getChannel() const override { return DEFAULT_CHANNEL; }
  [[nodiscard]] std::size_t getTokenIndex() const override { return 0; }
  [[nodiscard]] std::size_t getStartIndex() const override { return token.begin; }
  [[nodiscard]] std::size_t getStopIndex() const override { return token.end; }
  [[nodiscard]] antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  [[nodiscard]] antlr4::CharStream* getInputStream() const override { return nullptr; }
  [[nodiscard]] std::string toString() const override { return {}; }
};

/// The last token and the few next ones: no decision of the grammar or of the recovery looks
/// further.
class TokenWindow final : public antlr4::TokenStream {
 public:
  explicit TokenWindow(TokenSource& source) : source_(source) {}

  /// The token `ahead` places from the next one (0 is the next).
  const syntax::Token& look(int ahead) {
    const std::size_t at = next_ + static_cast<std::size_t>(ahead);
    while (filled_ <= at) ring_[filled_++ % kSize].token = source_.next();
    return ring_[at % kSize].token;
  }
  TokenKind kind(int ahead = 0) { return look(ahead).kind; }
  /// The token consumed last; kEnd before the first.
  [[nodiscard]] syntax::Token last() const {
    return next_ == 0 ? syntax::Token{} : ring_[(next_ - 1) % kSize].token;
  }
  void advance() {
    look(0);
    ++next_;
  }
  /// No more tokens but those that were looked at.
  void stop() { source_.stop(); }
  /// Takes out the token `ahead` places from here.
  void remove(int ahead = 0) {
    look(ahead);
    for (std::size_t at = next_ + static_cast<std::size_t>(ahead); at + 1 < filled_; ++at) {
      ring_[at % kSize].token = ring_[(at + 1) % kSize].token;
    }
    --filled_;
  }
  /// Puts a token without text before the next one.
  void insert(TokenKind kind) {
    const std::uint32_t at = look(0).begin;
    for (std::size_t i = filled_; i > next_; --i)
      ring_[i % kSize].token = ring_[(i - 1) % kSize].token;
    ++filled_;
    ring_[next_ % kSize].token = {kind, false, false, at, at};
  }
  antlr4::Token* dressed(int ahead) {
    look(ahead);
    return &ring_[(next_ + static_cast<std::size_t>(ahead)) % kSize];
  }

  void consume() override { advance(); }
  std::size_t LA(ssize_t i) override { return antlr_type(kind(static_cast<int>(i) - 1)); }
  antlr4::Token* LT(ssize_t k) override {
    if (k < 0) return next_ == 0 ? nullptr : &ring_[(next_ - 1) % kSize];
    return dressed(static_cast<int>(k) - 1);
  }
  ssize_t mark() override { return 0; }
  void release(ssize_t /*marker*/) override {}
  std::size_t index() override { return next_; }
  void seek(std::size_t index) override { next_ = index; }
  std::size_t size() override { return filled_; }
  [[nodiscard]] std::string getSourceName() const override { return {}; }
  [[nodiscard]] antlr4::Token* get(std::size_t /*index*/) const override { return nullptr; }
  [[nodiscard]] antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  std::string getText(const antlr4::misc::Interval& /*interval*/) override { return {}; }
  std::string getText() override { return {}; }
  std::string getText(antlr4::RuleContext* /*ctx*/) override { return {}; }
  std::string getText(antlr4::Token* /*start*/, antlr4::Token* /*stop*/) override { return {}; }

 private:
  static constexpr std::size_t kSize = 8;
  TokenSource& source_;
  std::array<DressedToken, kSize> ring_;
  std::size_t next_ = 0;    ///< place of the next token in the stream
  std::size_t filled_ = 0;  ///< how many tokens have been read into the ring
};

/// The generated parser, telling a TreeBuilder what it does.
class Reader final : public WeirParser, private antlr4::tree::ParseTreeListener {
 public:
  Reader(TokenWindow& window, TreeBuilder& builder)
      : WeirParser(&window), window_(window), builder_(builder) {
    setBuildParseTree(false);
    addParseListener(this);
    removeErrorListeners();
    getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(
        antlr4::atn::PredictionMode::SLL);
  }

  /// Also keeps the runtime from making a node of the token, which it does as soon as somebody
  /// listens.
  antlr4::Token* consume() override {
    antlr4::Token* dressed = getCurrentToken();
    const syntax::Token token = static_cast<DressedToken*>(dressed)->token;
    if (token.kind == TokenKind::kTerminator || token.kind == TokenKind::kLeftBrace)
      statement_done_ = false;
    if (token.kind != TokenKind::kEnd) {
      builder_.token(static_cast<Rule>(getContext()->getRuleIndex()), token);
      if (builder_.too_deep()) window_.stop();
      getInputStream()->consume();
    }
    return dressed;
  }

  /// A statement has been read and not yet ended.
  [[nodiscard]] bool statement_done() const { return statement_done_; }
  TreeBuilder& builder() { return builder_; }

 private:
  void enterEveryRule(antlr4::ParserRuleContext* context) override {
    const std::size_t rule = context->getRuleIndex();
    // Rule contexts live until their tracker dies; one tracker a statement and a value keeps them
    // few.
    if (keeps_contexts(rule)) {
      outer_contexts_.push_back(std::move(_tracker));
      _tracker = {};
    }
    builder_.enter(static_cast<Rule>(rule));
  }
  void exitEveryRule(antlr4::ParserRuleContext* context) override {
    const std::size_t rule = context->getRuleIndex();
    builder_.leave(static_cast<Rule>(rule));
    if (rule == RuleStatement) statement_done_ = true;
    if (keeps_contexts(rule)) {
      _tracker.reset();
      _tracker = std::move(outer_contexts_.back());
      outer_contexts_.pop_back();
    }
  }
  void visitTerminal(antlr4::tree::TerminalNode* /*node*/) override {}
  void visitErrorNode(antlr4::tree::ErrorNode* /*node*/) override {}

  static bool keeps_contexts(std::size_t rule) {
    return rule == RuleStatement || rule == RuleExpression || rule == RuleField;
  }

  TokenWindow& window_;
  TreeBuilder& builder_;
  std::vector<antlr4::tree::ParseTreeTracker> outer_contexts_;
  bool statement_done_ = false;
};

}  // namespace weir::syntax

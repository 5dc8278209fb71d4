// SPDX-License-Identifier: Apache-2.0
// Tokens to tree by the parser that ANTLR makes of grammar/Weir.g4: the door to that parser.
//
// Three things stand between the generated parser and the rest. TokenWindow hands it tokens, and
// lets the recovery put in or take out one. Recovery decides what a token that does not fit means:
// it runs where ANTLR asks to be synchronised, before each repetition, and edits the window until
// the grammar goes on. Reader is the generated parser itself; it tells a TreeBuilder what it
// enters, eats and leaves, so no parse tree is kept.

#include "generated/grammar/WeirParser.h"
#include "interpreter/syntax/parse.h"
#include "interpreter/syntax/token_source.h"
#include "interpreter/syntax/tree_builder.h"

#include <antlr4-runtime.h>

#include <array>
#include <exception>

namespace weir::syntax {
namespace {

using grammar::WeirParser;
using text::DiagnosticCode;

static_assert(static_cast<int>(Rule::kBody) == WeirParser::RuleBody &&
              static_cast<int>(Rule::kInfix) == WeirParser::RuleInfix &&
              static_cast<int>(Rule::kEither) == WeirParser::RuleEither &&
              static_cast<int>(Rule::kPower) == WeirParser::RulePower &&
              static_cast<int>(Rule::kOperand) == WeirParser::RuleOperand &&
              static_cast<int>(Rule::kField) == WeirParser::RuleField &&
              static_cast<int>(TokenKind::kTerminator) == WeirParser::TERMINATOR);

std::size_t antlr_type(TokenKind kind) {
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

  /// The token `ahead` places from the next one (0 is the next, -1 the last consumed).
  const syntax::Token& look(int ahead) {
    const std::size_t at = next_ + static_cast<std::size_t>(ahead + 0);
    while (filled_ <= at) ring_[filled_++ % kSize].token = source_.next();
    return ring_[at % kSize].token;
  }
  TokenKind kind(int ahead = 0) { return look(ahead).kind; }
  void advance() {
    look(0);
    ++next_;
  }
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
  Reader(TokenWindow& window, TreeBuilder& builder) : WeirParser(&window), builder_(builder) {
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

  TreeBuilder& builder_;
  std::vector<antlr4::tree::ParseTreeTracker> outer_contexts_;
  bool statement_done_ = false;
};

bool begins_expression(TokenKind kind) {
  switch (kind) {
    case TokenKind::kNot:
    case TokenKind::kSubtract:
    case TokenKind::kIdentifier:
    case TokenKind::kString:
    case TokenKind::kNumber:
    case TokenKind::kFloat:
    case TokenKind::kBool:
    case TokenKind::kNull:
    case TokenKind::kLeftParen:
    case TokenKind::kLeftBracket:
    case TokenKind::kLeftBrace: return true;
    default: return false;
  }
}

bool begins_field(TokenKind kind) {
  return kind == TokenKind::kIdentifier || kind == TokenKind::kString;
}

bool opens(TokenKind kind) {
  return kind == TokenKind::kLeftBrace || kind == TokenKind::kLeftParen ||
         kind == TokenKind::kLeftBracket;
}

bool closes(TokenKind kind) {
  return kind == TokenKind::kRightBrace || kind == TokenKind::kRightParen ||
         kind == TokenKind::kRightBracket;
}

std::string_view bracket_text(TokenKind kind) {
  switch (kind) {
    case TokenKind::kRightBrace: return "}";
    case TokenKind::kRightParen: return ")";
    default: return "]";
  }
}

/// What a token that does not fit means, and how to go on after it.
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
  text::Diagnostic* report(const syntax::Token& at, std::string message, std::string hint = {});
  std::string found(const syntax::Token& token) const;
  [[nodiscard]] bool at_end() { return window_.kind() == TokenKind::kEnd; }

  void sync_body(Reader& reader);
  void sync_head(Reader& reader);
  void sync_list(Reader& reader);
  void sync_object();
  void unfinished_statement(Reader& reader);
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
  std::uint32_t last_line_ = 0;
};

/// Adds a diagnostic, unless its line has one already: what follows a mistake on its line is an
/// echo.
text::Diagnostic* Recovery::report(const syntax::Token& at, std::string message, std::string hint) {
  if (tokens_.stopped()) return nullptr;
  const std::uint32_t line = source_.position(at.begin).line;
  if (line == last_line_ || line == tokens_.last_error_line()) return nullptr;
  last_line_ = line;
  if (sink_.error_count() + 1 >= text::DiagnosticSink::kLimit) tokens_.stop();
  return &sink_.add(DiagnosticCode::kSyntax, {&source_, at.begin, at.end}, std::move(message),
                    std::move(hint));
}

std::string Recovery::found(const syntax::Token& token) const {
  constexpr std::size_t kLongest = 40;
  const std::string_view text = source_.text().substr(token.begin, token.end - token.begin);
  switch (token.kind) {
    case TokenKind::kEnd: return "found the end of the file";
    case TokenKind::kTerminator: return "found the end of the line";
    case TokenKind::kString:
      return text.size() > kLongest || text.find('\n') != text.npos
                 ? "found a string"
                 : format("found the string {}", text);
    case TokenKind::kNumber:
    case TokenKind::kFloat: return format("found the number {}", text.substr(0, kLongest));
    case TokenKind::kBool:
    case TokenKind::kNull: return format("found the keyword \"{}\"", text);
    case TokenKind::kIdentifier: return format("found \"{}\"", text.substr(0, kLongest));
    default: return format("found \"{}\"", text);
  }
}

void Recovery::sync_body(Reader& reader) {
  const auto* parent = static_cast<antlr4::ParserRuleContext*>(reader.getContext()->parent);
  const bool nested = parent != nullptr && parent->getRuleIndex() == WeirParser::RuleBlock;
  for (;;) {
    const syntax::Token next = window_.look(0);
    if (next.kind == TokenKind::kEnd) return;
    if (next.kind == TokenKind::kRightBrace && nested) return;
    if (reader.statement_done()) {
      if (next.kind == TokenKind::kTerminator) return;
      if (next.starts_line && next.kind == TokenKind::kIdentifier) {
        // Only after a mistake does a line end without a TERMINATOR.
        window_.insert(TokenKind::kTerminator);
        return;
      }
      unfinished_statement(reader);
      skip_statement(nested);
      if (window_.kind() != TokenKind::kTerminator) return;
      continue;
    }
    if (next.kind == TokenKind::kIdentifier) return;
    if (next.kind == TokenKind::kRightBrace) {
      report(next, "found \"}\", but no block is open here");
    } else if (next.kind != TokenKind::kTerminator) {
      report(next, "expected the name of an attribute or a block, " + found(next),
             next.kind == TokenKind::kString ? "names stand without quotes" : "");
    }
    window_.remove();
  }
}

/// Something stands on the line after a whole statement.
void Recovery::unfinished_statement(Reader& /*reader*/) {
  const syntax::Token& next = window_.look(0);
  std::string hint;
  if (next.kind == TokenKind::kIdentifier) hint = "each statement stands on its own line";
  if (next.kind == TokenKind::kComma) hint = "statements are not separated by commas";
  if (next.kind == TokenKind::kAssign)
    hint = "if the name before it begins a new attribute, the value of the one above is missing";
  report(next, "expected the end of the line, " + found(next), std::move(hint));
}

/// To the next TERMINATOR outside brackets opened on the way, or to the `}` of the block around.
void Recovery::skip_statement(bool nested) {
  std::size_t depth = 0;
  while (!at_end()) {
    const TokenKind kind = window_.kind();
    if (depth == 0 &&
        (kind == TokenKind::kTerminator || (nested && kind == TokenKind::kRightBrace)))
      return;
    if (opens(kind)) ++depth;
    if (closes(kind) && depth > 0) --depth;
    window_.remove();
  }
}

/// A statement's name is read: a label, `=` or `{` must come.
void Recovery::sync_head(Reader& reader) {
  const syntax::Token next = window_.look(0);
  if (next.kind == TokenKind::kString || next.kind == TokenKind::kAssign ||
      next.kind == TokenKind::kLeftBrace)
    return;
  std::string hint;
  if (next.kind == TokenKind::kIdentifier) hint = "a block's label stands in double quotes";
  if (next.kind == TokenKind::kSubtract) hint = "a name holds letters, digits and _";
  report(next, "expected \"=\", \"{\" or a label after this name, " + found(next), std::move(hint));
  reader.builder().spoil_statement();
  while (!at_end() && window_.kind() != TokenKind::kTerminator && !closes(window_.kind()) &&
         !window_.look(0).starts_line) {
    if (window_.kind() == TokenKind::kAssign || window_.kind() == TokenKind::kLeftBrace) return;
    window_.remove();
  }
}

/// Whether the tokens from here can only be a new statement.
bool Recovery::statement_follows(int ahead) {
  if (window_.kind(ahead) != TokenKind::kIdentifier) return false;
  const TokenKind second = window_.kind(ahead + 1);
  return second == TokenKind::kAssign || second == TokenKind::kLeftBrace ||
         second == TokenKind::kString;
}

void Recovery::missing_comma(std::string_view what, TokenKind closer) {
  const syntax::Token& next = window_.look(0);
  report(
      next,
      format("expected \",\" or \"{}\" after this {}, {}", bracket_text(closer), what, found(next)),
      next.kind == TokenKind::kTerminator
          ? format("over several lines the last {} has a comma, too", what)
          : std::string());
}

/// The token `ahead` places from here begins no item of a list or object: takes it and its rest
/// out.
void Recovery::bad_item(int ahead, std::string_view what) {
  const syntax::Token& at = window_.look(ahead);
  report(at, format("expected {}, {}", what, found(at)),
         at.kind == TokenKind::kComma ? "leave out one of the commas" : "");
  std::size_t depth = 0;
  while (window_.kind(ahead) != TokenKind::kEnd) {
    const TokenKind kind = window_.kind(ahead);
    if (depth == 0 && (kind == TokenKind::kTerminator || kind == TokenKind::kComma || closes(kind)))
      return;
    if (opens(kind)) ++depth;
    if (closes(kind)) --depth;
    window_.remove(ahead);
  }
}

void Recovery::sync_list(Reader& reader) {
  const auto* parent = static_cast<antlr4::ParserRuleContext*>(reader.getContext()->parent);
  const TokenKind closer = parent->getRuleIndex() == WeirParser::RuleArray
                               ? TokenKind::kRightBracket
                               : TokenKind::kRightParen;
  for (;;) {
    const TokenKind kind = window_.kind();
    if (kind == TokenKind::kEnd || closes(kind)) return;
    if (kind == TokenKind::kComma) {
      const TokenKind second = window_.kind(1);
      if (begins_expression(second) || closes(second) || second == TokenKind::kEnd) return;
      bad_item(1, "an expression");
      if (window_.kind(1) == TokenKind::kComma || window_.kind(1) == TokenKind::kTerminator)
        window_.remove(1);
      continue;
    }
    missing_comma("element", closer);
    if (kind == TokenKind::kTerminator) {
      if (statement_follows(1)) return;
      window_.remove();
    } else if (begins_expression(kind)) {
      window_.insert(TokenKind::kComma);
    } else {
      window_.remove();
    }
  }
}

void Recovery::sync_object() {
  for (;;) {
    const TokenKind kind = window_.kind();
    const auto* last = static_cast<DressedToken*>(window_.LT(-1));
    const bool at_start = last != nullptr && last->token.kind == TokenKind::kLeftBrace;
    if (kind == TokenKind::kEnd || closes(kind)) return;
    if (at_start) {
      if (begins_field(kind)) return;
      bad_item(0, "a field name (an identifier or a string)");
      if (window_.kind() == TokenKind::kComma || window_.kind() == TokenKind::kTerminator)
        window_.remove();
      continue;
    }
    if (kind == TokenKind::kComma) {
      const TokenKind second = window_.kind(1);
      if (begins_field(second) || closes(second) || second == TokenKind::kEnd) return;
      bad_item(1, "a field name (an identifier or a string)");
      if (window_.kind(1) == TokenKind::kComma || window_.kind(1) == TokenKind::kTerminator)
        window_.remove(1);
      continue;
    }
    missing_comma("field", TokenKind::kRightBrace);
    if (begins_field(kind)) {
      window_.insert(TokenKind::kComma);
    } else {
      window_.remove();
    }
  }
}

/// A closing bracket is not where it should be. If it is near, goes there; else goes on as if it
/// stood here.
antlr4::Token* Recovery::close_bracket(Reader& reader, TokenKind closer) {
  const syntax::Token next = window_.look(0);
  report(next, format("expected \"{}\", {}", bracket_text(closer), found(next)),
         next.kind == TokenKind::kTerminator && window_.kind(1) == closer
             ? format("put the \"{}\" on the line where the expression ends", bracket_text(closer))
             : std::string());
  if (next.kind == TokenKind::kTerminator && window_.kind(1) == closer) window_.remove();
  std::size_t depth = 0;
  while (!at_end() && window_.kind() != TokenKind::kTerminator && !window_.look(0).starts_line) {
    if (depth == 0 && window_.kind() == closer) return reader.consume();
    if (depth == 0 && closes(window_.kind())) break;
    if (opens(window_.kind())) ++depth;
    if (closes(window_.kind())) --depth;
    window_.remove();
  }
  if (depth == 0 && window_.kind() == closer) return reader.consume();
  return window_.dressed(0);
}

/// The text ends inside a block.
antlr4::Token* Recovery::close_block(Reader& reader) {
  const Span open = reader.builder().open_block();
  if (auto* diagnostic = report(window_.look(0), "expected \"}\", found the end of the file");
      diagnostic != nullptr && open) {
    diagnostic->note(open, "this block is not closed");
  }
  return window_.dressed(0);
}

antlr4::Token* Recovery::recoverInline(antlr4::Parser* parser) {
  auto& reader = static_cast<Reader&>(*parser);
  const syntax::Token next = window_.look(0);
  switch (reader.getContext()->getRuleIndex()) {
    case WeirParser::RuleBlock:
      if (next.kind == TokenKind::kEnd) return close_block(reader);
      report(next, "expected \"{\", " + found(next));
      reader.builder().spoil_statement();
      throw antlr4::InputMismatchException(parser);  // style: the generated parser leaves a rule so
    case WeirParser::RuleParen:
    case WeirParser::RuleCall: return close_bracket(reader, TokenKind::kRightParen);
    case WeirParser::RuleIndex:
    case WeirParser::RuleArray: return close_bracket(reader, TokenKind::kRightBracket);
    case WeirParser::RuleObject: return close_bracket(reader, TokenKind::kRightBrace);
    case WeirParser::RuleField:
      report(next, "expected \"=\" after a field name, " + found(next));
      return window_.dressed(0);
    case WeirParser::RuleStandalone:
      report(next, "expected the end of the expression, " + found(next));
      break;
    case WeirParser::RuleName: reader.builder().spoil_statement(); [[fallthrough]];
    default:
      report(next, "expected a name after \".\", " + found(next),
             next.kind == TokenKind::kBool || next.kind == TokenKind::kNull
                 ? "a keyword is no name; write [\"...\"] to reach such a key"
                 : "");
      if (next.kind == TokenKind::kBool || next.kind == TokenKind::kNull ||
          next.kind == TokenKind::kString || next.kind == TokenKind::kNumber) {
        window_.remove();
      }
  }
  return window_.dressed(0);
}

void Recovery::reportError(antlr4::Parser* parser, const antlr4::RecognitionException& /*error*/) {
  auto& reader = static_cast<Reader&>(*parser);
  const syntax::Token next = window_.look(0);
  const std::size_t rule = reader.getContext()->getRuleIndex();
  if (rule == WeirParser::RuleStatement) {
    report(next, "expected \"=\" or \"{\", " + found(next));
    reader.builder().spoil_statement();
  } else {
    report(next, "expected an expression, " + found(next));
  }
}

/// To the end of the expression that is not one.
void Recovery::recover(antlr4::Parser* parser, std::exception_ptr /*error*/) {
  const std::size_t rule = parser->getContext()->getRuleIndex();
  if (rule == WeirParser::RuleList || rule == WeirParser::RuleObject) return;
  while (!at_end()) {
    const syntax::Token& next = window_.look(0);
    if (next.kind == TokenKind::kTerminator || next.kind == TokenKind::kComma || closes(next.kind))
      return;
    if (next.starts_line && next.kind == TokenKind::kIdentifier) return;
    window_.remove();
  }
}

/// Runs one rule of the grammar over the tokens of a source.
template <typename Run>
void read(const text::Source& source, TokenSource& tokens, TreeBuilder& builder,
          text::DiagnosticSink& sink, Run run) {
  TokenWindow window(tokens);
  Reader reader(window, builder);
  reader.setErrorHandler(std::make_shared<Recovery>(source, window, tokens, sink));
  run(reader);
}

bool small_enough(const text::Source& source, text::DiagnosticSink& sink) {
  if (source.text().size() <= kMaxSourceBytes) return true;
  sink.add(DiagnosticCode::kTooLarge, {&source, 0, 0},
           format("the text has {} bytes, more than {}", source.text().size(), kMaxSourceBytes));
  return false;
}

}  // namespace

std::shared_ptr<const File> parse_file(std::shared_ptr<const text::Source> source,
                                       text::DiagnosticSink& sink) {
  auto file = std::make_shared<File>();
  file->source = source;
  if (!small_enough(*source, sink)) return file;
  TokenSource tokens(*source, sink);
  TreeBuilder builder(*source, sink);
  read(*source, tokens, builder, sink, [](Reader& reader) { reader.file(); });
  file->body = builder.take_body();
  file->comments = tokens.take_comments();
  return file;
}

ParsedExpression parse_expression(std::shared_ptr<const text::Source> source,
                                  text::DiagnosticSink& sink) {
  ParsedExpression parsed{source, std::make_unique<Expression>()};
  parsed.expression->span = {source.get(), 0, 0};
  if (!small_enough(*source, sink)) return parsed;
  TokenSource tokens(*source, sink);
  TreeBuilder builder(*source, sink);
  read(*source, tokens, builder, sink, [](Reader& reader) { reader.standalone(); });
  parsed.expression = builder.take_expression();
  return parsed;
}

}  // namespace weir::syntax

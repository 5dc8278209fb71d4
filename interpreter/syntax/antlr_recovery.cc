// SPDX-License-Identifier: Apache-2.0
#include "interpreter/syntax/antlr_recovery.h"

#include <utility>

namespace weir::syntax {
namespace {

using text::DiagnosticCode;

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

}  // namespace

/// Adds a diagnostic, unless its line has one already: what follows a mistake on its line is an
/// echo.
text::Diagnostic* Recovery::report(const Token& at, std::string message, std::string hint) {
  if (tokens_.stopped()) return nullptr;
  const std::uint32_t line = source_.position(at.begin).line;
  if (line == last_line_ || line == tokens_.last_error_line()) return nullptr;
  last_line_ = line;
  last_offset_ = at.begin;
  // One place is kept for saying that there were too many.
  if (sink_.error_count() + 2 >= text::DiagnosticSink::kLimit) tokens_.stop();
  return &sink_.add(DiagnosticCode::kSyntax, {&source_, at.begin, at.end}, std::move(message),
                    std::move(hint));
}

std::string Recovery::found(const Token& token) const {
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
    const Token next = window_.look(0);
    if (next.kind == TokenKind::kEnd) return;
    if (next.kind == TokenKind::kRightBrace && nested) return;
    if (reader.statement_done()) {
      if (next.kind == TokenKind::kTerminator) return;
      if (next.starts_line && next.kind == TokenKind::kIdentifier) {
        // Only after a mistake does a line end without a TERMINATOR.
        window_.insert(TokenKind::kTerminator);
        return;
      }
      unfinished_statement();
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
void Recovery::unfinished_statement() {
  const Token& next = window_.look(0);
  std::string hint;
  if (next.kind == TokenKind::kIdentifier) hint = "each statement stands on its own line";
  if (next.kind == TokenKind::kComma) hint = "statements are not separated by commas";
  if (next.kind == TokenKind::kAssign) {
    hint = "if the name before it begins a new attribute, the value of the one above is missing";
  }
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
  const Token next = window_.look(0);
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
  const Token& next = window_.look(0);
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
  const Token& at = window_.look(ahead);
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

/// The bracket that was opened last is not closed, and a new statement has begun.
void Recovery::give_up_bracket(Reader& reader) {
  const Token& next = window_.look(0);
  const Span open = reader.builder().open_bracket();
  if (auto* diagnostic =
          report(next, format("{}, but \"{}\" is not closed", found(next), open.text()))) {
    diagnostic->notes.push_back({open, "opened here", source_.shared_from_this()});
  }
  last_offset_ = next.begin;
  skip_statement(true);
}

void Recovery::sync_list(Reader& reader) {
  const auto* parent = static_cast<antlr4::ParserRuleContext*>(reader.getContext()->parent);
  const bool array = parent->getRuleIndex() == WeirParser::RuleArray;
  const TokenKind closer = array ? TokenKind::kRightBracket : TokenKind::kRightParen;
  for (;;) {
    const TokenKind kind = window_.kind();
    if (kind == TokenKind::kEnd || closes(kind)) return;
    if (kind == TokenKind::kComma) {
      if (comma_fits(begins_expression, "an expression")) return;
      continue;
    }
    if (kind == TokenKind::kAssign) return give_up_bracket(reader);
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
  constexpr std::string_view kFieldName = "a field name (an identifier or a string)";
  for (;;) {
    const TokenKind kind = window_.kind();
    if (kind == TokenKind::kEnd || closes(kind)) return;
    if (window_.last().kind == TokenKind::kLeftBrace) {
      if (begins_field(kind)) return;
      bad_item(0, kFieldName);
      if (window_.kind() == TokenKind::kComma || window_.kind() == TokenKind::kTerminator)
        window_.remove();
      continue;
    }
    if (kind == TokenKind::kComma) {
      const TokenKind second = window_.kind(1);
      if (closes(second) && second != TokenKind::kRightBrace) {
        window_.remove();  // the comma is fine, the bracket is not: close_bracket() tells so
        continue;
      }
      if (comma_fits(begins_field, kFieldName)) return;
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

/// Whether an item or the closing bracket follows the comma that is next. If not, takes out what
/// does.
bool Recovery::comma_fits(bool (*begins_item)(TokenKind), std::string_view what) {
  const TokenKind second = window_.kind(1);
  if (begins_item(second) || closes(second) || second == TokenKind::kEnd) return true;
  bad_item(1, what);
  if (window_.kind(1) == TokenKind::kComma || window_.kind(1) == TokenKind::kTerminator)
    window_.remove(1);
  return false;
}

/// A closing bracket is not where it should be. If it is near, goes there; else goes on as if it
/// stood here.
antlr4::Token* Recovery::close_bracket(Reader& reader, TokenKind closer) {
  const Token next = window_.look(0);
  const Span open = reader.builder().open_bracket();
  const bool on_next_line = next.kind == TokenKind::kTerminator && window_.kind(1) == closer;
  const bool told =
      last_line_ != 0 && last_offset_ >= open.begin;  // what is wrong inside, so this follows
  if (!told ||
      (next.kind != TokenKind::kEnd && next.kind != TokenKind::kTerminator && !closes(next.kind))) {
    auto* diagnostic = report(
        next, format("expected \"{}\", {}", bracket_text(closer), found(next)),
        on_next_line
            ? format("put the \"{}\" on the line where the expression ends", bracket_text(closer))
            : std::string());
    if (diagnostic != nullptr &&
        source_.position(open.begin).line != source_.position(next.begin).line) {
      diagnostic->notes.push_back({open, "opened here", source_.shared_from_this()});
    }
  }
  if (on_next_line) window_.remove();
  std::size_t depth = 0;
  while (!at_end() && window_.kind() != TokenKind::kTerminator && !window_.look(0).starts_line) {
    if (depth == 0 && closes(window_.kind())) break;
    if (opens(window_.kind())) ++depth;
    if (closes(window_.kind())) --depth;
    window_.remove();
  }
  return window_.kind() == closer ? reader.consume() : window_.dressed(0);
}

/// The text ends inside a block: often not this one is left open, but one that ended too far left.
antlr4::Token* Recovery::close_block(Reader& reader) {
  auto* diagnostic = report(window_.look(0), "expected \"}\", found the end of the file");
  if (diagnostic == nullptr) return window_.dressed(0);
  const Span open = reader.builder().open_block();
  const Span suspect = reader.builder().misaligned_block();
  if (suspect && suspect.begin > open.begin) {
    diagnostic->notes.push_back(
        {suspect, "this block ends at a \"}\" that stands under another one: its own is missing",
         source_.shared_from_this()});
  } else if (open) {
    diagnostic->notes.push_back({open, "this block is not closed", source_.shared_from_this()});
  }
  return window_.dressed(0);
}

/// A string follows a whole value, as a label would, but no block follows the string.
void Recovery::missing_block(Reader& reader) {
  const Token label = window_.last();
  const Span place{&source_, label.begin, label.end};
  auto* diagnostic =
      report(window_.look(0), "expected \"{\", " + found(window_.look(0)),
             "between a value and a string stands a comma, an operator or the end of the line");
  if (diagnostic != nullptr)
    diagnostic->notes.push_back({place, "this string follows a value", source_.shared_from_this()});
  reader.builder().spoil_statement();
}

antlr4::Token* Recovery::recoverInline(antlr4::Parser* parser) {
  auto& reader = static_cast<Reader&>(*parser);
  const Token next = window_.look(0);
  switch (reader.getContext()->getRuleIndex()) {
    case WeirParser::RuleBlock:
      if (next.kind == TokenKind::kEnd) return close_block(reader);
      missing_block(reader);
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
  const Token next = window_.look(0);
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
    const Token& next = window_.look(0);
    if (next.kind == TokenKind::kTerminator || next.kind == TokenKind::kComma || closes(next.kind))
      return;
    if (next.starts_line && next.kind == TokenKind::kIdentifier) return;
    window_.remove();
  }
}

}  // namespace weir::syntax

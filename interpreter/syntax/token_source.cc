// SPDX-License-Identifier: Apache-2.0
#include "interpreter/syntax/token_source.h"

#include "base/utf8.h"
#include "interpreter/syntax/literal.h"
#include "interpreter/syntax/parse.h"

#include <algorithm>
#include <string>

namespace weir::syntax {
namespace {

using text::DiagnosticCode;

constexpr char32_t kByteOrderMarkPoint = 0xFEFF;

bool is_comment(TokenKind kind) {
  return kind == TokenKind::kLineComment || kind == TokenKind::kBlockComment ||
         kind == TokenKind::kOpenComment;
}

bool is_trivia(TokenKind kind) {
  return kind == TokenKind::kSpace || is_comment(kind);
}

bool can_end_statement(TokenKind kind) {
  switch (kind) {
    case TokenKind::kIdentifier:
    case TokenKind::kBool:
    case TokenKind::kNull:
    case TokenKind::kNumber:
    case TokenKind::kFloat:
    case TokenKind::kString:
    case TokenKind::kRightParen:
    case TokenKind::kRightBracket:
    case TokenKind::kRightBrace: return true;
    default: return false;
  }
}

/// "U+003F '?'"; the character itself only if it can be seen.
std::string describe_character(std::string_view bytes, char32_t value) {
  const std::string number = format("U+{:04X}", static_cast<std::uint32_t>(value));
  const bool visible = value > 0x20 && value != 0x7F && !(value >= 0x80 && value <= 0xA0) &&
                       value != 0xFFFD && !(value >= 0x2000 && value <= 0x200F) &&
                       !(value >= 0xD800 && value <= 0xF8FF);
  return visible ? format("{} '{}'", number, bytes) : number;
}

std::string hint_for_character(char32_t value) {
  switch (value) {
    case '#': return "comments begin with //";
    case ';': return "a statement ends with its line; no mark is needed";
    case ':': return "a name and its value are joined by =";
    case '?':
      return "there is no conditional expression; coalesce(a, b) gives the first value that is not "
             "empty";
    case '$':
      return "there is no interpolation; sys.env(\"NAME\") reads a variable, + joins strings";
    case '~':
      return "there are no match operators; relabel rules and stages match regular expressions";
    case 0x2018:
    case 0x2019:
    case 0x201C:
    case 0x201D: return "strings are written between plain double quotes";
    case 0x00A0: return "this is a no-break space; use a plain one";
    case 0x2013:
    case 0x2014:
    case 0x2212: return "the minus sign is a plain -";
    default: return {};
  }
}

}  // namespace

TokenSource::TokenSource(const text::Source& source, text::DiagnosticSink& sink)
    : source_(source), sink_(sink), lexer_(source.text()) {
  if (source.text().empty()) return;
  const Rune first = decode_rune(source.text());
  if (first.code == kByteOrderMarkPoint) encoding_checked_ = static_cast<std::uint32_t>(first.size);
}

void TokenSource::report(DiagnosticCode code, std::uint32_t begin, std::uint32_t end,
                         std::string message, std::string hint) {
  sink_.add(code, {&source_, begin, end}, std::move(message), std::move(hint));
  last_error_line_ = source_.position(begin).line;
  if (sink_.error_count() + 1 >= text::DiagnosticSink::kLimit) stopped_ = true;
}

Token TokenSource::take() {
  if (ahead_.empty()) return lexer_.next();
  const Token token = ahead_.front();
  ahead_.pop_front();
  return token;
}

const Token& TokenSource::peek(std::size_t index) {
  while (ahead_.size() <= index) ahead_.push_back(lexer_.next());
  return ahead_[index];
}

bool TokenSource::has_newline(const Token& token) const {
  return source_.text().substr(token.begin, token.end - token.begin).find('\n') !=
         std::string_view::npos;
}

/// Whether nothing but comments and spaces stands between `trivia` and the next newline.
bool TokenSource::line_ends_at(const Token& trivia) {
  const Token* token = &trivia;
  for (std::size_t i = 0; is_trivia(token->kind); ++i) {
    if (token->kind == TokenKind::kLineComment || has_newline(*token)) return true;
    token = &peek(i);
  }
  return token->kind == TokenKind::kEnd;
}

Token TokenSource::next() {
  const auto size = static_cast<std::uint32_t>(source_.text().size());
  while (!stopped_) {
    Token token = take();
    if (ends_statement_ && (token.kind == TokenKind::kEnd || is_trivia(token.kind))) {
      const bool lone_space = token.kind == TokenKind::kSpace && !has_newline(token);
      if (!lone_space) ends_statement_ = false;
      if (!lone_space && line_ends_at(token)) {
        ahead_.push_front(token);
        if (token.kind == TokenKind::kSpace) {
          token.begin = static_cast<std::uint32_t>(source_.text().find('\n', token.begin));
          token.end = token.begin + 1;
        } else {
          token.end = token.begin;
        }
        token.kind = TokenKind::kTerminator;
        return token;
      }
    }
    examine_encoding(token.end);
    if (stopped_) break;
    if (is_trivia(token.kind)) {
      starts_line_ = starts_line_ || token.kind == TokenKind::kLineComment || has_newline(token);
      if (token.kind != TokenKind::kSpace && count_token(token)) keep_comment(token);
      continue;
    }
    if (!count_token(token)) break;
    if (!examine(token)) continue;
    token.starts_line = starts_line_;
    starts_line_ = false;
    ends_statement_ = can_end_statement(token.kind);
    count_brackets(token);
    if (stopped_) break;
    return token;
  }
  return {TokenKind::kEnd, false, true, size, size};
}

Token TokenSource::next_raw() {
  Token token = take();
  while (token.kind == TokenKind::kSpace) token = take();
  const std::string_view text = source_.text();
  examine_encoding(std::min<std::uint32_t>(token.end + 1, static_cast<std::uint32_t>(text.size())));
  if (token.kind == TokenKind::kOpenComment) keep_comment(token);
  if (!is_trivia(token.kind)) {
    Token examined = token;
    const bool stays = examine(examined);
    const bool quoted = token.kind == TokenKind::kQuoted || token.kind == TokenKind::kOpenQuoted;
    token.kind = !stays || quoted ? TokenKind::kIllegal : examined.kind;
  }
  return token;
}

/// Reports what is wrong with the token and makes it what was meant; false if it is nothing at all.
bool TokenSource::examine(Token& token) {
  switch (token.kind) {
    case TokenKind::kString: examine_string(token); return true;
    case TokenKind::kOpenString:
      examine_string(token);
      report(DiagnosticCode::kBadString, token.begin, token.end, "string is not closed on its line",
             "add the closing \"; text of several lines goes between backticks");
      break;
    case TokenKind::kOpenRaw:
      report(DiagnosticCode::kBadString, token.begin, token.begin + 1, "raw string is not closed",
             "add the closing `");
      stopped_ = true;  // It has swallowed the rest: whatever else were said would be an echo.
      break;
    case TokenKind::kQuoted:
      report(DiagnosticCode::kBadString, token.begin, token.end, "string in single quotes",
             "use double quotes");
      break;
    case TokenKind::kOpenQuoted:
      report(DiagnosticCode::kBadString, token.begin, token.end,
             "string in single quotes, and not closed on its line", "use double quotes");
      break;
    case TokenKind::kOpenFloat:
      report(DiagnosticCode::kBadNumber, token.begin, token.end,
             "number ends in its exponent, which has no digits");
      token.kind = TokenKind::kFloat;
      token.bad = true;
      return true;
    case TokenKind::kHalfOr:
      report(DiagnosticCode::kIllegalCharacter, token.end, token.end,
             "found \"|\", the operator is \"||\"");
      token.kind = TokenKind::kOr;
      return true;
    case TokenKind::kHalfAnd:
      report(DiagnosticCode::kIllegalCharacter, token.end, token.end,
             "found \"&\", the operator is \"&&\"");
      token.kind = TokenKind::kAnd;
      return true;
    case TokenKind::kIllegal: examine_illegal(token); return false;
    default: return true;
  }
  token.kind = TokenKind::kString;
  token.bad = true;
  return true;
}

void TokenSource::examine_illegal(const Token& token) {
  const std::string_view bytes = source_.text().substr(token.begin, token.end - token.begin);
  const Rune rune = decode_rune(source_.text().substr(token.begin));
  const bool reported = !rune.valid || rune.code == 0 || rune.code == kByteOrderMarkPoint;
  if (!reported && source_.position(token.begin).line != last_error_line_) {
    report(DiagnosticCode::kIllegalCharacter, token.begin, token.end,
           format("character {} begins nothing in this language",
                  describe_character(bytes, rune.code)),
           hint_for_character(rune.code));
  }
  if (rune.code != '#') return;
  // What somebody took for a comment is passed over like one.
  const std::size_t newline = source_.text().find('\n', token.begin);
  ahead_.clear();
  lexer_.skip_to(static_cast<std::uint32_t>(std::min(newline, source_.text().size())));
}

void TokenSource::examine_string(Token& token) {
  const std::string_view literal = source_.text().substr(token.begin, token.end - token.begin);
  for (EscapeProblem& problem : check_escapes(literal)) {
    report(DiagnosticCode::kBadString, token.begin + problem.begin, token.begin + problem.end,
           std::move(problem.message), std::move(problem.hint));
    token.bad = true;
    if (stopped_) return;
  }
}

/// Reports what is no text in the bytes before `end`: the first byte of each run of wrong ones.
void TokenSource::examine_encoding(std::uint32_t end) {
  const std::string_view text = source_.text();
  bool in_run = false;
  while (encoding_checked_ < end && !stopped_) {
    const std::uint32_t at = encoding_checked_;
    if (text[at] != 0 && static_cast<unsigned char>(text[at]) < 0x80) {
      ++encoding_checked_;
      in_run = false;
      continue;
    }
    const Rune rune = decode_rune(text.substr(at));
    encoding_checked_ += static_cast<std::uint32_t>(rune.size);
    const bool wrong = !rune.valid || rune.code == 0 || rune.code == kByteOrderMarkPoint;
    if (wrong && !in_run) {
      const char* what = !rune.valid      ? "text is not valid UTF-8"
                         : rune.code == 0 ? "found a NUL character"
                                          : "found a byte order mark inside the text";
      report(DiagnosticCode::kEncoding, at, encoding_checked_, what,
             !rune.valid ? "save the file as UTF-8" : "remove it; many editors do not show it");
    }
    in_run = wrong;
  }
}

void TokenSource::keep_comment(const Token& token) {
  if (token.kind == TokenKind::kOpenComment) {
    report(DiagnosticCode::kBadComment, token.begin, token.begin + 2, "block comment is not closed",
           "add the closing */");
    stopped_ = true;
  }
  const std::string_view bytes = source_.text().substr(token.begin, token.end - token.begin);
  comments_.push_back({{&source_, token.begin, token.end}, without_carriage_returns(bytes, true)});
}

/// False, and no more tokens, beyond the limit.
bool TokenSource::count_token(const Token& token) {
  if (++count_ <= kMaxTokens) return true;
  report(DiagnosticCode::kTooLarge, token.begin, token.end,
         format("the text has more than {} tokens", kMaxTokens),
         "spread it over several files or modules");
  stopped_ = true;
  return false;
}

void TokenSource::count_brackets(const Token& token) {
  switch (token.kind) {
    case TokenKind::kLeftBrace:
    case TokenKind::kLeftParen:
    case TokenKind::kLeftBracket:
      if (++depth_ <= kMaxDepth) return;
      report(DiagnosticCode::kTooLarge, token.begin, token.end,
             format("brackets nest deeper than {} levels", kMaxDepth));
      stopped_ = true;
      return;
    case TokenKind::kRightBrace:
    case TokenKind::kRightParen:
    case TokenKind::kRightBracket:
      if (depth_ > 0) --depth_;
      return;
    default: return;
  }
}

}  // namespace weir::syntax

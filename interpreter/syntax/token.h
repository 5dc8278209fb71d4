// SPDX-License-Identifier: Apache-2.0
// One token, as small as it can be: a kind and where it stands.

#pragma once

#include <cstdint>
#include <string_view>

namespace weir::syntax {

/// The tokens of grammar/Weir.g4, in its order (antlr_lexer.cc checks that it is).
enum class TokenKind : std::uint8_t {
  kEnd,  ///< of the text
  kOr,
  kAnd,
  kNot,
  kAssign,
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
  kLeftBrace,
  kRightBrace,
  kLeftParen,
  kRightParen,
  kLeftBracket,
  kRightBracket,
  kComma,
  kDot,
  kBool,
  kNull,
  kIdentifier,
  kNumber,
  kFloat,
  kString,
  kSpace,
  kLineComment,
  kBlockComment,
  kOpenFloat,
  kOpenString,
  kOpenRaw,
  kOpenComment,
  kQuoted,
  kOpenQuoted,
  kHalfOr,
  kHalfAnd,
  kIllegal,
  kTerminator,  ///< the end of a line, after a token that can end a statement
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  bool bad = false;          ///< already reported: its text has no value
  bool starts_line = false;  ///< the first token of its line
  std::uint32_t begin = 0;   ///< bytes [begin, end) of the source
  std::uint32_t end = 0;
};

/// The name that the conformance corpus gives to a kind: "IDENT", "+".
std::string_view corpus_name(TokenKind kind);

}  // namespace weir::syntax

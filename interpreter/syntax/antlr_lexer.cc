// SPDX-License-Identifier: Apache-2.0
// The simulator that ANTLR's runtime keeps inside its Lexer is driven directly: its token objects
// cost more than all of the matching. Places are byte offsets, because the character stream says
// so.

#include "interpreter/syntax/antlr_lexer.h"

#include "base/utf8.h"

#include <antlr4-runtime.h>

#include <grammar/WeirLexer.h>
#include <string>
#include <unordered_map>
#include <vector>

namespace weir::syntax {
namespace {

using grammar::WeirLexer;

static_assert(static_cast<int>(TokenKind::kOr) == WeirLexer::OR &&
              static_cast<int>(TokenKind::kLeftBrace) == WeirLexer::LEFT_BRACE &&
              static_cast<int>(TokenKind::kBool) == WeirLexer::BOOL &&
              static_cast<int>(TokenKind::kString) == WeirLexer::STRING &&
              static_cast<int>(TokenKind::kOpenFloat) == WeirLexer::OPEN_FLOAT &&
              static_cast<int>(TokenKind::kIllegal) == WeirLexer::ILLEGAL);

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// UTF-8 as the code points that the grammar speaks of; its index counts bytes.
class ByteStream final : public antlr4::CharStream {
 public:
  explicit ByteStream(std::string_view text) : text_(text) {}

  void consume() override {
    if (at_ < text_.size()) at_ += decode_rune(text_.substr(at_)).size;
  }
  std::size_t LA(ssize_t i) override {
    if (i != 1 || at_ >= text_.size()) return antlr4::IntStream::EOF;
    return decode_rune(text_.substr(at_)).code;
  }
  ssize_t mark() override { return 0; }
  void release(ssize_t /*marker*/) override {}
  std::size_t index() override { return at_; }
  void seek(std::size_t index) override { at_ = index; }
  std::size_t size() override { return text_.size(); }
  [[nodiscard]] std::string getSourceName() const override { return "text"; }
  std::string getText(const antlr4::misc::Interval& /*interval*/) override { return {}; }
  [[nodiscard]] std::string toString() const override { return {}; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

/// ANTLR's runtime keeps the transitions of ASCII alone and works all others out anew each time,
/// which makes a megabyte of Cyrillic comments cost seconds. This one remembers them, as long as it
/// lives.
class Simulator final : public antlr4::atn::LexerATNSimulator {
 public:
  using LexerATNSimulator::LexerATNSimulator;

 protected:
  using State = antlr4::dfa::DFAState;

  State* getExistingTargetState(State* from, std::size_t symbol) override {
    if (symbol <= kAscii) return LexerATNSimulator::getExistingTargetState(from, symbol);
    const auto known = beyond_ascii_.find(key(from, symbol));
    return known == beyond_ascii_.end() ? nullptr : known->second;
  }
  void addDFAEdge(State* from, std::size_t symbol, State* to) override {
    if (symbol <= kAscii) return LexerATNSimulator::addDFAEdge(from, symbol, to);
    if (to != nullptr) beyond_ascii_.emplace(key(from, symbol), to);
  }
  State* addDFAEdge(State* from, std::size_t symbol, antlr4::atn::ATNConfigSet* to) override {
    return LexerATNSimulator::addDFAEdge(from, symbol, to);
  }

 private:
  static constexpr std::size_t kAscii = 127;
  static std::uint64_t key(const State* from, std::size_t symbol) {
    return (static_cast<std::uint64_t>(from->stateNumber) << 32) | (symbol & 0xFFFFFFFF);
  }
  std::unordered_map<std::uint64_t, State*> beyond_ascii_;
};

/// What all simulators share: the tables that ANTLR fills as it meets new text. It locks them
/// itself.
struct SharedTables {
  explicit SharedTables(const antlr4::atn::ATN& atn) {
    for (std::size_t i = 0; i < atn.getNumberOfDecisions(); ++i) {
      decisions.emplace_back(atn.getDecisionState(i), i);
    }
  }
  std::vector<antlr4::dfa::DFA> decisions;
  antlr4::atn::PredictionContextCache contexts;
};

}  // namespace

struct RawLexer::Machine {
  explicit Machine(std::string_view text)
      : stream(text),
        lexer(&stream),
        simulator(&lexer, lexer.getATN(), tables().decisions, tables().contexts) {}

  SharedTables& tables() {
    static SharedTables shared(lexer.getATN());
    return shared;
  }

  ByteStream stream;
  WeirLexer lexer;
  Simulator simulator;
};

RawLexer::RawLexer(std::string_view text) : machine_(std::make_unique<Machine>(text)) {
  if (text.starts_with(kByteOrderMark)) skip_to(kByteOrderMark.size());
}

RawLexer::~RawLexer() = default;

Token RawLexer::next() {
  Token token;
  token.begin = token.end = static_cast<std::uint32_t>(machine_->stream.index());
  if (token.begin >= machine_->stream.size()) return token;
  try {
    token.kind = static_cast<TokenKind>(machine_->simulator.match(&machine_->stream, 0));
  } catch (const antlr4::RecognitionException&) {
    // Not reached while the grammar ends in a rule that takes any character.
    token.kind = TokenKind::kIllegal;
    machine_->stream.seek(token.begin);
    machine_->stream.consume();
  }
  token.end = static_cast<std::uint32_t>(machine_->stream.index());
  return token;
}

void RawLexer::skip_to(std::uint32_t offset) {
  machine_->stream.seek(offset);
}

}  // namespace weir::syntax

// SPDX-License-Identifier: Apache-2.0
// Builds the syntax tree from what the parser sees, as it sees it: rules entered and left, tokens
// consumed.
//
// There is no parse tree in between. Each kind of open node has a stack; leaving a rule takes its
// parts from the stacks and puts the node back. Operators are grouped here by the levels that the
// grammar's rules give them, in a loop, so a chain of any length costs no stack. A tree that would
// be deeper than its readers can follow is cut at that place and reported.

#pragma once

#include "interpreter/syntax/ast.h"
#include "interpreter/syntax/token.h"
#include "interpreter/text/diagnostic.h"

#include <string>
#include <vector>

namespace weir::syntax {

/// The rules of grammar/Weir.g4, in its order (antlr_parse.cc checks that it is).
enum class Rule : std::uint8_t {
  kFile,
  kStandalone,
  kBody,
  kStatement,
  kName,
  kLabel,
  kValue,
  kBlock,
  kExpression,
  kInfix,
  kEither,
  kBoth,
  kComparison,
  kSum,
  kProduct,
  kPower,
  kOperand,
  kAccess,
  kIndex,
  kCall,
  kMisplaced,
  kParen,
  kArray,
  kList,
  kObject,
  kField,
};

class TreeBuilder {
 public:
  TreeBuilder(const text::Source& source, text::DiagnosticSink& sink)
      : source_(source), sink_(sink) {}

  void enter(Rule rule);
  void token(Rule rule, const Token& token);
  void leave(Rule rule);

  /// The statement being read is wrong in itself: leave it out.
  void spoil_statement();
  /// The `{` of the innermost open block.
  [[nodiscard]] Span open_block() const;
  /// The innermost open bracket of an expression.
  [[nodiscard]] Span open_bracket() const;
  /// The `{` of the last block whose `}` begins a line with another indentation than the block's.
  [[nodiscard]] Span misaligned_block() const { return misaligned_; }

  /// Something nests too deep, which was reported: the rest need not be read.
  [[nodiscard]] bool too_deep() const { return too_deep_; }

  Body take_body() { return std::move(body_); }
  ExpressionPtr take_expression();

 private:
  /// A finished part of an expression, and how many levels it has.
  struct Part {
    ExpressionPtr node;
    std::size_t height = 1;
  };
  struct Operator {
    Op op = Op::kNone;
    int level = 0;
    Span span;
  };
  struct OpenStatement {
    Block block;  ///< name, label and braces; becomes an Attribute if there is a value
    ExpressionPtr value;
    Body body;
    bool has_value = false;
    bool spoiled = false;
    bool label_bad = false;
    std::uint32_t begin = 0;
    bool begun = false;
  };
  struct OpenOperand {
    std::size_t first_prefix = 0;
    Part part;
    std::uint32_t begin = 0;
    bool begun = false;
    Token access_name;
  };
  struct OpenBracket {
    Token token;
    std::size_t first_value = 0;
    std::size_t first_field = 0;
  };
  struct OpenExpression {
    std::size_t first_value = 0;
    std::size_t first_operator = 0;
  };

  [[nodiscard]] Span span(const Token& token) const { return {&source_, token.begin, token.end}; }
  [[nodiscard]] std::string text(const Token& token) const;
  Part leaf(const Token& token) const;
  Part error_part(std::uint32_t begin, std::uint32_t end) const;
  Part pop_value();
  void add_child(Part& parent, Part child);
  void check_height(Part& part);
  void report_too_deep(Span where);

  void close_block(const Token& token);
  void token_in_operand(const Token& token);
  void push_operator(Rule rule, const Token& token);
  void reduce(int level, bool right);
  void leave_expression();
  void leave_operand();
  void leave_suffix(Rule rule);
  void leave_bracket(Rule rule);
  void leave_misplaced();
  void leave_label();
  void leave_statement();
  void enter_value();

  const text::Source& source_;
  text::DiagnosticSink& sink_;
  std::vector<OpenStatement> statements_;
  std::vector<OpenExpression> expressions_;
  std::vector<Operator> operators_;
  std::vector<Operator> prefixes_;
  std::vector<Part> values_;
  std::vector<OpenOperand> operands_;
  std::vector<OpenBracket> brackets_;
  std::vector<Field> fields_;
  std::vector<std::size_t> field_heights_;
  Body body_;
  Token label_;
  Span misaligned_;
  std::uint32_t last_end_ = 0;
  bool too_deep_ = false;
};

}  // namespace weir::syntax

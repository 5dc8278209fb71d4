// SPDX-License-Identifier: Apache-2.0
#include "interpreter/syntax/tree_builder.h"

#include "interpreter/syntax/parse.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace weir::syntax {
namespace {

using text::DiagnosticCode;

Op infix_op(TokenKind kind) {
  switch (kind) {
    case TokenKind::kOr: return Op::kOr;
    case TokenKind::kAnd: return Op::kAnd;
    case TokenKind::kEqual: return Op::kEqual;
    case TokenKind::kNotEqual: return Op::kNotEqual;
    case TokenKind::kLess: return Op::kLess;
    case TokenKind::kLessEqual: return Op::kLessEqual;
    case TokenKind::kGreater: return Op::kGreater;
    case TokenKind::kGreaterEqual: return Op::kGreaterEqual;
    case TokenKind::kAdd: return Op::kAdd;
    case TokenKind::kSubtract: return Op::kSubtract;
    case TokenKind::kMultiply: return Op::kMultiply;
    case TokenKind::kDivide: return Op::kDivide;
    case TokenKind::kModulo: return Op::kModulo;
    case TokenKind::kPower: return Op::kPower;
    default: return Op::kNone;
  }
}

ExpressionKind leaf_kind(TokenKind kind) {
  switch (kind) {
    case TokenKind::kNull: return ExpressionKind::kNull;
    case TokenKind::kBool: return ExpressionKind::kBool;
    case TokenKind::kNumber:
    case TokenKind::kFloat: return ExpressionKind::kNumber;
    case TokenKind::kString: return ExpressionKind::kString;
    default: return ExpressionKind::kIdentifier;
  }
}

}  // namespace

std::string TreeBuilder::text(const Token& token) const {
  return std::string(source_.text().substr(token.begin, token.end - token.begin));
}

TreeBuilder::Part TreeBuilder::error_part(std::uint32_t begin, std::uint32_t end) const {
  Part part;
  part.node = std::make_unique<Expression>();
  part.node->span = {&source_, begin, std::max(begin, end)};
  return part;
}

TreeBuilder::Part TreeBuilder::leaf(const Token& token) const {
  Part part = error_part(token.begin, token.end);
  if (token.bad) return part;
  part.node->kind = leaf_kind(token.kind);
  part.node->text = text(token);
  part.node->truth = token.kind == TokenKind::kBool && part.node->text == "true";
  return part;
}

TreeBuilder::Part TreeBuilder::pop_value() {
  if (values_.empty()) return error_part(last_end_, last_end_);
  Part part = std::move(values_.back());
  values_.pop_back();
  return part;
}

void TreeBuilder::add_child(Part& parent, Part child) {
  parent.height = std::max(parent.height, child.height + 1);
  parent.node->children.push_back(std::move(child.node));
}

void TreeBuilder::check_height(Part& part) {
  if (part.height <= kMaxDepth + 1) return;  // brackets, and what stands in the innermost
  const Span where = part.node->span;
  part = error_part(where.begin, where.end);
  report_too_deep({&source_, where.begin, where.begin + 1});
}

void TreeBuilder::report_too_deep(Span where) {
  if (std::exchange(too_deep_, true)) return;
  sink_.add(DiagnosticCode::kTooLarge, where,
            format("expression nests deeper than {} levels", kMaxDepth),
            "a long chain of operators is a level for each");
}

void TreeBuilder::enter(Rule rule) {
  switch (rule) {
    case Rule::kStatement:
    case Rule::kMisplaced: statements_.emplace_back(); break;
    case Rule::kValue: enter_value(); break;
    case Rule::kExpression: expressions_.push_back({values_.size(), operators_.size()}); break;
    case Rule::kOperand:
      operands_.emplace_back();
      operands_.back().first_prefix = prefixes_.size();
      break;
    case Rule::kIndex:
    case Rule::kCall:
    case Rule::kParen:
    case Rule::kArray:
    case Rule::kObject: brackets_.push_back({{}, values_.size(), fields_.size()}); break;
    case Rule::kField: fields_.emplace_back(); break;
    default: break;
  }
}

void TreeBuilder::token(Rule rule, const Token& token) {
  last_end_ = token.end;
  switch (rule) {
    case Rule::kName: {
      if (token.kind != TokenKind::kIdentifier) break;
      OpenStatement& statement = statements_.back();
      if (!std::exchange(statement.begun, true)) statement.begin = token.begin;
      statement.block.name.push_back(text(token));
      statement.block.name_span = {&source_, statement.begin, token.end};
      break;
    }
    case Rule::kLabel: label_ = token; break;
    case Rule::kBlock:
      if (token.kind == TokenKind::kRightBrace) {
        close_block(token);
      } else {
        statements_.back().block.open = span(token);
      }
      break;
    case Rule::kEither:
    case Rule::kBoth:
    case Rule::kComparison:
    case Rule::kSum:
    case Rule::kProduct:
    case Rule::kPower: push_operator(rule, token); break;
    case Rule::kOperand: token_in_operand(token); break;
    case Rule::kAccess:
      if (token.kind == TokenKind::kIdentifier) operands_.back().access_name = token;
      break;
    case Rule::kIndex:
    case Rule::kCall:
    case Rule::kParen:
    case Rule::kArray:
    case Rule::kObject:
      if (brackets_.back().token.kind == TokenKind::kEnd) brackets_.back().token = token;
      break;
    case Rule::kField:
      if (token.kind == TokenKind::kIdentifier || token.kind == TokenKind::kString) {
        Field& field = fields_.back();
        field.quoted = token.kind == TokenKind::kString;
        field.name = text(token);
        field.name_span = span(token);
        // [Q] Escapes stay as they are, and an empty key keeps its quotes.
        if (field.quoted && field.name.size() > 2)
          field.name = field.name.substr(1, field.name.size() - 2);
      }
      break;
    default: break;
  }
}

void TreeBuilder::leave(Rule rule) {
  switch (rule) {
    case Rule::kStatement: leave_statement(); break;
    case Rule::kLabel: leave_label(); break;
    case Rule::kValue: statements_.back().value = pop_value().node; break;
    case Rule::kExpression: leave_expression(); break;
    case Rule::kOperand: leave_operand(); break;
    case Rule::kAccess:
    case Rule::kIndex:
    case Rule::kCall: leave_suffix(rule); break;
    case Rule::kParen:
    case Rule::kArray:
    case Rule::kObject: leave_bracket(rule); break;
    case Rule::kField: {
      Part value = pop_value();
      field_heights_.resize(fields_.size());
      field_heights_.back() = value.height;
      fields_.back().value = std::move(value.node);
      break;
    }
    case Rule::kMisplaced: leave_misplaced(); break;
    default: break;
  }
}

void TreeBuilder::spoil_statement() {
  if (!statements_.empty()) statements_.back().spoiled = true;
}

Span TreeBuilder::open_block() const {
  return statements_.empty() ? Span{} : statements_.back().block.open;
}

Span TreeBuilder::open_bracket() const {
  return brackets_.empty() ? Span{} : span(brackets_.back().token);
}

void TreeBuilder::close_block(const Token& token) {
  Block& block = statements_.back().block;
  block.close = span(token);
  if (!token.starts_line) return;
  const auto indentation = [&](std::uint32_t offset) {
    const std::string_view line = source_.line(source_.position(offset).line);
    return std::min(line.find_first_not_of(" \t"), line.size());
  };
  if (indentation(block.open.begin) != indentation(token.begin)) misaligned_ = block.open;
}

ExpressionPtr TreeBuilder::take_expression() {
  return pop_value().node;
}

void TreeBuilder::token_in_operand(const Token& token) {
  OpenOperand& operand = operands_.back();
  if (token.kind == TokenKind::kNot || token.kind == TokenKind::kSubtract) {
    prefixes_.push_back({token.kind == TokenKind::kNot ? Op::kNot : Op::kNegate, 0, span(token)});
    if (prefixes_.size() - operand.first_prefix > kMaxDepth) report_too_deep(span(token));
  } else {
    operand.part = leaf(token);
  }
}

void TreeBuilder::push_operator(Rule rule, const Token& token) {
  const int level = static_cast<int>(rule);
  reduce(level, rule == Rule::kPower);
  operators_.push_back({infix_op(token.kind), level, span(token)});
  // What waits for its right side is a level deeper each.
  if (operators_.size() - expressions_.back().first_operator > kMaxDepth)
    report_too_deep(span(token));
}

/// Joins what binds at least as tight as an operator of `level` that stands after it.
void TreeBuilder::reduce(int level, bool right) {
  const OpenExpression& open = expressions_.back();
  while (operators_.size() > open.first_operator && values_.size() >= open.first_value + 2 &&
         (right ? operators_.back().level > level : operators_.back().level >= level)) {
    Operator op = operators_.back();
    operators_.pop_back();
    Part rhs = pop_value();
    Part lhs = pop_value();
    Part part = error_part(lhs.node->span.begin, rhs.node->span.end);
    part.node->kind = ExpressionKind::kBinary;
    part.node->op = op.op;
    part.node->name_span = op.span;
    part.node->children.reserve(2);
    add_child(part, std::move(lhs));
    add_child(part, std::move(rhs));
    check_height(part);
    values_.push_back(std::move(part));
  }
}

void TreeBuilder::leave_expression() {
  reduce(0, false);
  const OpenExpression open = expressions_.back();
  expressions_.pop_back();
  operators_.resize(open.first_operator);
  if (values_.size() == open.first_value) values_.push_back(error_part(last_end_, last_end_));
  // After a mistake between two operands the first one stands for the whole.
  values_.resize(open.first_value + 1);
}

void TreeBuilder::leave_operand() {
  OpenOperand operand = std::move(operands_.back());
  operands_.pop_back();
  Part part = std::move(operand.part);
  if (part.node == nullptr) part = error_part(last_end_, last_end_);
  while (prefixes_.size() > operand.first_prefix) {
    const Operator prefix = prefixes_.back();
    prefixes_.pop_back();
    Part outer = error_part(prefix.span.begin, part.node->span.end);
    outer.node->kind = ExpressionKind::kUnary;
    outer.node->op = prefix.op;
    outer.node->name_span = prefix.span;
    add_child(outer, std::move(part));
    check_height(outer);
    part = std::move(outer);
  }
  values_.push_back(std::move(part));
}

void TreeBuilder::leave_suffix(Rule rule) {
  OpenOperand& operand = operands_.back();
  Part base = std::move(operand.part);
  if (base.node == nullptr) base = error_part(last_end_, last_end_);
  Part part = error_part(base.node->span.begin, last_end_);
  add_child(part, std::move(base));
  if (rule == Rule::kAccess) {
    const Token name = std::exchange(operand.access_name, {});
    if (name.kind == TokenKind::kIdentifier) {
      part.node->kind = ExpressionKind::kAccess;
      part.node->text = text(name);
      part.node->name_span = span(name);
    } else {
      part = error_part(part.node->span.begin, last_end_);
    }
  } else {
    part.node->kind = rule == Rule::kIndex ? ExpressionKind::kIndex : ExpressionKind::kCall;
    part.node->name_span = span(brackets_.back().token);
    const std::size_t first = brackets_.back().first_value;
    brackets_.pop_back();
    for (std::size_t i = first; i < values_.size(); ++i) add_child(part, std::move(values_[i]));
    values_.resize(first);
    if (rule == Rule::kIndex && part.node->children.size() != 2)
      part = error_part(part.node->span.begin, last_end_);
  }
  check_height(part);
  operands_.back().part = std::move(part);
}

void TreeBuilder::leave_bracket(Rule rule) {
  const OpenBracket open = brackets_.back();
  brackets_.pop_back();
  Part part = error_part(open.token.begin, last_end_);
  if (rule == Rule::kObject) {
    part.node->kind = ExpressionKind::kObject;
    part.node->fields.reserve(fields_.size() - open.first_field);
    for (std::size_t i = open.first_field; i < fields_.size(); ++i) {
      if (!fields_[i].name_span) continue;
      part.height = std::max(part.height, field_heights_[i] + 1);
      part.node->fields.push_back(std::move(fields_[i]));
    }
    fields_.resize(open.first_field);
    field_heights_.resize(open.first_field);
  } else {
    part.node->kind = rule == Rule::kArray ? ExpressionKind::kArray : ExpressionKind::kParen;
    part.node->children.reserve(values_.size() - open.first_value);
    for (std::size_t i = open.first_value; i < values_.size(); ++i)
      add_child(part, std::move(values_[i]));
    values_.resize(open.first_value);
    if (rule == Rule::kParen && part.node->children.size() != 1)
      part = error_part(open.token.begin, last_end_);
  }
  check_height(part);
  operands_.back().part = std::move(part);
}

void TreeBuilder::leave_misplaced() {
  const OpenStatement block = std::move(statements_.back());
  statements_.pop_back();
  Part& base = operands_.back().part;
  const std::uint32_t begin = base.node != nullptr ? base.node->span.begin : last_end_;
  if (block.block.close) {
    sink_.add(DiagnosticCode::kBlockInExpression, {&source_, begin, block.block.close.end},
              "found a block where a value is needed",
              "an object is written {name = value, ...}; a block stands alone, without =");
  }
  base = error_part(begin, last_end_);
}

void TreeBuilder::leave_label() {
  OpenStatement& statement = statements_.back();
  const Token token = std::exchange(label_, {});
  if (token.kind != TokenKind::kString) return;
  statement.block.label_span = span(token);
  const std::string literal = text(token);
  const std::string inner = token.bad ? std::string() : literal.substr(1, literal.size() - 2);
  statement.block.label = inner;
  statement.label_bad = true;
  if (token.bad) return;
  if (literal.front() != '"') {
    sink_.add(DiagnosticCode::kBadLabel, span(token),
              format("block label {} is a raw string", literal),
              format("write it in double quotes: \"{}\"", inner));
  } else if (!inner.empty() && !is_identifier(inner)) {
    const std::string better = sanitize_identifier(inner);
    sink_.add(
        DiagnosticCode::kBadLabel, span(token),
        format("block label \"{}\" is not an identifier", inner),
        format(
            "letters, digits and _ make a label, and it begins with no digit; for example \"{}\"",
            better));
  } else {
    statement.label_bad = false;
  }
}

void TreeBuilder::enter_value() {
  OpenStatement& statement = statements_.back();
  statement.has_value = true;
  const Block& head = statement.block;
  if (head.name.size() > 1) {
    statement.spoiled = true;
    sink_.add(DiagnosticCode::kBadAttributeName, head.name_span,
              format("attribute name \"{}\" has dots", head.full_name()),
              "an attribute has one name; dots belong to the names of blocks");
  } else if (head.label_span) {
    statement.spoiled = true;
    sink_.add(DiagnosticCode::kBadAttributeName, head.label_span,
              format("attribute \"{}\" has a label", head.full_name()),
              "labels belong to blocks; to write a block, leave out the =");
  }
}

void TreeBuilder::leave_statement() {
  OpenStatement open = std::move(statements_.back());
  statements_.pop_back();
  if (open.spoiled || open.block.name.empty()) return;
  Statement statement;
  statement.span = {&source_, open.begin, last_end_};
  if (open.has_value) {
    statement.attribute = std::make_unique<Attribute>();
    statement.attribute->name = std::move(open.block.name.front());
    statement.attribute->name_span = open.block.name_span;
    statement.attribute->value = std::move(open.value);
  } else {
    if (!open.block.open) return;
    open.block.body = std::move(open.body);
    statement.block = std::make_unique<Block>(std::move(open.block));
  }
  (statements_.empty() ? body_ : statements_.back().body)
      .statements.push_back(std::move(statement));
}

}  // namespace weir::syntax

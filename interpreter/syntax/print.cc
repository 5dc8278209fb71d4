// SPDX-License-Identifier: Apache-2.0
// Where tokens go and which lines they share: the layout of the reference's formatter, from
// spec 14.
//
// A list stays on the lines where its author put it: an element begins a new line if it did in the
// source. All else is settled here, and what is between the tokens by PrintStream and TabWriter.

#include "interpreter/syntax/print.h"

#include "interpreter/syntax/literal.h"
#include "interpreter/syntax/print_stream.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace weir::syntax {
namespace {

class Printer {
 public:
  Printer(const text::Source& source, std::span<const Comment> comments)
      : source_(source), out_(source, comments) {}

  void body(const Body& body);
  void expression(const Expression& e);
  std::string finish() { return out_.finish(); }

 private:
  // Whether it took several lines: then it is no part of the columns below it. What counts is what
  // was printed, not what was written, or a second run would align what the first did not.
  bool attribute(const Attribute& attribute);
  bool block(const Block& block);
  void elements(const std::vector<ExpressionPtr>& children, std::size_t first, std::uint32_t open,
                std::uint32_t close, std::string_view closer);
  void object(const Expression& e);
  void key(const Field& field);
  void literal(const Expression& e);

  [[nodiscard]] std::uint32_t line(std::uint32_t offset) const {
    return source_.position(offset).line;
  }
  [[nodiscard]] std::uint32_t last_line(Span span) const { return span.last().line; }

  const text::Source& source_;
  PrintStream out_;
};

void Printer::body(const Body& body) {
  const Statement* previous = nullptr;
  for (const Statement& statement : body.statements) {
    if (previous != nullptr) {
      const std::uint32_t distance = line(statement.span.begin) - last_line(previous->span);
      if (statement.block != nullptr || distance > 1) out_.space(Space::kBreak);
    }
    const bool breaks =
        statement.block != nullptr ? block(*statement.block) : attribute(*statement.attribute);
    out_.space(breaks ? Space::kBreak : Space::kNewline);
    previous = &statement;
  }
}

bool Printer::attribute(const Attribute& attribute) {
  out_.token(attribute.name, attribute.name_span.begin);
  const std::size_t first_line = out_.lines();
  out_.space(Space::kColumn);
  out_.mark("=");
  out_.space(Space::kBlank);
  expression(*attribute.value);
  return out_.lines() != first_line;
}

bool Printer::block(const Block& block) {
  // A comment between two parts of the name comes before all of it: after it the line may end.
  const auto last_part = static_cast<std::uint32_t>(block.name_span.end - block.name.back().size());
  out_.token(block.full_name(), last_part);
  const std::size_t first_line = out_.lines();
  if (!block.label.empty()) {
    out_.space(Space::kBlank);
    out_.token('"' + block.label + '"', block.label_span.begin);
  }
  out_.space(Space::kBlank);
  out_.token("{", block.open.begin);
  out_.space(Space::kIndent);
  if (block.body.statements.empty()) {
    out_.space(Space::kBlank);
  } else {
    out_.space(Space::kBreak);
    body(block.body);
  }
  out_.space(Space::kUnindent);
  out_.token("}", block.close.begin);
  return out_.lines() != first_line;
}

void Printer::expression(const Expression& e) {
  const std::uint32_t close = e.span.end - 1;
  switch (e.kind) {
    case ExpressionKind::kNull:
    case ExpressionKind::kBool:
    case ExpressionKind::kNumber:
    case ExpressionKind::kString:
    case ExpressionKind::kIdentifier:
    case ExpressionKind::kError: literal(e); break;
    case ExpressionKind::kArray:
      out_.token("[", e.span.begin);
      elements(e.children, 0, e.span.begin, close, "]");
      break;
    case ExpressionKind::kObject: object(e); break;
    case ExpressionKind::kAccess:
      expression(*e.children[0]);
      // "1 .a" must not become the number "1." and a name.
      if (e.children[0]->kind == ExpressionKind::kNumber) out_.space(Space::kBlank);
      out_.mark(".");
      out_.token(e.text, e.name_span.begin);
      break;
    case ExpressionKind::kIndex:
      expression(*e.children[0]);
      out_.token("[", e.name_span.begin);
      expression(*e.children[1]);
      out_.token("]", close);
      break;
    case ExpressionKind::kCall:
      expression(*e.children[0]);
      out_.token("(", e.name_span.begin);
      elements(e.children, 1, e.name_span.begin, close, ")");
      break;
    case ExpressionKind::kUnary:
      out_.token(spelling(e.op), e.name_span.begin);
      expression(*e.children[0]);
      break;
    case ExpressionKind::kBinary:
      expression(*e.children[0]);
      out_.space(Space::kBlank);
      out_.token(spelling(e.op), e.name_span.begin);
      out_.space(Space::kBlank);
      expression(*e.children[1]);
      break;
    case ExpressionKind::kParen:
      out_.token("(", e.span.begin);
      expression(*e.children[0]);
      out_.token(")", close);
      break;
  }
}

void Printer::literal(const Expression& e) {
  const bool raw = e.kind == ExpressionKind::kString && e.text.starts_with('`');
  // The value of a raw string has no carriage returns, so its text needs none.
  out_.literal(raw ? without_carriage_returns(e.text, false) : e.text, e.span.begin);
}

/// What stands between `[` and `]` or `(` and `)`, and the closing bracket.
void Printer::elements(const std::vector<ExpressionPtr>& children, std::size_t first,
                       std::uint32_t open, std::uint32_t close, std::string_view closer) {
  std::uint32_t previous_line = line(open);
  for (std::size_t i = first; i < children.size(); ++i) {
    const Expression& element = *children[i];
    const bool new_line = line(element.span.begin) != previous_line;
    if (new_line) {
      out_.space(Space::kBreak);
      out_.space(Space::kIndent);
    } else if (i > first) {
      out_.space(Space::kBlank);
    }
    expression(element);
    if (i + 1 < children.size()) out_.mark(",");
    if (new_line) out_.space(Space::kUnindent);
    previous_line = last_line(element.span);
  }
  if (children.size() > first && line(close) != previous_line) {
    out_.mark(",");
    out_.space(Space::kBreak);
    // For comments between the last element and the bracket.
    out_.space(Space::kIndent);
    out_.space(Space::kUnindent);
  }
  out_.token(closer, close);
}

void Printer::object(const Expression& e) {
  const std::uint32_t close = e.span.end - 1;
  out_.token("{", e.span.begin);
  out_.space(Space::kIndent);
  std::uint32_t previous_line = line(e.span.begin);
  bool breaks = false;
  for (std::size_t i = 0; i < e.fields.size(); ++i) {
    const Field& field = e.fields[i];
    if (line(field.name_span.begin) != previous_line) {
      out_.space(i > 0 && !breaks ? Space::kNewline : Space::kBreak);
    } else if (i > 0) {
      out_.space(Space::kBlank);
    }
    key(field);
    out_.space(Space::kColumn);
    out_.mark("=");
    out_.space(Space::kBlank);
    const std::size_t first_line = out_.lines();
    expression(*field.value);
    breaks = out_.lines() != first_line;
    if (i + 1 < e.fields.size()) out_.mark(",");
    previous_line = last_line(field.name_span);
  }
  // A comment that stands on one line with the value and the brace keeps them there.
  const bool held = !e.fields.empty() && out_.has_comment_before(close) &&
                    last_line(e.fields.back().value->span) == line(close);
  if (!e.fields.empty() && line(close) != previous_line && !held) {
    out_.mark(",");
    out_.space(Space::kBreak);
  }
  out_.space(Space::kUnindent);
  out_.token("}", close);
}

/// As written. A raw key is double-quoted where that is the same key.
void Printer::key(const Field& field) {
  const std::string_view written = field.name_span.text();
  const bool requote = written.starts_with('`') && written.size() > 2 &&
                       field.name.find_first_of("\"\\\r\n") == std::string::npos;
  out_.literal(requote ? '"' + field.name + '"' : std::string(written), field.name_span.begin);
}

}  // namespace

std::string print(const File& file) {
  Printer printer(*file.source, file.comments);
  printer.body(file.body);
  std::string text = printer.finish();
  return text.empty() ? "\n" : text;
}

std::string print(const Expression& expression) {
  if (!expression.span) return {};
  Printer printer(*expression.span.source, {});
  printer.expression(expression);
  std::string text = printer.finish();
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace weir::syntax

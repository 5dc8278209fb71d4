// SPDX-License-Identifier: Apache-2.0
#include "interpreter/syntax/print_stream.h"

#include <algorithm>
#include <utility>

namespace weir::syntax {

void PrintStream::mark(std::string_view text) {
  write_spaces(spaces_.size());
  write_indent();
  tabs_.text(text);
  empty_ = false;
}

void PrintStream::write(std::string_view text, std::uint32_t begin, bool literal) {
  if (has_comment_before(begin)) write_comments(begin);
  write_spaces(spaces_.size());
  write_indent();
  empty_ = false;
  last_line_ = line_of(begin);
  if (!literal) return tabs_.text(text);
  // A line inside a literal is a line to the columns, too.
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    tabs_.verbatim(text.substr(0, end));
    tabs_.newline();
    text.remove_prefix(end + 1);
    ++last_line_;
    ++lines_;
  }
  tabs_.verbatim(text);
}

void PrintStream::write_comments(std::uint32_t before) {
  const std::uint32_t next_line = line_of(before);
  while (has_comment_before(before)) {
    const Comment& comment = comments_[next_comment_++];
    before_comment(comment, next_line);
    write_comment(comment);
  }
  after_comments(next_line);
}

void PrintStream::write_comment(const Comment& comment) {
  write_indent();
  tabs_.verbatim(comment.text);
  empty_ = false;
  last_line_ = comment.span.last().line;
  lines_ += static_cast<std::size_t>(std::count(comment.text.begin(), comment.text.end(), '\n'));
}

/// On the line of the last token a comment is a cell of its own, or stands one blank away if code
/// follows. On another line it keeps its distance, with the indentation that is in force before any
/// closing bracket.
void PrintStream::before_comment(const Comment& comment, std::uint32_t next_line) {
  if (empty_) return;
  const std::uint32_t line = line_of(comment.span.begin);
  const bool same_line = line == last_line_;
  std::size_t kept = 0;
  std::size_t i = 0;
  for (; i < spaces_.size(); ++i) {
    const Space space = spaces_[i];
    const bool newline = space == Space::kNewline || space == Space::kBreak;
    if (space == Space::kUnindent || (same_line && newline)) break;
    if (space == Space::kIndent) ++indent_;
  }
  kept = i;
  spaces_.erase(spaces_.begin(), spaces_.begin() + static_cast<std::ptrdiff_t>(kept));
  if (!same_line) return write_newlines(line - std::min(line, last_line_), true);
  if (line == next_line) {
    tabs_.text(" ");
  } else {
    tabs_.tab();
  }
}

void PrintStream::after_comments(std::uint32_t next_line) {
  bool breaks = false;
  for (const Space space : spaces_) {
    if (space == Space::kIndent) ++indent_;
    if (space == Space::kUnindent) --indent_;
    breaks = breaks || space == Space::kBreak;
  }
  spaces_.clear();
  if (next_line == last_line_) {
    tabs_.text(" ");
  } else {
    write_newlines(next_line - std::min(next_line, last_line_), breaks);
  }
}

void PrintStream::write_newlines(std::size_t count, bool break_runs) {
  constexpr std::size_t kMost = 2;  // one blank line
  count = std::min(count, kMost);
  for (std::size_t i = 0; i < count; ++i) {
    if (break_runs || count > 1) {
      tabs_.break_line();
    } else {
      tabs_.newline();
    }
    at_line_start_ = true;
    ++lines_;
  }
}

void PrintStream::write_spaces(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    switch (spaces_[i]) {
      case Space::kBlank: tabs_.text(" "); break;
      case Space::kColumn: tabs_.soft_tab(); break;
      case Space::kNewline:
      case Space::kBreak:
        write_newlines(1, spaces_[i] == Space::kBreak ||
                              (i + 1 < count && spaces_[i + 1] == Space::kUnindent));
        break;
      case Space::kIndent: ++indent_; break;
      case Space::kUnindent: --indent_; break;
    }
  }
  spaces_.erase(spaces_.begin(), spaces_.begin() + static_cast<std::ptrdiff_t>(count));
}

void PrintStream::write_indent() {
  if (!std::exchange(at_line_start_, false)) return;
  for (std::size_t i = 0; i < indent_; ++i) tabs_.tab();
}

std::string PrintStream::finish() {
  // Space asked for after the last token is not written; comments keep their distance.
  constexpr std::uint32_t kNoLine = 0;
  for (; next_comment_ < comments_.size(); ++next_comment_) {
    before_comment(comments_[next_comment_], kNoLine);
    write_comment(comments_[next_comment_]);
  }
  return tabs_.finish();
}

}  // namespace weir::syntax

// SPDX-License-Identifier: Apache-2.0
// What the formatter writes, on its way to the tab writer: tokens, the space between them,
// comments.
//
// Space is held back until the next token, because a comment that stands before that token in the
// source decides what becomes of it: around comments the distances of the source count, not the
// rules.

#pragma once

#include "interpreter/syntax/ast.h"
#include "interpreter/syntax/tab_writer.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::syntax {

/// Space asked for between two tokens. Indentation takes effect where its turn comes.
enum class Space : char { kBlank, kColumn, kNewline, kBreak, kIndent, kUnindent };

class PrintStream {
 public:
  /// `comments` in source order; both must outlive the stream.
  PrintStream(const text::Source& source, std::span<const Comment> comments)
      : source_(source), comments_(comments) {}

  void space(Space space) { spaces_.push_back(space); }
  /// A token of the source at `begin`: comments before it come first.
  void token(std::string_view text, std::uint32_t begin) { write(text, begin, false); }
  /// The same, and not a byte of it may change.
  void literal(std::string_view text, std::uint32_t begin) { write(text, begin, true); }
  /// A token whose place does not matter: comments before it come after it.
  void mark(std::string_view text);
  /// Whether a comment that is not yet written stands before `offset`.
  [[nodiscard]] bool has_comment_before(std::uint32_t offset) const {
    return next_comment_ < comments_.size() && comments_[next_comment_].span.begin < offset;
  }
  /// How many lines have been ended so far; space still held back has ended none.
  [[nodiscard]] std::size_t lines() const { return lines_; }
  /// Comments that are left, and everything as text.
  std::string finish();

 private:
  void write(std::string_view text, std::uint32_t begin, bool literal);
  void write_comments(std::uint32_t before);
  void write_comment(const Comment& comment);
  void before_comment(const Comment& comment, std::uint32_t next_line);
  void after_comments(std::uint32_t next_line);
  void write_spaces(std::size_t count);
  void write_indent();
  void write_newlines(std::size_t count, bool break_runs);
  [[nodiscard]] std::uint32_t line_of(std::uint32_t offset) const {
    return source_.position(offset).line;
  }

  const text::Source& source_;
  std::span<const Comment> comments_;
  TabWriter tabs_;
  std::vector<Space> spaces_;
  std::size_t indent_ = 0;
  std::size_t next_comment_ = 0;
  std::size_t lines_ = 0;
  std::uint32_t last_line_ = 0;  ///< of the source, where what was written last ends
  bool at_line_start_ = true;
  bool empty_ = true;
};

}  // namespace weir::syntax

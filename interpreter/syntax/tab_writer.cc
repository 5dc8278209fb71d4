// SPDX-License-Identifier: Apache-2.0
#include "interpreter/syntax/tab_writer.h"

#include "base/utf8.h"

#include <algorithm>
#include <utility>

namespace weir::syntax {
namespace {

constexpr std::size_t kPadding = 1;
constexpr std::size_t kTabWidth = 8;

}  // namespace

void TabWriter::text(std::string_view text) {
  buffer_ += text;
  cell_.size += text.size();
  cell_.width += count_runes(text);
}

void TabWriter::verbatim(std::string_view text) {
  this->text(text);
  cell_.protected_size = cell_.size;
}

void TabWriter::end_cell(bool hard) {
  cell_.hard = hard;
  lines_.back().push_back(std::exchange(cell_, {}));
}

void TabWriter::newline() {
  end_cell(false);
  const bool alone = lines_.back().size() == 1;
  lines_.emplace_back();
  // A line without tabs has no cell in any column: all runs end at it.
  if (alone) flush();
}

void TabWriter::break_line() {
  end_cell(false);
  lines_.emplace_back();
  flush();
}

void TabWriter::flush() {
  format(0, lines_.size() - 1);
  lines_.assign(1, {});
  buffer_.erase(0, written_);
  written_ = 0;
}

std::string TabWriter::finish() {
  if (cell_.size > 0 || !lines_.back().empty()) newline();
  flush();
  return std::exchange(out_, {});
}

/// Writes lines [first, last), of which the columns to the left are known to be widths_ wide.
void TabWriter::format(std::size_t first, std::size_t last) {
  const std::size_t column = widths_.size();
  const auto has_cell = [&](std::size_t line) { return column + 1 < lines_[line].size(); };
  for (std::size_t line = first; line < last; ++line) {
    if (!has_cell(line)) continue;
    write_lines(first, line);
    first = line;
    std::size_t width = 0;
    bool needed = false;
    for (; line < last && has_cell(line); ++line) {
      const Cell& cell = lines_[line][column];
      width = std::max(width, cell.width + kPadding);
      needed = needed || cell.width > 0 || cell.hard;
    }
    widths_.push_back(needed ? width : 0);
    format(first, line);
    widths_.pop_back();
    first = line;
    --line;
  }
  write_lines(first, last);
}

void TabWriter::write_lines(std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < last; ++i) {
    std::size_t keep = out_.size();
    bool indentation = true;
    for (std::size_t column = 0; column < lines_[i].size(); ++column) {
      const Cell& cell = lines_[i][column];
      if (cell.size > 0) {
        indentation = false;
        if (cell.protected_size > 0) keep = out_.size() + cell.protected_size;
        out_.append(buffer_, written_, cell.size);
        written_ += cell.size;
      }
      if (column < widths_.size()) pad(cell.width, widths_[column], indentation);
    }
    while (out_.size() > keep && (out_.back() == ' ' || out_.back() == '\t')) out_.pop_back();
    out_ += '\n';
  }
}

void TabWriter::pad(std::size_t text_width, std::size_t cell_width, bool with_tabs) {
  if (with_tabs) {
    out_.append((cell_width + kTabWidth - 1) / kTabWidth, '\t');
  } else {
    out_.append(cell_width - std::min(cell_width, text_width), ' ');
  }
}

}  // namespace weir::syntax

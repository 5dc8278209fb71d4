// SPDX-License-Identifier: Apache-2.0
// Elastic tab stops, as Go's text/tabwriter has them: the alignment that configurations are written
// in.
//
// Text comes as cells, each ended by a tab; what follows the last tab of a line belongs to no
// column. A column is a run of consecutive lines that have a cell there; its cells are padded with
// blanks to the widest, plus one. Leading empty cells are indentation and stay tabs. A soft tab
// ends a cell that makes no column by itself if it is empty. break_line() ends the line and every
// run with it.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::syntax {

class TabWriter {
 public:
  void text(std::string_view text);
  /// Text whose every byte must come out: blanks at its end are kept. A newline in it does not end
  /// a line.
  void verbatim(std::string_view text);
  void tab() { end_cell(true); }
  void soft_tab() { end_cell(false); }
  /// Ends the line; runs go on.
  void newline();
  /// Ends the line and all runs.
  void break_line();
  /// Everything written, blanks at the ends of lines taken off. The writer is empty again.
  std::string finish();

 private:
  struct Cell {
    std::size_t size = 0;            ///< bytes
    std::size_t width = 0;           ///< code points
    std::size_t protected_size = 0;  ///< bytes of it that must stay
    bool hard = false;
  };
  using Line = std::vector<Cell>;

  void end_cell(bool hard);
  void flush();
  void format(std::size_t first, std::size_t last);
  void write_lines(std::size_t first, std::size_t last);
  void pad(std::size_t text_width, std::size_t cell_width, bool with_tabs);

  std::string buffer_;  ///< text of all cells not yet written
  std::vector<Line> lines_{1};
  Cell cell_;
  std::vector<std::size_t> widths_;
  std::size_t written_ = 0;
  std::string out_;
};

}  // namespace weir::syntax

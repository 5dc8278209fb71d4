// SPDX-License-Identifier: Apache-2.0
#include "interpreter/syntax/tab_writer.h"

#include <gtest/gtest.h>

namespace weir::syntax {
namespace {

/// Writes text in which | is a soft tab, > a hard one, newline and $ end lines, $ with all runs.
std::string laid_out(std::string_view text) {
  TabWriter writer;
  for (const char c : text) {
    if (c == '|')
      writer.soft_tab();
    else if (c == '>')
      writer.tab();
    else if (c == '\n')
      writer.newline();
    else if (c == '$')
      writer.break_line();
    else
      writer.text(std::string_view(&c, 1));
  }
  return writer.finish();
}

TEST(TabWriter, PadsACellToTheWidestOfItsRun) {
  EXPECT_EQ(laid_out("a|= 1\nlong|= 2\n"), "a    = 1\nlong = 2\n");
}

TEST(TabWriter, ARunEndsAtALineWithoutTheCell) {
  EXPECT_EQ(laid_out("a|= 1\nno cell\nlong|= 2\n"), "a = 1\nno cell\nlong = 2\n");
  EXPECT_EQ(laid_out("a|= 1$long|= 2\n"), "a = 1\nlong = 2\n");
}

TEST(TabWriter, LeadingEmptyCellsAreTabs) {
  EXPECT_EQ(laid_out(">a|= 1\n>bcd|= 2\n"), "\ta   = 1\n\tbcd = 2\n");
}

TEST(TabWriter, AnEmptySoftColumnTakesNoPlace) {
  EXPECT_EQ(laid_out("a||b\n"), "a b\n");
}

TEST(TabWriter, CountsCodePoints) {
  TabWriter writer;
  for (const char* name : {"é", "ab"}) {
    writer.text(name);
    writer.soft_tab();
    writer.text("=");
    writer.newline();
  }
  EXPECT_EQ(writer.finish(), "é  =\nab =\n");
}

TEST(TabWriter, BlanksAtTheEndGoUnlessTheyAreVerbatim) {
  TabWriter writer;
  writer.text("a  ");
  writer.newline();
  writer.verbatim("b  ");
  writer.text("  ");
  writer.newline();
  EXPECT_EQ(writer.finish(), "a\nb  \n");
}

TEST(TabWriter, IsEmptyAfterFinish) {
  TabWriter writer;
  writer.text("a");
  EXPECT_EQ(writer.finish(), "a\n");
  EXPECT_EQ(writer.finish(), "");
}

}  // namespace
}  // namespace weir::syntax

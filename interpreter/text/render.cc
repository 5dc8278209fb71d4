// SPDX-License-Identifier: Apache-2.0
// Diagnostics as people read them: rustc's form, with the source and carets under what is meant.
//
// Carets count columns of the screen, not bytes: a tab is four blanks, what is wide takes two, what
// combines takes none, and nothing reaches the terminal that could steer it.

#include "base/utf8.h"
#include "interpreter/text/diagnostic.h"
#include "interpreter/text/render_machine.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace weir::text {
namespace {

constexpr std::size_t kTab = 4;
/// Of a longer line only the part around the carets is shown.
constexpr std::size_t kWidestLine = 160;
/// Of a longer range only the first and the last lines are shown.
constexpr std::uint32_t kMostLines = 6;

struct Paint {
  std::string_view red, yellow, blue, bold, off;
};
constexpr Paint kNoPaint{};
constexpr Paint kPaint{"\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m"};

/// Columns a terminal gives to a code point: none to combining marks, two to wide East Asian ones.
std::size_t display_width(char32_t code) {
  struct Range {
    char32_t first, last;
    std::size_t width;
  };
  static constexpr Range kRanges[] = {
      {0x0300, 0x036F, 0},   {0x0483, 0x0489, 0},   {0x0591, 0x05BD, 0},   {0x0610, 0x061A, 0},
      {0x064B, 0x065F, 0},   {0x1100, 0x115F, 2},   {0x1AB0, 0x1AFF, 0},   {0x1DC0, 0x1DFF, 0},
      {0x200B, 0x200F, 0},   {0x20D0, 0x20FF, 0},   {0x2E80, 0x303E, 2},   {0x3041, 0x4DBF, 2},
      {0x4E00, 0xA4CF, 2},   {0xAC00, 0xD7A3, 2},   {0xF900, 0xFAFF, 2},   {0xFE00, 0xFE0F, 0},
      {0xFE20, 0xFE2F, 0},   {0xFE30, 0xFE4F, 2},   {0xFF00, 0xFF60, 2},   {0xFFE0, 0xFFE6, 2},
      {0x1F300, 0x1F64F, 2}, {0x1F680, 0x1F6FF, 2}, {0x1F900, 0x1F9FF, 2}, {0x20000, 0x3FFFD, 2},
      {0xE0100, 0xE01EF, 0},
  };
  const auto* after =
      std::upper_bound(std::begin(kRanges), std::end(kRanges), code,
                       [](char32_t v, const Range& range) { return v < range.first; });
  if (after == std::begin(kRanges) || std::prev(after)->last < code) return 1;
  return std::prev(after)->width;
}

bool steers_terminal(const Rune& rune) {
  return !rune.valid || rune.code < 0x20 || (rune.code >= 0x7F && rune.code < 0xA0) ||
         (rune.code >= 0x202A && rune.code <= 0x202E) ||
         (rune.code >= 0x2066 && rune.code <= 0x2069);
}

/// A line of source as it stands on the screen, and the columns that bytes [begin, end) of it take.
struct ShownLine {
  std::string text;
  std::size_t begin = 0;
  std::size_t end = 0;
};

ShownLine show(std::string_view line, std::size_t begin, std::size_t end) {
  ShownLine shown;
  std::size_t column = 0;
  const std::size_t context = kWidestLine / 2;
  const bool cut_left = begin > kWidestLine;
  std::size_t at = cut_left ? begin - context : 0;
  while (cut_left && at < begin && (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80) ++at;
  if (cut_left) {
    shown.text = "... ";
    column = 4;
  }
  shown.begin = shown.end = column;
  for (; at < line.size();) {
    if (column > kWidestLine + 4) {
      shown.text += " ...";
      break;
    }
    const Rune rune = decode_rune(line.substr(at));
    if (at <= begin) shown.begin = column;
    std::size_t width = 1;
    if (rune.code == '\t') {
      shown.text.append(width = kTab, ' ');
    } else if (rune.code == '\r' && at + 1 == line.size()) {
      width = 0;
    } else if (steers_terminal(rune)) {
      append_utf8(shown.text, kReplacementRune);
    } else {
      width = display_width(rune.code);
      shown.text += line.substr(at, rune.size);
    }
    column += width;
    at += rune.size;
    if (at <= end) shown.end = column;
  }
  if (at <= begin) shown.begin = column;
  shown.end = std::max(shown.end, shown.begin + 1);
  return shown;
}

/// Writes the lines of a span under a header.
class SnippetWriter {
 public:
  SnippetWriter(std::string& out, const Paint& paint, std::string_view caret_color, Span span)
      : out_(out),
        paint_(paint),
        caret_color_(caret_color),
        span_(span),
        first_(span.start()),
        last_(span.last()) {
    margin_ = std::to_string(last_.line).size() + 1;
  }

  void write() {
    out_ += format("{}{}-->{} {}:{}:{}\n", std::string(margin_, ' '), paint_.blue, paint_.off,
                   span_.source->name(), first_.line, first_.column);
    gutter("");
    out_ += '\n';
    if (first_.line == last_.line) {
      one_line();
    } else {
      many_lines();
    }
  }
  [[nodiscard]] std::size_t margin() const { return margin_; }

 private:
  void gutter(std::string_view number) {
    out_ += format("{}{:>{}} |{}", paint_.blue, number, margin_, paint_.off);
  }
  void source_line(std::uint32_t number, std::string_view rail, const ShownLine& line) {
    gutter(std::to_string(number));
    if (!rail.empty() || !line.text.empty()) out_ += format(" {}{}", rail, line.text);
    while (out_.back() == ' ') out_.pop_back();
    out_ += '\n';
  }
  void carets(std::string_view before, std::size_t count) {
    gutter("");
    out_ += format(" {}{}{}{}\n", caret_color_, before, std::string(count, '^'), paint_.off);
  }

  void one_line() {
    const std::size_t begin = first_.column - 1;
    const std::size_t length = std::max<std::size_t>(span_.end - span_.begin, 1);
    const ShownLine line = show(span_.source->line(first_.line), begin, begin + length);
    source_line(first_.line, "", line);
    carets(std::string(line.begin, ' '), line.end - line.begin);
  }
  void many_lines() {
    const std::string_view head = span_.source->line(first_.line);
    const ShownLine top = show(head, first_.column - 1, head.size());
    source_line(first_.line, "  ", top);
    carets(" " + std::string(top.begin + 1, '_'), 1);
    const std::string rail = format("{}|{} ", caret_color_, paint_.off);
    const bool shorten = last_.line - first_.line >= kMostLines;
    for (std::uint32_t number = first_.line + 1; number < last_.line; ++number) {
      if (shorten && number > first_.line + 2) {
        out_ += "...\n";
        break;
      }
      source_line(number, rail, show(span_.source->line(number), 0, 0));
    }
    const ShownLine bottom = show(span_.source->line(last_.line), 0, last_.column);
    source_line(last_.line, rail, bottom);
    carets("|" + std::string(std::max<std::size_t>(bottom.end, 1), '_'), 1);
  }

  std::string& out_;
  const Paint& paint_;
  std::string_view caret_color_;
  Span span_;
  Position first_;
  Position last_;
  std::size_t margin_ = 2;
};

void write_note(std::string& out, const Paint& paint, std::size_t margin, const Note& note) {
  if (!note.span) {
    out += format("{}{} ={} note: {}\n", std::string(margin, ' '), paint.blue, paint.off,
                  note.message);
    return;
  }
  out += format("{}note{}: {}\n", paint.blue, paint.off, note.message);
  SnippetWriter(out, paint, paint.blue, note.span).write();
}

void write_text(std::string& out, const Diagnostic& diagnostic, const Paint& paint) {
  const bool error = diagnostic.severity == Severity::kError;
  const std::string_view color = error ? paint.red : paint.yellow;
  out += format("{}{}[{}]{}{}: {}{}\n", color, error ? "error" : "warning",
                info(diagnostic.code).number, paint.off, paint.bold, diagnostic.message, paint.off);
  std::size_t margin = 1;
  if (diagnostic.span) {
    SnippetWriter snippet(out, paint, color, diagnostic.span);
    snippet.write();
    margin = snippet.margin();
  }
  if (!diagnostic.hint.empty()) {
    out += format("{}{} ={} help: {}\n", std::string(margin, ' '), paint.blue, paint.off,
                  diagnostic.hint);
  }
  for (const Note& note : diagnostic.notes) write_note(out, paint, margin, note);
}

}  // namespace

std::string render(const std::vector<Diagnostic>& diagnostics, const RenderOptions& options) {
  if (options.style == RenderStyle::kJson) return render_json(diagnostics);
  if (options.style == RenderStyle::kGithub) return render_github(diagnostics);
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!out.empty()) out += '\n';
    write_text(out, diagnostic, options.color ? kPaint : kNoPaint);
  }
  return out;
}

}  // namespace weir::text

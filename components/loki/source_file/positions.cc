// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/positions.h"

#include "base/utf8.h"

#include <algorithm>
#include <charconv>

namespace weir::loki {
namespace {

class PositionsReader {
 public:
  explicit PositionsReader(std::string_view text) : text_(text) {}

  Result<std::vector<LegacyPosition>> read() {
    std::vector<LegacyPosition> positions;
    skip_blank();
    if (rest().starts_with("---")) at_ += 3;
    skip_blank();
    if (done()) return positions;
    if (scalar(0, true) != "positions" || !take(':'))
      return wrong("should begin with \"positions:\"");
    skip_blank();
    if (rest().starts_with("{}"))
      at_ += 2;
    else {
      while (!failed_ && !done()) {
        if (column() == 0) return wrong("what follows the positions is unknown");
        positions.push_back(entry());
        skip_blank();
      }
    }
    skip_blank();
    if (failed_ || !done()) return wrong("is not as the reference writes it");
    return positions;
  }

 private:
  LegacyPosition entry() {
    LegacyPosition out;
    const std::size_t margin = column();
    if (take('?')) {
      skip_blank();
      explicit_key(margin, out);
      skip_blank();
      if (column() != margin) fail();
    } else {
      out.path = scalar(margin, true);
    }
    if (!take(':')) fail();
    skip_blank();
    const std::string value = scalar(margin, false);
    std::uint64_t offset = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), offset);
    if (error == std::errc() && end == value.data() + value.size()) out.offset = offset;
    return out;
  }

  /// A path, or members `path` and `labels`.
  void explicit_key(std::size_t outer, LegacyPosition& out) {
    const std::size_t margin = column();
    bool members = false;
    while (!failed_ && !done() && column() == margin && margin > outer) {
      const std::string word = scalar(margin, true);
      if (!take(':')) {
        out.path = word;
        if (members) fail();
        return;
      }
      members = true;
      skip_blank();
      if (word == "path")
        out.path = scalar(margin, false);
      else if (word == "labels")
        out.labels = scalar(margin, false);
      else
        fail();
      skip_blank();
    }
    if (!members) fail();
  }

  /// Plain or quoted text. A key ends at ": " or the line's end; other text goes on in lines
  /// further in than `margin`.
  std::string scalar(std::size_t margin, bool key) {
    if (done()) return fail();
    if (text_[at_] == '\'' || text_[at_] == '"') return quoted(text_[at_]);
    std::string out;
    while (!done() && !failed_) {
      const char c = text_[at_];
      if (c == '\n') {
        if (key || !continues(margin)) break;
        fold(out);
        continue;
      }
      if (key && c == ':' &&
          (at_ + 1 == text_.size() || text_[at_ + 1] == ' ' || text_[at_ + 1] == '\n'))
        break;
      out.push_back(c);
      ++at_;
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    if (out.empty()) fail();
    return out;
  }

  std::string quoted(char mark) {
    std::string out;
    ++at_;
    while (!done()) {
      const char c = text_[at_];
      if (c == mark && mark == '\'' && rest().starts_with("''")) {
        out.push_back('\'');
        at_ += 2;
      } else if (c == mark) {
        ++at_;
        return out;
      } else if (c == '\\' && mark == '"') {
        escape(out);
      } else if (c == '\n') {
        fold(out);
      } else {
        out.push_back(c);
        ++at_;
      }
    }
    return fail();
  }

  void escape(std::string& out) {
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    at_ = std::min(at_ + 2, text_.size());
    std::size_t digits = 0;
    switch (c) {
      case 'n': out.push_back('\n'); return;
      case 't': out.push_back('\t'); return;
      case 'r': out.push_back('\r'); return;
      case '0': out.push_back('\0'); return;
      case '\n': skip_spaces(); return;
      case 'x': digits = 2; break;
      case 'u': digits = 4; break;
      case 'U': digits = 8; break;
      default: out.push_back(c); return;
    }
    const std::string_view hex = rest().substr(0, digits);
    std::uint32_t code = 0;
    const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
    if (error != std::errc() || hex.size() != digits || end != hex.data() + digits) fail();
    append_utf8(out, code);
    at_ += hex.size();
  }

  /// A line break inside text: a space; each empty line behind it: a newline.
  void fold(std::string& out) {
    while (!out.empty() && out.back() == ' ') out.pop_back();
    std::size_t breaks = 0;
    while (!done() && (text_[at_] == '\n' || text_[at_] == ' '))
      breaks += text_[at_++] == '\n' ? 1 : 0;
    if (breaks <= 1)
      out.push_back(' ');
    else
      out.append(breaks - 1, '\n');
  }
  [[nodiscard]] bool continues(std::size_t margin) const {
    const std::size_t next = text_.find_first_not_of(' ', at_ + 1);
    return next != std::string_view::npos && next - (at_ + 1) > margin && text_[next] != '\n' &&
           text_[next] != ':' && text_[next] != '?';
  }

  [[nodiscard]] bool done() const { return at_ >= text_.size(); }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
  [[nodiscard]] std::size_t column() const {
    const std::size_t line = at_ == 0 ? std::string_view::npos : text_.rfind('\n', at_ - 1);
    return line == std::string_view::npos ? at_ : at_ - line - 1;
  }
  void skip_spaces() {
    while (!done() && text_[at_] == ' ') ++at_;
  }
  void skip_blank() {
    while (!done()) {
      const char c = text_[at_];
      if (c == '#')
        at_ = std::min(text_.find('\n', at_), text_.size());
      else if (c == ' ' || c == '\n')
        ++at_;
      else
        return;
    }
  }
  bool take(char c) {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string fail() {
    failed_ = true;
    at_ = std::min(at_, text_.size());
    return {};
  }
  [[nodiscard]] Error wrong(std::string_view what) const {
    return invalid(
        "line {}: {}",
        std::count(text_.begin(),
                   text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size())), '\n') +
            1,
        what);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace

Result<std::vector<LegacyPosition>> parse_positions(std::string_view yaml) {
  std::string unix_lines(yaml);
  std::erase(unix_lines, '\r');
  return PositionsReader(unix_lines).read();
}

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
#include "components/wire/loki/selector.h"

#include "interpreter/syntax/ast.h"
#include "interpreter/syntax/literal.h"
#include "interpreter/value/quote.h"

#include <algorithm>

namespace weir::wire {
namespace {

/// What a Go quote leaves as it is, so that most values are copied in one piece.
bool is_quoted_as_is(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; });
}

bool is_name_character(char c, bool first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         (!first && c >= '0' && c <= '9');
}

/// Takes a selector apart from the left.
class SelectorReader {
 public:
  explicit SelectorReader(std::string_view text) : text_(text) {}

  Status read(LabelsBuilder& out) {
    if (!take('{')) return unexpected("\"{\"");
    for (std::size_t count = 0; !take('}'); ++count) {
      if (count == kMaxSelectorLabels)
        return invalid("selector: more than {} labels", kMaxSelectorLabels);
      if (count > 0 && !take(',')) return unexpected("\",\" or \"}\"");
      if (count > 0 && take('}')) break;
      const std::string_view name = take_name();
      if (name.empty()) return unexpected("a label name");
      if (!take('=')) return unexpected("\"=\"");
      WEIR_TRY(const std::string value, take_value());
      out.set(name, value);
    }
    skip_spaces();
    if (at_ != text_.size()) return unexpected("the end");
    return {};
  }

 private:
  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || (text_[at_] >= '\t' && text_[at_] <= '\r')))
      ++at_;
  }
  bool take(char wanted) {
    skip_spaces();
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  std::string_view take_name() {
    skip_spaces();
    std::size_t end = at_;
    while (end < text_.size() && is_name_character(text_[end], end == at_)) ++end;
    const std::string_view name = text_.substr(at_, end - at_);
    at_ = end;
    return name;
  }
  Result<std::string> take_value() {
    skip_spaces();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '"' && quote != '`') return unexpected("a quoted value").error();
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote)
      end += quote == '"' && text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size()) return invalid("selector: the quote at byte {} is not closed", at_);
    const std::string_view literal = text_.substr(at_, end + 1 - at_);
    if (const auto wrong = syntax::check_escapes(literal); !wrong.empty()) {
      return invalid("selector: {} at byte {}", wrong.front().message, at_ + wrong.front().begin);
    }
    at_ = end + 1;
    return syntax::unquote(literal);
  }
  [[nodiscard]] Status unexpected(std::string_view wanted) const {
    if (at_ >= text_.size()) return invalid("selector: ends where {} should be", wanted);
    return invalid("selector: {} at byte {}, should be {}", value::quote(text_.substr(at_, 1)), at_,
                   wanted);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

void append_selector(std::string& out, const Labels& labels) {
  out += '{';
  const std::size_t start = out.size();
  for (const Label& label : labels) {
    if (label.name.starts_with("__")) continue;
    if (out.size() != start) out += ", ";
    out += label.name;
    out += '=';
    if (is_quoted_as_is(label.value)) {
      out += '"';
      out += label.value;
      out += '"';
    } else {
      out += value::quote(label.value);
    }
  }
  out += '}';
}

Status parse_selector(std::string_view text, LabelsBuilder& out) {
  return SelectorReader(text).read(out);
}

}  // namespace weir::wire

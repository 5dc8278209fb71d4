// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/selector.h"

#include "base/utf8.h"
#include "components/loki/process/go_string.h"

namespace weir::loki {
namespace {

constexpr std::size_t kMaxSelector = 64u << 10;

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name_part(char c) {
  return is_name_start(c) || (c >= '0' && c <= '9');
}

}  // namespace

/// Reads a selector from left to right; the first thing that is wrong ends it.
class SelectorParser {
 public:
  explicit SelectorParser(std::string_view text) : text_(text) {}

  Result<Selector> parse() {
    if (text_.size() > kMaxSelector) return invalid("longer than {} bytes", kMaxSelector);
    Selector out;
    out.text_ = text_;
    WEIR_TRY_STATUS(expect("{"));
    do {
      Selector::Matcher matcher;
      WEIR_TRY(matcher.name, name());
      WEIR_TRY(matcher.test, test({"=~", "!~", "!=", "="}, "=, !=, =~ or !~"));
      WEIR_TRY_STATUS(operand(matcher, Regex::Anchor::kBoth));
      out.matchers_.push_back(std::move(matcher));
    } while (take(","));
    WEIR_TRY_STATUS(expect("}"));
    while (!at_end()) {
      Selector::Matcher filter;
      WEIR_TRY(filter.test, test({"|~", "!~", "!=", "|="}, "|=, !=, |~ or !~"));
      WEIR_TRY_STATUS(operand(filter, Regex::Anchor::kNone));
      out.filters_.push_back(std::move(filter));
    }
    return out;
  }

 private:
  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }
  bool at_end() {
    skip_space();
    return at_ >= text_.size();
  }
  bool take(std::string_view token) {
    skip_space();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  Error wrong(std::string_view wanted) {
    if (at_end()) return invalid("column {}: expected {}, found the end", at_ + 1, wanted);
    return invalid("column {}: expected {}, found \"{}\"", at_ + 1, wanted,
                   text_.substr(at_, decode_rune(text_.substr(at_)).size));
  }
  Status expect(std::string_view token) {
    if (!take(token)) return wrong(token);
    return {};
  }
  Result<std::string> name() {
    skip_space();
    std::size_t end = at_;
    if (end < text_.size() && is_name_start(text_[end])) ++end;
    while (end > at_ && end < text_.size() && is_name_part(text_[end])) ++end;
    if (end == at_) return wrong("the name of a label");
    std::string out(text_.substr(at_, end - at_));
    at_ = end;
    return out;
  }
  /// `tokens`: of kRegex, kNotRegex, kNotEqual, kEqual, so that no token hides a longer one.
  Result<Selector::Test> test(const std::string_view (&tokens)[4], std::string_view wanted) {
    static constexpr Selector::Test kTests[] = {Selector::Test::kRegex, Selector::Test::kNotRegex,
                                                Selector::Test::kNotEqual, Selector::Test::kEqual};
    for (std::size_t i = 0; i < 4; ++i) {
      if (take(tokens[i])) return kTests[i];
    }
    return wrong(wanted);
  }
  Status operand(Selector::Matcher& matcher, Regex::Anchor anchor) {
    skip_space();
    const std::size_t place = at_ + 1;
    WEIR_TRY(matcher.text, string());
    if (matcher.test == Selector::Test::kEqual || matcher.test == Selector::Test::kNotEqual)
      return {};
    auto regex = Regex::compile(matcher.text, anchor);
    if (!regex) return regex.error().within(format("column {}", place));
    matcher.regex = std::move(*regex);
    return {};
  }
  Result<std::string> string() {
    if (at_end() || (text_[at_] != '"' && text_[at_] != '`')) return wrong("a string");
    GoString string = read_go_string(text_.substr(at_));
    if (!string.problem.empty())
      return invalid("column {}: {}", at_ + string.size + 1, string.problem);
    at_ += string.size;
    return std::move(string.text);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Result<Selector> Selector::parse(std::string_view text) {
  return SelectorParser(text).parse();
}

bool Selector::matches(const Labels& labels) const {
  for (const Matcher& matcher : matchers_) {
    const std::string_view value = labels.get(matcher.name);
    const bool equal = matcher.regex ? matcher.regex.matches(value) : value == matcher.text;
    if (equal != (matcher.test == Test::kEqual || matcher.test == Test::kRegex)) return false;
  }
  return true;
}

bool Selector::matches(std::string_view line) const {
  for (const Matcher& filter : filters_) {
    const bool found = filter.regex ? filter.regex.matches(line)
                                    : line.find(filter.text) != std::string_view::npos;
    if (found != (filter.test == Test::kEqual || filter.test == Test::kRegex)) return false;
  }
  return true;
}

}  // namespace weir::loki

namespace weir::schema {

value::Type Codec<loki::Selector>::type() {
  return Codec<std::string>::type();
}

bool Codec<loki::Selector>::decode(const value::Value& in, loki::Selector& out, Decoder& decoder) {
  std::string text;
  if (!Codec<std::string>::decode(in, text, decoder)) return false;
  auto selector = loki::Selector::parse(text);
  if (!selector) {
    return decoder.fail(text::DiagnosticCode::kBadSelector,
                        format("is not a selector: {}", selector.error().message),
                        "such as `{app=\"shop\"} |= \"error\"`");
  }
  out = std::move(*selector);
  return true;
}

value::Value Codec<loki::Selector>::encode(const loki::Selector& in) {
  return value::Value(in.text());
}

}  // namespace weir::schema

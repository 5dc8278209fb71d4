// SPDX-License-Identifier: Apache-2.0
// Functions of regular expressions. One that is none fails the template, but for `regexMatch`,
// which says no.

#include "base/regex.h"
#include "components/loki/process/go_template_functions.h"
#include "components/loki/process/go_text.h"

#include <array>

namespace weir::loki {
namespace {

/// With `$1` in the replacement or as it is.
GoAnswer replace_regex(std::string_view expression, std::string_view text, std::string replacement,
                       bool literal) {
  const auto regex = Regex::compile(expression);
  if (!regex) return std::nullopt;
  // A dollar that is meant as one is written twice.
  if (literal) replacement = replace_text(replacement, "$", "$$", -1);
  std::string out = regex->replace_all(text, RegexTemplate(replacement, *regex), kMaxMadeText);
  if (out.size() > kMaxMadeText) return std::nullopt;
  return GoValue{std::move(out)};
}
GoAnswer go_regex_replace(std::string_view expression, std::string_view text,
                          std::string_view replacement) {
  return replace_regex(expression, text, std::string(replacement), false);
}
GoAnswer go_regex_replace_literal(std::string_view expression, std::string_view text,
                                  std::string_view replacement) {
  return replace_regex(expression, text, std::string(replacement), true);
}

bool sprig_regex_match(std::string_view expression, std::string_view text) {
  const auto regex = Regex::compile(expression);
  return regex && regex->matches(text);
}
GoAnswer sprig_must_regex_match(std::string_view expression, std::string_view text) {
  const auto regex = Regex::compile(expression);
  return regex ? GoAnswer(GoValue{regex->matches(text)}) : std::nullopt;
}
GoAnswer sprig_regex_find(std::string_view expression, std::string_view text) {
  const auto regex = Regex::compile(expression);
  if (!regex) return std::nullopt;
  std::array<std::string_view, 1> found;
  return GoValue{std::string(regex->match(text, found) ? found[0] : "")};
}

/// Calls `see` with the first `most` matches, with all if that is negative. False: no expression.
template <class See>
bool each_match(std::string_view expression, std::string_view text, std::int64_t most, See see) {
  const auto regex = Regex::compile(expression);
  if (!regex) return false;
  if (most < 0 || most > kMaxMadeItems) most = kMaxMadeItems;
  if (most == 0) return true;
  regex->find_all(text, [&](std::span<const std::string_view> groups) {
    see(groups[0]);
    return --most > 0;
  });
  return true;
}
GoAnswer sprig_regex_find_all(std::string_view expression, std::string_view text,
                              std::int64_t most) {
  GoValue::List out;
  const bool good = each_match(
      expression, text, most, [&](std::string_view match) { out.push_back({std::string(match)}); });
  return good ? GoAnswer(GoValue{std::move(out)}) : std::nullopt;
}
/// What lies between the matches, in at most `most` parts; an empty match at the front parts
/// nothing.
GoAnswer sprig_regex_split(std::string_view expression, std::string_view text, std::int64_t most) {
  GoValue::List out;
  if (most == 0) return Regex::compile(expression) ? GoAnswer(GoValue{out}) : std::nullopt;
  std::size_t begin = 0;
  std::size_t end = 0;
  const auto part = [&](std::string_view match) {
    if (most > 0 && static_cast<std::int64_t>(out.size()) == most - 1) return;
    const auto at = static_cast<std::size_t>(match.data() - text.data());
    end = at;
    if (at + match.size() != 0) out.push_back({std::string(text.substr(begin, at - begin))});
    begin = at + match.size();
  };
  if (!expression.empty() && text.empty()) {
    out.push_back({std::string()});
    return Regex::compile(expression) ? GoAnswer(GoValue{std::move(out)}) : std::nullopt;
  }
  if (!each_match(expression, text, -1, part)) return std::nullopt;
  if (end != text.size()) out.push_back({std::string(text.substr(begin))});
  return GoValue{std::move(out)};
}
std::string sprig_regex_quote_meta(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

TemplateFunctions regex_functions() {
  static constexpr TemplateFunction kRows[] = {
      go_row<&go_regex_replace>("regexReplaceAll"),
      go_row<&go_regex_replace>("mustRegexReplaceAll"),
      go_row<&go_regex_replace_literal>("regexReplaceAllLiteral"),
      go_row<&go_regex_replace_literal>("mustRegexReplaceAllLiteral"),
      go_row<&sprig_regex_match>("regexMatch"),
      go_row<&sprig_must_regex_match>("mustRegexMatch"),
      go_row<&sprig_regex_find>("regexFind"),
      go_row<&sprig_regex_find>("mustRegexFind"),
      go_row<&sprig_regex_find_all>("regexFindAll"),
      go_row<&sprig_regex_find_all>("mustRegexFindAll"),
      go_row<&sprig_regex_split>("regexSplit"),
      go_row<&sprig_regex_split>("mustRegexSplit"),
      go_row<&sprig_regex_quote_meta>("regexQuoteMeta"),
  };
  return kRows;
}

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// The functions of templates: Go's own, the reference's for text, and the everyday ones of its
// library.

#include "base/case.h"
#include "base/codec/base64.h"
#include "base/codec/json.h"
#include "base/codec/sha.h"
#include "base/format.h"
#include "base/regex.h"
#include "base/utf8.h"
#include "components/loki/process/go_template.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace weir::loki {
namespace {

using GoArguments = std::vector<GoValue>;
using GoAnswer = std::optional<GoValue>;

constexpr std::size_t kMaxMade = 16u << 20;
constexpr std::string_view kSpaces = " \t\n\v\f\r";

/// The arguments as texts; nothing if one of them is none.
std::optional<std::vector<std::string>> texts(const GoArguments& a) {
  std::vector<std::string> out;
  for (const GoValue& value : a) {
    const auto* text = std::get_if<std::string>(&value.data);
    if (text == nullptr) return std::nullopt;
    out.push_back(*text);
  }
  return out;
}
std::optional<double> go_number(const GoValue& v) {
  if (const auto* whole = std::get_if<std::int64_t>(&v.data)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&v.data)) return *real;
  return std::nullopt;
}
const std::int64_t* go_whole(const GoValue& v) {
  return std::get_if<std::int64_t>(&v.data);
}

// --- Go's own

GoAnswer go_and(const GoArguments& a) {
  for (const GoValue& v : a) {
    if (!v.is_true()) return v;
  }
  return a.back();
}
GoAnswer go_or(const GoArguments& a) {
  for (const GoValue& v : a) {
    if (v.is_true()) return v;
  }
  return a.back();
}
GoAnswer go_not(const GoArguments& a) {
  return GoValue{!a[0].is_true()};
}

/// -1, 0, 1; nothing if the two cannot be compared. `equality`: of more kinds.
std::optional<int> go_compare(const GoValue& a, const GoValue& b, bool equality) {
  if (const auto x = go_number(a), y = go_number(b); x && y) {
    if (a.data.index() != b.data.index()) return std::nullopt;
    return *x < *y ? -1 : *x > *y ? 1 : 0;
  }
  if (const auto both = texts({a, b}))
    return both->at(0) < both->at(1) ? -1 : both->at(0) == both->at(1) ? 0 : 1;
  if (!equality) return std::nullopt;
  if (a.is_nothing() || b.is_nothing()) return a.is_nothing() == b.is_nothing() ? 0 : 1;
  const bool* x = std::get_if<bool>(&a.data);
  const bool* y = std::get_if<bool>(&b.data);
  if (x == nullptr || y == nullptr) return std::nullopt;
  return *x == *y ? 0 : 1;
}
GoAnswer go_eq(const GoArguments& a) {
  bool any = false;
  for (std::size_t i = 1; i < a.size(); ++i) {
    const auto order = go_compare(a[0], a[i], true);
    if (!order) return std::nullopt;
    any = any || *order == 0;
  }
  return GoValue{any};
}
GoAnswer go_ne(const GoArguments& a) {
  const auto order = go_compare(a[0], a[1], true);
  return order ? GoAnswer(GoValue{*order != 0}) : std::nullopt;
}
template <class Test>
GoAnswer go_ordered(const GoArguments& a, Test test) {
  const auto order = go_compare(a[0], a[1], false);
  return order ? GoAnswer(GoValue{test(*order)}) : std::nullopt;
}
GoAnswer go_lt(const GoArguments& a) {
  return go_ordered(a, [](int o) { return o < 0; });
}
GoAnswer go_le(const GoArguments& a) {
  return go_ordered(a, [](int o) { return o <= 0; });
}
GoAnswer go_gt(const GoArguments& a) {
  return go_ordered(a, [](int o) { return o > 0; });
}
GoAnswer go_ge(const GoArguments& a) {
  return go_ordered(a, [](int o) { return o >= 0; });
}

GoAnswer go_len(const GoArguments& a) {
  if (const auto* text = std::get_if<std::string>(&a[0].data))
    return GoValue{static_cast<std::int64_t>(text->size())};
  if (const auto* list = std::get_if<GoValue::List>(&a[0].data))
    return GoValue{static_cast<std::int64_t>(list->size())};
  return std::nullopt;
}
GoAnswer go_index(const GoArguments& a) {
  const auto* list = std::get_if<GoValue::List>(&a[0].data);
  const std::int64_t* i = go_whole(a[1]);
  if (list == nullptr || i == nullptr || *i < 0 || *i >= static_cast<std::int64_t>(list->size()))
    return std::nullopt;
  return (*list)[static_cast<std::size_t>(*i)];
}
GoAnswer go_print(const GoArguments& a) {
  std::string out;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool both_not_text = i > 0 && a[i].data.index() != 4 && a[i - 1].data.index() != 4;
    out += (both_not_text ? " " : "") + a[i].print();
  }
  return GoValue{out};
}
GoAnswer go_println(const GoArguments& a) {
  std::string out;
  for (const GoValue& v : a) out += (out.empty() ? "" : " ") + v.print();
  return GoValue{out + "\n"};
}
/// %v %s %d %q %t %f %%, without widths.
GoAnswer go_printf(const GoArguments& a) {
  const auto* pattern = std::get_if<std::string>(&a[0].data);
  if (pattern == nullptr) return std::nullopt;
  std::string out;
  std::size_t next = 1;
  for (std::size_t i = 0; i < pattern->size(); ++i) {
    const char c = (*pattern)[i];
    if (c != '%' || i + 1 == pattern->size()) {
      out += c;
      continue;
    }
    const char verb = (*pattern)[++i];
    if (verb == '%') {
      out += '%';
      continue;
    }
    if (std::string_view("vsdqtf").find(verb) == std::string_view::npos || next >= a.size())
      return std::nullopt;
    const GoValue& v = a[next++];
    if (verb == 'f') {
      const auto number = go_number(v);
      if (!number) return std::nullopt;
      out += format("{:.6f}", *number);
    } else if (verb == 'q') {
      out += format("\"{}\"", v.print());
    } else {
      out += v.print();
    }
  }
  return GoValue{out};
}

// --- texts

template <class Change>
GoAnswer change_text(const GoArguments& a, Change change) {
  const auto t = texts(a);
  return t ? GoAnswer(GoValue{std::string(change(*t))}) : std::nullopt;
}
using Texts = std::vector<std::string>;

std::string_view trim(std::string_view text, std::string_view set, bool left, bool right) {
  while (left && !text.empty() && set.find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  while (right && !text.empty() && set.find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return text;
}
std::string_view without_prefix(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}
std::string_view without_suffix(std::string_view text, std::string_view suffix) {
  return text.ends_with(suffix) ? text.substr(0, text.size() - suffix.size()) : text;
}
std::string replace_text(std::string_view text, std::string_view from, std::string_view to,
                         std::int64_t most) {
  std::string out;
  for (std::size_t begin = 0; begin <= text.size() && out.size() <= kMaxMade;) {
    const std::size_t at = most == 0 ? std::string_view::npos : text.find(from, begin);
    const std::size_t step =
        from.empty() && at < text.size() ? decode_rune(text.substr(at)).size : 0;
    if (at == std::string_view::npos) return out += text.substr(begin);
    out += text.substr(begin, at - begin);
    out += to;
    out += text.substr(at, step);  // an empty text is found before each character
    if (from.empty() && at >= text.size()) return out;
    begin = at + from.size() + step;
    if (most > 0) --most;
  }
  return out;
}

GoAnswer go_lower(const GoArguments& a) {
  return change_text(a, [](const Texts& t) { return to_lower(t[0]); });
}
GoAnswer go_upper(const GoArguments& a) {
  return change_text(a, [](const Texts& t) { return to_upper(t[0]); });
}
GoAnswer go_replace(const GoArguments& a) {
  const std::int64_t* most = go_whole(a[3]);
  if (most == nullptr) return std::nullopt;
  return change_text({a[0], a[1], a[2]},
                     [&](const Texts& t) { return replace_text(t[0], t[1], t[2], *most); });
}
GoAnswer go_trim(const GoArguments& a) {
  return change_text(a, [](const Texts& t) { return trim(t[0], t[1], true, true); });
}
GoAnswer go_trim_left(const GoArguments& a) {
  return change_text(a, [](const Texts& t) { return trim(t[0], t[1], true, false); });
}
GoAnswer go_trim_right(const GoArguments& a) {
  return change_text(a, [](const Texts& t) { return trim(t[0], t[1], false, true); });
}
GoAnswer go_trim_prefix(const GoArguments& a) {
  return change_text(a, [](const Texts& t) { return without_prefix(t[0], t[1]); });
}
GoAnswer go_trim_suffix(const GoArguments& a) {
  return change_text(a, [](const Texts& t) { return without_suffix(t[0], t[1]); });
}
GoAnswer go_trim_space(const GoArguments& a) {
  return change_text(a, [](const Texts& t) { return trim(t[0], kSpaces, true, true); });
}
GoAnswer go_hash(const GoArguments& a) {
  return change_text(a, [](const Texts& t) { return codec::sha3_256_hex(t[0] + t[1]); });
}
GoAnswer go_sha2_hash(const GoArguments& a) {
  return change_text(a, [](const Texts& t) { return codec::sha256_hex(t[0] + t[1]); });
}

/// regex, text, replacement; with `$1` in the replacement or as it is.
GoAnswer replace_regex(const GoArguments& a, bool literal) {
  const auto t = texts(a);
  if (!t) return std::nullopt;
  const auto regex = Regex::compile((*t)[0]);
  if (!regex) return std::nullopt;
  // A dollar that is meant as one is written twice.
  const std::string replacement = literal ? replace_text((*t)[2], "$", "$$", -1) : (*t)[2];
  std::string out = regex->replace_all((*t)[1], RegexTemplate(replacement, *regex));
  if (out.size() > kMaxMade) return std::nullopt;
  return GoValue{std::move(out)};
}
GoAnswer go_regex_replace(const GoArguments& a) {
  return replace_regex(a, false);
}
GoAnswer go_regex_replace_literal(const GoArguments& a) {
  return replace_regex(a, true);
}

// --- the everyday ones of the library: the text comes last

GoAnswer sprig_trim_all(const GoArguments& a) {
  return go_trim({a[1], a[0]});
}
GoAnswer sprig_trim_prefix(const GoArguments& a) {
  return go_trim_prefix({a[1], a[0]});
}
GoAnswer sprig_trim_suffix(const GoArguments& a) {
  return go_trim_suffix({a[1], a[0]});
}
GoAnswer sprig_replace(const GoArguments& a) {
  return go_replace({a[2], a[0], a[1], GoValue{std::int64_t{-1}}});
}
GoAnswer sprig_contains(const GoArguments& a) {
  const auto t = texts(a);
  return t ? GoAnswer(GoValue{(*t)[1].find((*t)[0]) != std::string::npos}) : std::nullopt;
}
GoAnswer sprig_has_prefix(const GoArguments& a) {
  const auto t = texts(a);
  return t ? GoAnswer(GoValue{(*t)[1].starts_with((*t)[0])}) : std::nullopt;
}
GoAnswer sprig_has_suffix(const GoArguments& a) {
  const auto t = texts(a);
  return t ? GoAnswer(GoValue{(*t)[1].ends_with((*t)[0])}) : std::nullopt;
}
GoAnswer sprig_trunc(const GoArguments& a) {
  const std::int64_t* most = go_whole(a[0]);
  if (most == nullptr) return std::nullopt;
  return change_text({a[1]}, [&](const Texts& t) {
    const std::string_view text = t[0];
    const auto size = static_cast<std::int64_t>(text.size());
    if (*most < 0)
      return *most + size > 0 ? text.substr(static_cast<std::size_t>(*most + size)) : text;
    return text.substr(0, static_cast<std::size_t>(*most));
  });
}
GoAnswer sprig_default(const GoArguments& a) {
  return a[1].is_true() ? a[1] : a[0];
}
GoAnswer sprig_empty(const GoArguments& a) {
  return GoValue{!a[0].is_true()};
}
GoAnswer sprig_ternary(const GoArguments& a) {
  const bool* which = std::get_if<bool>(&a[2].data);
  if (which == nullptr) return std::nullopt;
  return *which ? a[0] : a[1];
}
GoAnswer sprig_quote(const GoArguments& a) {
  std::string out;
  for (const GoValue& v : a) {
    if (v.is_nothing()) continue;
    if (!out.empty()) out += ' ';
    codec::append_json_string(out, v.print());
  }
  return GoValue{out};
}
GoAnswer sprig_split_list(const GoArguments& a) {
  const auto t = texts(a);
  if (!t) return std::nullopt;
  const std::string_view separator = (*t)[0];
  std::string_view rest = (*t)[1];
  GoValue::List out;
  while (!separator.empty()) {
    const std::size_t at = rest.find(separator);
    out.push_back(GoValue{std::string(rest.substr(0, at))});
    if (at == std::string_view::npos) break;
    rest.remove_prefix(at + separator.size());
  }
  return GoValue{std::move(out)};
}
GoAnswer sprig_join(const GoArguments& a) {
  const auto* separator = std::get_if<std::string>(&a[0].data);
  const auto* list = std::get_if<GoValue::List>(&a[1].data);
  if (separator == nullptr || list == nullptr) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < list->size(); ++i)
    out += (i == 0 ? "" : *separator) + (*list)[i].print();
  return GoValue{out};
}
GoAnswer sprig_list(const GoArguments& a) {
  return GoValue{GoValue::List(a)};
}
GoAnswer sprig_to_string(const GoArguments& a) {
  return GoValue{a[0].print()};
}
GoAnswer sprig_int(const GoArguments& a) {
  if (const auto number = go_number(a[0])) {
    const bool fits = std::abs(*number) < 9e18;
    return fits ? GoAnswer(GoValue{static_cast<std::int64_t>(*number)}) : std::nullopt;
  }
  std::int64_t out = 0;
  if (const auto* text = std::get_if<std::string>(&a[0].data))
    std::from_chars(text->data(), text->data() + text->size(), out);
  return GoValue{out};
}
GoAnswer sprig_b64enc(const GoArguments& a) {
  return change_text(a, [](const Texts& t) { return codec::base64_encode(t[0]); });
}

constexpr std::size_t kMany = 100;
constexpr TemplateFunction kFunctions[] = {
    {"and", 1, kMany, go_and},
    {"or", 1, kMany, go_or},
    {"not", 1, 1, go_not},
    {"eq", 2, kMany, go_eq},
    {"ne", 2, 2, go_ne},
    {"lt", 2, 2, go_lt},
    {"le", 2, 2, go_le},
    {"gt", 2, 2, go_gt},
    {"ge", 2, 2, go_ge},
    {"len", 1, 1, go_len},
    {"index", 2, 2, go_index},
    {"print", 0, kMany, go_print},
    {"println", 0, kMany, go_println},
    {"printf", 1, kMany, go_printf},
    {"ToLower", 1, 1, go_lower},
    {"ToUpper", 1, 1, go_upper},
    {"Replace", 4, 4, go_replace},
    {"Trim", 2, 2, go_trim},
    {"TrimLeft", 2, 2, go_trim_left},
    {"TrimRight", 2, 2, go_trim_right},
    {"TrimPrefix", 2, 2, go_trim_prefix},
    {"TrimSuffix", 2, 2, go_trim_suffix},
    {"TrimSpace", 1, 1, go_trim_space},
    {"Hash", 2, 2, go_hash},
    {"Sha2Hash", 2, 2, go_sha2_hash},
    {"regexReplaceAll", 3, 3, go_regex_replace},
    {"regexReplaceAllLiteral", 3, 3, go_regex_replace_literal},
    {"lower", 1, 1, go_lower},
    {"upper", 1, 1, go_upper},
    {"trim", 1, 1, go_trim_space},
    {"trimAll", 2, 2, sprig_trim_all},
    {"trimPrefix", 2, 2, sprig_trim_prefix},
    {"trimSuffix", 2, 2, sprig_trim_suffix},
    {"replace", 3, 3, sprig_replace},
    {"contains", 2, 2, sprig_contains},
    {"hasPrefix", 2, 2, sprig_has_prefix},
    {"hasSuffix", 2, 2, sprig_has_suffix},
    {"trunc", 2, 2, sprig_trunc},
    {"default", 2, 2, sprig_default},
    {"empty", 1, 1, sprig_empty},
    {"coalesce", 1, kMany, go_or},
    {"ternary", 3, 3, sprig_ternary},
    {"quote", 0, kMany, sprig_quote},
    {"splitList", 2, 2, sprig_split_list},
    {"join", 2, 2, sprig_join},
    {"list", 0, kMany, sprig_list},
    {"toString", 1, 1, sprig_to_string},
    {"int", 1, 1, sprig_int},
    {"int64", 1, 1, sprig_int},
    {"b64enc", 1, 1, sprig_b64enc},
};

}  // namespace

const TemplateFunction* find_template_function(std::string_view name) {
  for (const TemplateFunction& function : kFunctions) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// The functions of templates: Go's own, the reference's for text, and the everyday ones of its
// library.

#include "base/case.h"
#include "base/codec/base64.h"
#include "base/codec/json.h"
#include "base/codec/sha.h"
#include "base/format.h"
#include "base/regex.h"
#include "components/loki/process/go_template.h"
#include "components/loki/process/go_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace weir::loki {

std::optional<std::string_view> TemplateLanguage::read(const GoValue& v, As<std::string_view>) {
  const auto* text = std::get_if<std::string>(&v.data);
  return text == nullptr ? std::nullopt : std::optional<std::string_view>(*text);
}
std::optional<double> TemplateLanguage::read(const GoValue& v, As<double>) {
  if (const auto* whole = std::get_if<std::int64_t>(&v.data)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&v.data)) return *real;
  return std::nullopt;
}

namespace {

using GoRest = std::span<const GoValue>;
using GoAnswer = std::optional<GoValue>;

// --- Go's own

GoValue go_and(const GoValue& first, GoRest rest) {
  const GoValue* last = &first;
  for (const GoValue& v : rest) {
    if (!last->is_true()) break;
    last = &v;
  }
  return *last;
}
GoValue go_or(const GoValue& first, GoRest rest) {
  const GoValue* last = &first;
  for (const GoValue& v : rest) {
    if (last->is_true()) break;
    last = &v;
  }
  return *last;
}
bool go_not(const GoValue& v) {
  return !v.is_true();
}

/// -1, 0, 1; nothing if the two cannot be compared. `equality`: of more kinds.
std::optional<int> go_compare(const GoValue& a, const GoValue& b, bool equality) {
  const auto x = TemplateLanguage::read(a, As<double>());
  const auto y = TemplateLanguage::read(b, As<double>());
  if (x && y) {
    if (a.data.index() != b.data.index()) return std::nullopt;
    return *x < *y ? -1 : *x > *y ? 1 : 0;
  }
  const auto* one = std::get_if<std::string>(&a.data);
  const auto* other = std::get_if<std::string>(&b.data);
  if (one != nullptr && other != nullptr) return *one < *other ? -1 : *one == *other ? 0 : 1;
  if (!equality) return std::nullopt;
  if (a.is_nothing() || b.is_nothing()) return a.is_nothing() == b.is_nothing() ? 0 : 1;
  const bool* p = std::get_if<bool>(&a.data);
  const bool* q = std::get_if<bool>(&b.data);
  if (p == nullptr || q == nullptr) return std::nullopt;
  return *p == *q ? 0 : 1;
}
GoAnswer go_eq(const GoValue& a, const GoValue& b, GoRest rest) {
  const auto order = go_compare(a, b, true);
  if (!order) return std::nullopt;
  bool any = *order == 0;
  for (const GoValue& v : rest) {
    const auto next = go_compare(a, v, true);
    if (!next) return std::nullopt;
    any = any || *next == 0;
  }
  return GoValue{any};
}
GoAnswer go_ne(const GoValue& a, const GoValue& b) {
  const auto order = go_compare(a, b, true);
  return order ? GoAnswer(GoValue{*order != 0}) : std::nullopt;
}
template <class Test>
GoAnswer go_ordered(const GoValue& a, const GoValue& b, Test test) {
  const auto order = go_compare(a, b, false);
  return order ? GoAnswer(GoValue{test(*order)}) : std::nullopt;
}
GoAnswer go_lt(const GoValue& a, const GoValue& b) {
  return go_ordered(a, b, [](int o) { return o < 0; });
}
GoAnswer go_le(const GoValue& a, const GoValue& b) {
  return go_ordered(a, b, [](int o) { return o <= 0; });
}
GoAnswer go_gt(const GoValue& a, const GoValue& b) {
  return go_ordered(a, b, [](int o) { return o > 0; });
}
GoAnswer go_ge(const GoValue& a, const GoValue& b) {
  return go_ordered(a, b, [](int o) { return o >= 0; });
}

GoAnswer go_len(const GoValue& v) {
  if (const auto* text = std::get_if<std::string>(&v.data))
    return GoValue{static_cast<std::int64_t>(text->size())};
  if (const auto* list = std::get_if<GoValue::List>(&v.data))
    return GoValue{static_cast<std::int64_t>(list->size())};
  return std::nullopt;
}
GoAnswer go_index(const GoValue::List& list, std::int64_t i) {
  if (i < 0 || i >= static_cast<std::int64_t>(list.size())) return std::nullopt;
  return list[static_cast<std::size_t>(i)];
}
std::string go_print(GoRest values) {
  const auto is_text = [](const GoValue& v) { return std::holds_alternative<std::string>(v.data); };
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool apart = i > 0 && !is_text(values[i]) && !is_text(values[i - 1]);
    out += (apart ? " " : "") + values[i].print();
  }
  return out;
}
std::string go_println(GoRest values) {
  std::string out;
  for (const GoValue& v : values) out += (out.empty() ? "" : " ") + v.print();
  return out + "\n";
}
/// %v %s %d %q %t %f %%, without widths.
GoAnswer go_printf(std::string_view pattern, GoRest values) {
  std::string out;
  std::size_t next = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c != '%' || i + 1 == pattern.size()) {
      out += c;
      continue;
    }
    const char verb = pattern[++i];
    if (verb == '%') {
      out += '%';
      continue;
    }
    if (std::string_view("vsdqtf").find(verb) == std::string_view::npos || next >= values.size())
      return std::nullopt;
    const GoValue& v = values[next++];
    if (verb == 'f') {
      const auto number = TemplateLanguage::read(v, As<double>());
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

std::string go_lower(std::string_view text) {
  return to_lower(text);
}
std::string go_upper(std::string_view text) {
  return to_upper(text);
}
std::string_view go_trim(std::string_view text, std::string_view set) {
  return trim_text(text, set, TrimSide::kBoth);
}
std::string_view go_trim_left(std::string_view text, std::string_view set) {
  return trim_text(text, set, TrimSide::kLeft);
}
std::string_view go_trim_right(std::string_view text, std::string_view set) {
  return trim_text(text, set, TrimSide::kRight);
}
std::string_view go_trim_space(std::string_view text) {
  return trim_space(text);
}
std::string go_hash(std::string_view salt, std::string_view text) {
  return codec::sha3_256_hex(std::string(salt) + std::string(text));
}
std::string go_sha2_hash(std::string_view salt, std::string_view text) {
  return codec::sha256_hex(std::string(salt) + std::string(text));
}

/// With `$1` in the replacement or as it is.
GoAnswer replace_regex(std::string_view expression, std::string_view text, std::string replacement,
                       bool literal) {
  const auto regex = Regex::compile(expression);
  if (!regex) return std::nullopt;
  // A dollar that is meant as one is written twice.
  if (literal) replacement = replace_text(replacement, "$", "$$", -1);
  std::string out = regex->replace_all(text, RegexTemplate(replacement, *regex));
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

// --- the everyday ones of the library: the text comes last

std::string_view sprig_trim_all(std::string_view set, std::string_view text) {
  return go_trim(text, set);
}
std::string_view sprig_trim_prefix(std::string_view prefix, std::string_view text) {
  return without_prefix(text, prefix);
}
std::string_view sprig_trim_suffix(std::string_view suffix, std::string_view text) {
  return without_suffix(text, suffix);
}
std::string sprig_replace(std::string_view from, std::string_view to, std::string_view text) {
  return replace_text(text, from, to, -1);
}
bool sprig_contains(std::string_view part, std::string_view text) {
  return text.find(part) != std::string_view::npos;
}
bool sprig_has_prefix(std::string_view prefix, std::string_view text) {
  return text.starts_with(prefix);
}
bool sprig_has_suffix(std::string_view suffix, std::string_view text) {
  return text.ends_with(suffix);
}
std::string_view sprig_trunc(std::int64_t most, std::string_view text) {
  const auto size = static_cast<std::int64_t>(text.size());
  if (most >= 0) return text.substr(0, static_cast<std::size_t>(most));
  return most + size > 0 ? text.substr(static_cast<std::size_t>(most + size)) : text;
}
GoValue sprig_default(const GoValue& otherwise, const GoValue& v) {
  return v.is_true() ? v : otherwise;
}
bool sprig_empty(const GoValue& v) {
  return !v.is_true();
}
GoValue sprig_ternary(const GoValue& yes, const GoValue& no, bool which) {
  return which ? yes : no;
}
std::string sprig_quote(GoRest values) {
  std::string out;
  for (const GoValue& v : values) {
    if (v.is_nothing()) continue;
    if (!out.empty()) out += ' ';
    codec::append_json_string(out, v.print());
  }
  return out;
}
GoValue::List sprig_split_list(std::string_view separator, std::string_view text) {
  GoValue::List out;
  for (const std::string_view part : split_text(text, separator))
    out.push_back({std::string(part)});
  return out;
}
std::string sprig_join(std::string_view separator, const GoValue::List& list) {
  std::string out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i != 0) out += separator;
    out += list[i].print();
  }
  return out;
}
GoValue::List sprig_list(GoRest values) {
  return {values.begin(), values.end()};
}
std::string sprig_to_string(const GoValue& v) {
  return v.print();
}
std::string_view sprig_substr(std::int64_t begin, std::int64_t end, std::string_view text) {
  const auto size = static_cast<std::int64_t>(text.size());
  const std::int64_t from = std::clamp<std::int64_t>(begin, 0, size);
  const std::int64_t to = end < 0 || end > size ? size : end;
  return text.substr(static_cast<std::size_t>(from),
                     static_cast<std::size_t>(std::max(from, to) - from));
}
std::string sprig_nospace(std::string_view text) {
  std::string out;
  for (const std::string_view rune : split_text(text, "")) {
    if (!trim_space(rune).empty()) out += rune;
  }
  return out;
}
GoAnswer sprig_repeat(std::int64_t times, std::string_view text) {
  if (times < 0 || static_cast<std::uint64_t>(times) * text.size() > kMaxMadeText)
    return std::nullopt;
  std::string out;
  for (std::int64_t i = 0; i < times; ++i) out += text;
  return GoValue{std::move(out)};
}
std::string sprig_squote(GoRest values) {
  std::string out;
  for (const GoValue& v : values) {
    if (!v.is_nothing()) out += format("{}'{}'", out.empty() ? "" : " ", v.print());
  }
  return out;
}
std::string sprig_cat(GoRest values) {
  std::string out;
  for (const GoValue& v : values) {
    if (!v.is_nothing()) out += (out.empty() ? "" : " ") + v.print();
  }
  return out;
}
std::string sprig_b64enc(std::string_view text) {
  return codec::base64_encode(text);
}
GoAnswer sprig_b64dec(std::string_view text) {
  auto out = codec::base64_decode(text);
  return out ? GoAnswer(GoValue{std::move(*out)}) : std::nullopt;
}
std::string sprig_sha256sum(std::string_view text) {
  return codec::sha256_hex(text);
}
GoAnswer sprig_regex_match(std::string_view expression, std::string_view text) {
  const auto regex = Regex::compile(expression);
  return regex ? GoAnswer(GoValue{regex->matches(text)}) : std::nullopt;
}
GoAnswer sprig_regex_find(std::string_view expression, std::string_view text) {
  const auto regex = Regex::compile(expression);
  if (!regex) return std::nullopt;
  std::array<std::string_view, 1> found;
  return GoValue{std::string(regex->match(text, found) ? found[0] : "")};
}

// --- JSON

codec::JsonValue json_of(const GoValue& v) {
  if (const auto* list = std::get_if<GoValue::List>(&v.data)) {
    codec::JsonValue::Array out;
    for (const GoValue& item : *list) out.push_back(json_of(item));
    return out;
  }
  if (const auto* yes = std::get_if<bool>(&v.data)) return *yes;
  if (const auto* whole = std::get_if<std::int64_t>(&v.data)) return *whole;
  if (const auto* real = std::get_if<double>(&v.data)) return *real;
  if (const auto* text = std::get_if<std::string>(&v.data)) return *text;
  return {};
}
std::string sprig_to_json(const GoValue& v) {
  return codec::write_json(json_of(v), {.escape_html = true});
}
std::string sprig_to_raw_json(const GoValue& v) {
  return codec::write_json(json_of(v));
}

// --- lists and numbers

GoAnswer sprig_first(const GoValue::List& list) {
  return list.empty() ? GoValue{} : list.front();
}
GoAnswer sprig_last(const GoValue::List& list) {
  return list.empty() ? GoValue{} : list.back();
}
bool sprig_has(const GoValue& part, const GoValue::List& list) {
  return std::any_of(list.begin(), list.end(),
                     [&](const GoValue& v) { return go_compare(v, part, true) == 0; });
}
/// Anything as a whole number; 0 if it is none.
std::int64_t whole_of(const GoValue& v) {
  if (const auto number = TemplateLanguage::read(v, As<double>()))
    return std::abs(*number) < 9e18 ? static_cast<std::int64_t>(*number) : 0;
  std::int64_t out = 0;
  if (const auto* text = std::get_if<std::string>(&v.data))
    std::from_chars(text->data(), text->data() + text->size(), out);
  return out;
}
std::int64_t sprig_int(const GoValue& v) {
  return whole_of(v);
}
/// Sums and products wrap, as Go's do.
std::int64_t sprig_add(GoRest values) {
  std::uint64_t out = 0;
  for (const GoValue& v : values) out += static_cast<std::uint64_t>(whole_of(v));
  return static_cast<std::int64_t>(out);
}
std::int64_t sprig_sub(const GoValue& a, const GoValue& b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(whole_of(a)) -
                                   static_cast<std::uint64_t>(whole_of(b)));
}
std::int64_t sprig_mul(const GoValue& first, GoRest rest) {
  auto out = static_cast<std::uint64_t>(whole_of(first));
  for (const GoValue& v : rest) out *= static_cast<std::uint64_t>(whole_of(v));
  return static_cast<std::int64_t>(out);
}
GoAnswer sprig_div(const GoValue& a, const GoValue& b) {
  const std::int64_t by = whole_of(b);
  if (by == 0) return std::nullopt;
  return by == -1 ? GoValue{sprig_sub(GoValue{std::int64_t{0}}, a)} : GoValue{whole_of(a) / by};
}
GoAnswer sprig_mod(const GoValue& a, const GoValue& b) {
  const std::int64_t by = whole_of(b);
  if (by == 0) return std::nullopt;
  return GoValue{by == -1 ? 0 : whole_of(a) % by};
}
std::int64_t sprig_max(const GoValue& first, GoRest rest) {
  std::int64_t out = whole_of(first);
  for (const GoValue& v : rest) out = std::max(out, whole_of(v));
  return out;
}
std::int64_t sprig_min(const GoValue& first, GoRest rest) {
  std::int64_t out = whole_of(first);
  for (const GoValue& v : rest) out = std::min(out, whole_of(v));
  return out;
}

template <auto function>
constexpr TemplateFunction go_row(std::string_view name) {
  return row<TemplateLanguage, function>(name);
}

}  // namespace

const TemplateFunction* find_template_function(std::string_view name) {
  static constexpr TemplateFunction kRows[] = {
      go_row<&go_and>("and"),
      go_row<&go_or>("or"),
      go_row<&go_not>("not"),
      go_row<&go_eq>("eq"),
      go_row<&go_ne>("ne"),
      go_row<&go_lt>("lt"),
      go_row<&go_le>("le"),
      go_row<&go_gt>("gt"),
      go_row<&go_ge>("ge"),
      go_row<&go_len>("len"),
      go_row<&go_index>("index"),
      go_row<&go_print>("print"),
      go_row<&go_println>("println"),
      go_row<&go_printf>("printf"),
      go_row<&go_lower>("ToLower"),
      go_row<&go_upper>("ToUpper"),
      go_row<&replace_text>("Replace"),
      go_row<&go_trim>("Trim"),
      go_row<&go_trim_left>("TrimLeft"),
      go_row<&go_trim_right>("TrimRight"),
      go_row<&without_prefix>("TrimPrefix"),
      go_row<&without_suffix>("TrimSuffix"),
      go_row<&go_trim_space>("TrimSpace"),
      go_row<&go_hash>("Hash"),
      go_row<&go_sha2_hash>("Sha2Hash"),
      go_row<&go_regex_replace>("regexReplaceAll"),
      go_row<&go_regex_replace_literal>("regexReplaceAllLiteral"),
      go_row<&go_lower>("lower"),
      go_row<&go_upper>("upper"),
      go_row<&go_trim_space>("trim"),
      go_row<&sprig_trim_all>("trimAll"),
      go_row<&sprig_trim_prefix>("trimPrefix"),
      go_row<&sprig_trim_suffix>("trimSuffix"),
      go_row<&sprig_replace>("replace"),
      go_row<&sprig_contains>("contains"),
      go_row<&sprig_has_prefix>("hasPrefix"),
      go_row<&sprig_has_suffix>("hasSuffix"),
      go_row<&sprig_trunc>("trunc"),
      go_row<&sprig_default>("default"),
      go_row<&sprig_empty>("empty"),
      go_row<&go_or>("coalesce"),
      go_row<&sprig_ternary>("ternary"),
      go_row<&sprig_quote>("quote"),
      go_row<&sprig_split_list>("splitList"),
      go_row<&sprig_join>("join"),
      go_row<&sprig_list>("list"),
      go_row<&sprig_to_string>("toString"),
      go_row<&sprig_int>("int"),
      go_row<&sprig_int>("int64"),
      go_row<&sprig_b64enc>("b64enc"),
      go_row<&sprig_b64dec>("b64dec"),
      go_row<&sprig_sha256sum>("sha256sum"),
      go_row<&sprig_substr>("substr"),
      go_row<&sprig_nospace>("nospace"),
      go_row<&sprig_repeat>("repeat"),
      go_row<&sprig_squote>("squote"),
      go_row<&sprig_cat>("cat"),
      go_row<&sprig_regex_match>("regexMatch"),
      go_row<&sprig_regex_find>("regexFind"),
      go_row<&sprig_to_json>("toJson"),
      go_row<&sprig_to_raw_json>("toRawJson"),
      go_row<&sprig_first>("first"),
      go_row<&sprig_last>("last"),
      go_row<&sprig_has>("has"),
      go_row<&sprig_int>("atoi"),
      go_row<&sprig_add>("add"),
      go_row<&sprig_sub>("sub"),
      go_row<&sprig_mul>("mul"),
      go_row<&sprig_div>("div"),
      go_row<&sprig_mod>("mod"),
      go_row<&sprig_max>("max"),
      go_row<&sprig_min>("min"),
  };
  return find_row(kRows, name);
}

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// Functions of texts: the reference's own, with the text first, and the library's, with the text
// last.

#include "base/case.h"
#include "base/codec/sha.h"
#include "components/loki/process/go_template_functions.h"
#include "components/loki/process/go_text.h"
#include "interpreter/value/quote.h"

namespace weir::loki {
namespace {

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

// --- the library's

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
  return most > -size ? text.substr(static_cast<std::size_t>(most + size)) : text;
}
/// A negative begin is the text's, whatever the end; a negative or too large end is the text's.
GoAnswer sprig_substr(std::int64_t begin, std::int64_t end, std::string_view text) {
  const auto size = static_cast<std::int64_t>(text.size());
  if (begin < 0) {
    begin = 0;
    if (end < 0 || end > size) return std::nullopt;
  } else if (end < 0 || end > size) {
    end = size;
  }
  if (begin > end) return std::nullopt;
  return GoValue{std::string(
      text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)))};
}
std::string sprig_nospace(std::string_view text) {
  std::string out;
  for (const std::string_view rune : split_text(text, "")) {
    if (!trim_space(rune).empty()) out += rune;
  }
  return out;
}
GoAnswer sprig_repeat(std::int64_t times, std::string_view text) {
  if (times < 0 ||
      (!text.empty() && static_cast<std::uint64_t>(times) > kMaxMadeText / text.size()))
    return std::nullopt;
  std::string out;
  if (!text.empty()) {
    for (std::int64_t i = 0; i < times; ++i) out += text;
  }
  return GoValue{std::move(out)};
}
/// Spaces before each line.
GoAnswer sprig_indent(std::int64_t spaces, std::string_view text) {
  if (spaces < 0 || static_cast<std::uint64_t>(spaces) > kMaxMadeText) return std::nullopt;
  const std::string pad(static_cast<std::size_t>(spaces), ' ');
  std::string out = pad + replace_text(text, "\n", "\n" + pad, -1);
  return out.size() > kMaxMadeText ? std::nullopt : GoAnswer(GoValue{std::move(out)});
}
GoAnswer sprig_nindent(std::int64_t spaces, std::string_view text) {
  GoAnswer out = sprig_indent(spaces, text);
  if (out) std::get<std::string>(out->data).insert(0, 1, '\n');
  return out;
}

/// The values that are any, as `spell` writes them, a space between two.
template <class Spell>
std::string spaced(GoRest values, Spell spell) {
  std::string out;
  bool first = true;
  for (const GoValue& v : values) {
    if (v.is_nothing()) continue;
    if (!std::exchange(first, false)) out += ' ';
    out += spell(v.text());
  }
  return out;
}
std::string sprig_quote(GoRest values) {
  return spaced(values, [](const std::string& text) { return value::quote(text); });
}
std::string sprig_squote(GoRest values) {
  return spaced(values, [](const std::string& text) { return "'" + text + "'"; });
}
std::string sprig_cat(GoRest values) {
  return spaced(values, [](const std::string& text) { return text; });
}
std::string_view sprig_plural(std::string_view one, std::string_view many, std::int64_t count) {
  return count == 1 ? one : many;
}
std::string sprig_to_string(const GoValue& v) {
  return v.text();
}
std::string_view sprig_hello() {
  return "Hello!";
}

}  // namespace

TemplateFunctions text_functions() {
  static constexpr TemplateFunction kRows[] = {
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
      go_row<&go_lower>("lower"),
      go_row<&go_upper>("upper"),
      go_row<&go_trim_space>("trim"),
      go_row<&sprig_trim_all>("trimAll"),
      go_row<&sprig_trim_all>("trimall"),
      go_row<&sprig_trim_prefix>("trimPrefix"),
      go_row<&sprig_trim_suffix>("trimSuffix"),
      go_row<&sprig_replace>("replace"),
      go_row<&sprig_contains>("contains"),
      go_row<&sprig_has_prefix>("hasPrefix"),
      go_row<&sprig_has_suffix>("hasSuffix"),
      go_row<&sprig_trunc>("trunc"),
      go_row<&sprig_substr>("substr"),
      go_row<&sprig_nospace>("nospace"),
      go_row<&sprig_repeat>("repeat"),
      go_row<&sprig_indent>("indent"),
      go_row<&sprig_nindent>("nindent"),
      go_row<&sprig_quote>("quote"),
      go_row<&sprig_squote>("squote"),
      go_row<&sprig_cat>("cat"),
      go_row<&sprig_plural>("plural"),
      go_row<&sprig_to_string>("toString"),
      go_row<&sprig_hello>("hello"),
  };
  return kRows;
}

}  // namespace weir::loki

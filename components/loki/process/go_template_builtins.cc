// SPDX-License-Identifier: Apache-2.0
// The functions of Go's templates themselves.

#include "base/format.h"
#include "base/net/url.h"
#include "base/utf8.h"
#include "components/loki/process/go_template_functions.h"
#include "components/loki/process/go_text.h"
#include "interpreter/value/quote.h"
#include "interpreter/value/sprintf.h"

namespace weir::loki {
namespace {

// The rendering ends `and` and `or` early; here all arguments are known.
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
    const auto* one = std::get_if<std::int64_t>(&a.data);
    if (one == nullptr) return *x < *y ? -1 : *x == *y ? 0 : 1;
    const std::int64_t other = std::get<std::int64_t>(b.data);
    return *one < other ? -1 : *one == other ? 0 : 1;
  }
  const auto* one = std::get_if<std::string>(&a.data);
  const auto* other = std::get_if<std::string>(&b.data);
  if (one != nullptr && other != nullptr) return *one < *other ? -1 : *one == *other ? 0 : 1;
  if (!equality) return std::nullopt;
  if (a.is_nothing() || b.is_nothing()) return a.is_nothing() == b.is_nothing() ? 0 : 1;
  const bool is_plain =
      std::holds_alternative<bool>(a.data) || std::holds_alternative<GoMoment>(a.data);
  if (!is_plain || a.data.index() != b.data.index()) return std::nullopt;
  return deep_equal(a, b) ? 0 : 1;
}
/// Whether the first is equal to any of the others.
GoAnswer go_eq(const GoValue& a, const GoValue& b, GoRest rest) {
  const auto order = go_compare(a, b, true);
  if (!order) return std::nullopt;
  if (*order == 0) return GoValue{true};
  for (const GoValue& v : rest) {
    const auto next = go_compare(a, v, true);
    if (!next) return std::nullopt;
    if (*next == 0) return GoValue{true};
  }
  return GoValue{false};
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
  std::size_t size = 0;
  if (const auto* text = std::get_if<std::string>(&v.data)) {
    size = text->size();
  } else if (const auto* list = std::get_if<GoValue::List>(&v.data)) {
    size = list->size();
  } else if (const auto* dict = std::get_if<GoValue::Dict>(&v.data)) {
    size = (*dict)->members.size();
  } else {
    return std::nullopt;
  }
  return GoValue{static_cast<std::int64_t>(size)};
}

/// One step into a list, a dictionary or a text.
GoAnswer item_of(const GoValue& v, const GoValue& key) {
  if (const auto* dict = std::get_if<GoValue::Dict>(&v.data)) {
    const auto* name = std::get_if<std::string>(&key.data);
    if (name == nullptr) return std::nullopt;
    const GoValue* found = (*dict)->find(*name);
    return found == nullptr ? GoValue{} : *found;
  }
  const auto* i = std::get_if<std::int64_t>(&key.data);
  if (i == nullptr || *i < 0) return std::nullopt;
  const auto at = static_cast<std::size_t>(*i);
  if (const auto* list = std::get_if<GoValue::List>(&v.data))
    return at < list->size() ? GoAnswer((*list)[at]) : std::nullopt;
  const auto* text = std::get_if<std::string>(&v.data);
  if (text == nullptr || at >= text->size()) return std::nullopt;
  return GoValue{static_cast<std::int64_t>(static_cast<unsigned char>((*text)[at]))};
}
GoAnswer go_index(const GoValue& v, GoRest keys) {
  GoAnswer out = v;
  if (v.is_nothing()) return std::nullopt;
  for (std::size_t i = 0; i < keys.size() && out; ++i) out = item_of(*out, keys[i]);
  return out;
}

std::string go_print(GoRest values) {
  const auto is_text = [](const GoValue& v) { return std::holds_alternative<std::string>(v.data); };
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool apart = i > 0 && !is_text(values[i]) && !is_text(values[i - 1]);
    out += (apart ? " " : "") + values[i].text();
  }
  return out;
}
std::string go_println(GoRest values) {
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i) out += (i == 0 ? "" : " ") + values[i].text();
  return out + "\n";
}
GoAnswer go_printf(std::string_view pattern, GoRest values) {
  std::vector<value::Value> arguments;
  for (const GoValue& v : values) arguments.push_back(to_value(v));
  auto made = value::sprintf(pattern, arguments, kMaxMadeText);
  return made ? GoAnswer(GoValue{std::move(made->text)}) : std::nullopt;
}

std::string go_html(GoRest values) {
  std::string out;
  for (const char c : print_all(values)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&#34;"; break;
      case '\'': out += "&#39;"; break;
      case '\0': append_utf8(out, kReplacementRune); break;
      default: out += c;
    }
  }
  return out;
}
std::string go_js(GoRest values) {
  const std::string all = print_all(values);
  std::string out;
  for (std::string_view text = all; !text.empty();) {
    const Rune rune = decode_rune(text);
    const std::string_view spelled = text.substr(0, rune.size);
    text.remove_prefix(rune.size);
    if (rune.code == '\\' || rune.code == '\'' || rune.code == '"') {
      out += '\\';
      out += spelled;
    } else if (std::u32string_view(U"<>&=").find(rune.code) != std::u32string_view::npos ||
               rune.code < ' ' || (rune.code >= 0x80 && !value::is_printable(rune.code))) {
      out += format("\\u{:04X}", static_cast<unsigned>(rune.code));
    } else {
      out += spelled;
    }
  }
  return out;
}
std::string go_urlquery(GoRest values) {
  return net::url_escape(print_all(values));
}
/// No value is a function.
GoAnswer go_call(const GoValue&, GoRest) {
  return std::nullopt;
}

}  // namespace

std::string print_all(GoRest values) {
  return go_print(values);
}

TemplateFunctions builtin_functions() {
  static constexpr TemplateFunction kRows[] = {
      go_row<&go_and>("and"),         go_row<&go_call>("call"),
      go_row<&go_eq>("eq"),           go_row<&go_ge>("ge"),
      go_row<&go_gt>("gt"),           go_row<&go_html>("html"),
      go_row<&go_index>("index"),     go_row<&go_js>("js"),
      go_row<&go_le>("le"),           go_row<&go_len>("len"),
      go_row<&go_lt>("lt"),           go_row<&go_ne>("ne"),
      go_row<&go_not>("not"),         go_row<&go_or>("or"),
      go_row<&go_print>("print"),     go_row<&go_printf>("printf"),
      go_row<&go_println>("println"), go_row<&go_urlquery>("urlquery"),
  };
  return kRows;
}

}  // namespace weir::loki

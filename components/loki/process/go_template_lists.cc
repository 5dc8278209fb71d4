// SPDX-License-Identifier: Apache-2.0
// Functions of lists: none changes the list it is given.

#include "components/loki/process/go_template_functions.h"
#include "components/loki/process/go_text.h"

#include <algorithm>

namespace weir::loki {
namespace {

using List = GoValue::List;

List sprig_list(GoRest values) {
  return {values.begin(), values.end()};
}
GoValue sprig_first(const List& list) {
  return list.empty() ? GoValue{} : list.front();
}
GoValue sprig_last(const List& list) {
  return list.empty() ? GoValue{} : list.back();
}
List sprig_rest(const List& list) {
  return list.empty() ? List() : List(list.begin() + 1, list.end());
}
List sprig_initial(const List& list) {
  return list.empty() ? List() : List(list.begin(), list.end() - 1);
}
List sprig_append(const List& list, const GoValue& v) {
  List out = list;
  out.push_back(v);
  return out;
}
List sprig_prepend(const List& list, const GoValue& v) {
  List out = {v};
  out.insert(out.end(), list.begin(), list.end());
  return out;
}
GoAnswer sprig_concat(GoRest lists) {
  List out;
  for (const GoValue& v : lists) {
    const auto* list = std::get_if<List>(&v.data);
    if (list == nullptr) return std::nullopt;
    out.insert(out.end(), list->begin(), list->end());
  }
  return GoValue{std::move(out)};
}
List sprig_reverse(const List& list) {
  return {list.rbegin(), list.rend()};
}
bool is_in(const GoValue& v, GoRest list) {
  return std::any_of(list.begin(), list.end(),
                     [&](const GoValue& one) { return deep_equal(one, v); });
}
/// Nothing has nothing.
GoAnswer sprig_has(const GoValue& part, const GoValue& list) {
  if (list.is_nothing()) return GoValue{false};
  const auto* items = std::get_if<List>(&list.data);
  return items == nullptr ? std::nullopt : GoAnswer(GoValue{is_in(part, *items)});
}
/// Compares each with each: longer lists than this are not looked through.
constexpr std::size_t kMaxUnique = 2'000;
GoAnswer sprig_uniq(const List& list) {
  if (list.size() > kMaxUnique) return std::nullopt;
  List out;
  for (const GoValue& v : list) {
    if (!is_in(v, out)) out.push_back(v);
  }
  return GoValue{std::move(out)};
}
List sprig_without(const List& list, GoRest omitted) {
  List out;
  for (const GoValue& v : list) {
    if (!is_in(v, omitted)) out.push_back(v);
  }
  return out;
}
List sprig_compact(const List& list) {
  List out;
  for (const GoValue& v : list) {
    if (v.is_true()) out.push_back(v);
  }
  return out;
}
GoAnswer sprig_slice(const List& list, std::optional<GoValue> begin, std::optional<GoValue> end) {
  if (list.empty()) return GoValue{};
  const auto size = static_cast<std::int64_t>(list.size());
  const std::int64_t from = begin ? whole_of(*begin) : 0;
  const std::int64_t to = end ? whole_of(*end) : size;
  if (from < 0 || from > to || to > size) return std::nullopt;
  return GoValue{List(list.begin() + from, list.begin() + to)};
}
GoAnswer sprig_chunk(std::int64_t size, const List& list) {
  if (size <= 0) return std::nullopt;
  List out;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t count = std::min(list.size() - at, static_cast<std::size_t>(size));
    const auto from = list.begin() + static_cast<std::ptrdiff_t>(at);
    out.push_back({List(from, from + static_cast<std::ptrdiff_t>(count))});
    at += count;
  }
  return GoValue{std::move(out)};
}

// --- texts in lists

/// The items that are any as texts; of what is no list, itself.
std::vector<std::string> texts_of(const GoValue& v) {
  std::vector<std::string> out;
  if (const auto* list = std::get_if<List>(&v.data)) {
    for (const GoValue& item : *list) {
      if (!item.is_nothing()) out.push_back(item.text());
    }
  } else if (!v.is_nothing()) {
    out.push_back(v.text());
  }
  return out;
}
List list_of(std::vector<std::string> texts) {
  List out;
  for (std::string& text : texts) out.push_back({std::move(text)});
  return out;
}
List sprig_to_strings(const GoValue& v) {
  return list_of(texts_of(v));
}
List sprig_sort_alpha(const GoValue& v) {
  std::vector<std::string> texts = texts_of(v);
  std::sort(texts.begin(), texts.end());
  return list_of(std::move(texts));
}
GoAnswer sprig_join(std::string_view separator, const GoValue& v) {
  std::string out;
  bool first = true;
  for (const std::string& text : texts_of(v)) {
    if (!std::exchange(first, false)) out += separator;
    out += text;
    if (out.size() > kMaxMadeText) return std::nullopt;
  }
  return GoValue{std::move(out)};
}
/// Nothing if they are too many.
std::optional<std::vector<std::string_view>> parts_of(std::string_view text,
                                                      std::string_view separator,
                                                      std::int64_t most = kMaxMadeItems + 1) {
  if (most < 0) most = kMaxMadeItems + 1;
  auto out = split_text(text, separator, std::min(most, kMaxMadeItems + 1));
  return out.size() > kMaxMadeItems ? std::nullopt : std::optional(std::move(out));
}
GoAnswer sprig_split_list(std::string_view separator, std::string_view text) {
  const auto parts = parts_of(text, separator);
  if (!parts) return std::nullopt;
  List out;
  for (const std::string_view part : *parts) out.push_back({std::string(part)});
  return GoValue{std::move(out)};
}
/// The parts by number: _0, _1.
GoAnswer numbered(const std::optional<std::vector<std::string_view>>& parts) {
  if (!parts) return std::nullopt;
  std::vector<GoDict::Member> members;
  for (std::size_t i = 0; i < parts->size(); ++i)
    members.push_back({"_" + std::to_string(i), {std::string((*parts)[i])}});
  return GoValue{make_dict(std::move(members))};
}
GoAnswer sprig_split(std::string_view separator, std::string_view text) {
  return numbered(parts_of(text, separator));
}
GoAnswer sprig_splitn(std::string_view separator, std::int64_t most, std::string_view text) {
  return numbered(parts_of(text, separator, most));
}

}  // namespace

TemplateFunctions list_functions() {
  static constexpr TemplateFunction kRows[] = {
      go_row<&sprig_list>("list"),
      go_row<&sprig_list>("tuple"),
      go_row<&sprig_first>("first"),
      go_row<&sprig_first>("mustFirst"),
      go_row<&sprig_last>("last"),
      go_row<&sprig_last>("mustLast"),
      go_row<&sprig_rest>("rest"),
      go_row<&sprig_rest>("mustRest"),
      go_row<&sprig_initial>("initial"),
      go_row<&sprig_initial>("mustInitial"),
      go_row<&sprig_append>("append"),
      go_row<&sprig_append>("mustAppend"),
      go_row<&sprig_append>("push"),
      go_row<&sprig_append>("mustPush"),
      go_row<&sprig_prepend>("prepend"),
      go_row<&sprig_prepend>("mustPrepend"),
      go_row<&sprig_concat>("concat"),
      go_row<&sprig_reverse>("reverse"),
      go_row<&sprig_reverse>("mustReverse"),
      go_row<&sprig_has>("has"),
      go_row<&sprig_has>("mustHas"),
      go_row<&sprig_uniq>("uniq"),
      go_row<&sprig_uniq>("mustUniq"),
      go_row<&sprig_without>("without"),
      go_row<&sprig_without>("mustWithout"),
      go_row<&sprig_compact>("compact"),
      go_row<&sprig_compact>("mustCompact"),
      go_row<&sprig_slice>("slice"),
      go_row<&sprig_slice>("mustSlice"),
      go_row<&sprig_chunk>("chunk"),
      go_row<&sprig_chunk>("mustChunk"),
      go_row<&sprig_to_strings>("toStrings"),
      go_row<&sprig_sort_alpha>("sortAlpha"),
      go_row<&sprig_join>("join"),
      go_row<&sprig_split_list>("splitList"),
      go_row<&sprig_split>("split"),
      go_row<&sprig_splitn>("splitn"),
  };
  return kRows;
}

}  // namespace weir::loki

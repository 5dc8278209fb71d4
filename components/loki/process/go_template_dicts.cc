// SPDX-License-Identifier: Apache-2.0
// Functions of dictionaries. `set`, `unset` and the merges change the one they are given, as the
// library's do; names come in their order, where the library's come in none.

#include "components/loki/process/go_template_functions.h"

#include <algorithm>

namespace weir::loki {
namespace {

using Dict = GoValue::Dict;

/// Names and values by turns; a last name without one has the empty text.
GoAnswer sprig_dict(GoRest values) {
  Dict out = make_dict();
  for (std::size_t i = 0; i < values.size(); i += 2) {
    GoValue value = i + 1 < values.size() ? values[i + 1] : GoValue{std::string()};
    if (!put(out, values[i].text(), std::move(value))) return std::nullopt;
  }
  return GoValue{std::move(out)};
}
GoValue sprig_get(const Dict& dict, std::string_view name) {
  const GoValue* found = dict->find(name);
  return found == nullptr ? GoValue{std::string()} : *found;
}
GoAnswer sprig_set(const Dict& dict, std::string_view name, const GoValue& value) {
  return put(dict, name, value) ? GoAnswer(GoValue{dict}) : std::nullopt;
}
Dict sprig_unset(const Dict& dict, std::string_view name) {
  take_out(dict, name);
  return dict;
}
bool sprig_has_key(const Dict& dict, std::string_view name) {
  return dict->find(name) != nullptr;
}
GoAnswer sprig_keys(GoRest dicts) {
  GoValue::List out;
  for (const GoValue& v : dicts) {
    const auto* dict = std::get_if<Dict>(&v.data);
    if (dict == nullptr) return std::nullopt;
    for (const GoDict::Member& member : (*dict)->members) out.push_back({member.name});
  }
  return GoValue{std::move(out)};
}
GoValue::List sprig_values(const Dict& dict) {
  GoValue::List out;
  for (const GoDict::Member& member : dict->members) out.push_back(member.value);
  return out;
}
GoAnswer sprig_pluck(std::string_view name, GoRest dicts) {
  GoValue::List out;
  for (const GoValue& v : dicts) {
    const auto* dict = std::get_if<Dict>(&v.data);
    if (dict == nullptr) return std::nullopt;
    if (const GoValue* found = (*dict)->find(name)) out.push_back(*found);
  }
  return GoValue{std::move(out)};
}

/// The members whose names are among `names`, or are not.
GoAnswer chosen(const Dict& dict, GoRest names, bool among) {
  for (const GoValue& v : names) {
    if (!std::holds_alternative<std::string>(v.data)) return std::nullopt;
  }
  std::vector<GoDict::Member> out;
  for (const GoDict::Member& member : dict->members) {
    const bool is_among = std::any_of(names.begin(), names.end(), [&](const GoValue& v) {
      return std::get<std::string>(v.data) == member.name;
    });
    if (is_among == among) out.push_back(member);
  }
  return GoValue{make_dict(std::move(out))};
}
GoAnswer sprig_pick(const Dict& dict, GoRest names) {
  return chosen(dict, names, true);
}
GoAnswer sprig_omit(const Dict& dict, GoRest names) {
  return chosen(dict, names, false);
}

GoValue copy_of(const GoValue& v) {
  if (const auto* list = std::get_if<GoValue::List>(&v.data)) {
    GoValue::List out;
    for (const GoValue& item : *list) out.push_back(copy_of(item));
    return {std::move(out)};
  }
  if (const auto* dict = std::get_if<Dict>(&v.data)) {
    std::vector<GoDict::Member> out;
    for (const GoDict::Member& member : (*dict)->members)
      out.push_back({member.name, copy_of(member.value)});
    return {make_dict(std::move(out))};
  }
  return v;
}

/// Writes into `into` what it has not, or what is empty there; with `overwrites` all that is not
/// empty. Dictionaries in both are merged in turn.
bool merged(const Dict& into, const Dict& from, bool overwrites) {
  const std::vector<GoDict::Member> members = from->members;  // they may be one
  for (const GoDict::Member& member : members) {
    const GoValue* known = into->find(member.name);
    const auto* inner = known == nullptr ? nullptr : std::get_if<Dict>(&known->data);
    const auto* other = std::get_if<Dict>(&member.value.data);
    if (inner != nullptr && other != nullptr && (*inner)->members.size() > 0) {
      const Dict deeper = *inner;
      if (!merged(deeper, *other, overwrites)) return false;
      continue;
    }
    const bool takes = overwrites ? member.value.is_true() || known == nullptr
                                  : known == nullptr || !known->is_true();
    if (takes && !put(into, member.name, member.value)) return false;
  }
  return true;
}
GoAnswer merged_all(const Dict& into, GoRest dicts, bool overwrites) {
  for (const GoValue& v : dicts) {
    const auto* dict = std::get_if<Dict>(&v.data);
    if (dict == nullptr || !merged(into, *dict, overwrites)) return std::nullopt;
  }
  return GoValue{into};
}
GoAnswer sprig_merge(const Dict& into, GoRest dicts) {
  return merged_all(into, dicts, false);
}
GoAnswer sprig_merge_overwrite(const Dict& into, GoRest dicts) {
  return merged_all(into, dicts, true);
}

/// Names, then what stands for one that is not there, then the dictionary.
GoAnswer sprig_dig(GoRest values) {
  if (values.size() < 3) return std::nullopt;
  const GoValue* at = &values.back();
  for (const GoValue& key : values.first(values.size() - 2)) {
    const auto* dict = std::get_if<Dict>(&at->data);
    const auto* name = std::get_if<std::string>(&key.data);
    if (dict == nullptr || name == nullptr) return std::nullopt;
    at = (*dict)->find(*name);
    if (at == nullptr) return values[values.size() - 2];
  }
  return *at;
}

}  // namespace

TemplateFunctions dict_functions() {
  static constexpr TemplateFunction kRows[] = {
      go_row<&sprig_dict>("dict"),
      go_row<&sprig_get>("get"),
      go_row<&sprig_set>("set"),
      go_row<&sprig_unset>("unset"),
      go_row<&sprig_has_key>("hasKey"),
      go_row<&sprig_keys>("keys"),
      go_row<&sprig_values>("values"),
      go_row<&sprig_pluck>("pluck"),
      go_row<&sprig_pick>("pick"),
      go_row<&sprig_omit>("omit"),
      go_row<&copy_of>("deepCopy"),
      go_row<&copy_of>("mustDeepCopy"),
      go_row<&sprig_merge>("merge"),
      go_row<&sprig_merge>("mustMerge"),
      go_row<&sprig_merge_overwrite>("mergeOverwrite"),
      go_row<&sprig_merge_overwrite>("mustMergeOverwrite"),
      go_row<&sprig_dig>("dig"),
  };
  return kRows;
}

}  // namespace weir::loki

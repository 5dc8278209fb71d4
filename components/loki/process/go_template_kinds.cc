// SPDX-License-Identifier: Apache-2.0
// Functions of any value: what it is, whether it is empty, what stands for it then.

#include "components/loki/process/go_template_functions.h"

#include <algorithm>

namespace weir::loki {
namespace {

GoValue sprig_default(const GoValue& otherwise, GoRest given) {
  return !given.empty() && given[0].is_true() ? given[0] : otherwise;
}
bool sprig_empty(const GoValue& v) {
  return !v.is_true();
}
GoValue sprig_coalesce(GoRest values) {
  const auto at =
      std::find_if(values.begin(), values.end(), [](const GoValue& v) { return v.is_true(); });
  return at == values.end() ? GoValue{} : *at;
}
bool sprig_all(GoRest values) {
  return std::all_of(values.begin(), values.end(), [](const GoValue& v) { return v.is_true(); });
}
bool sprig_any(GoRest values) {
  return std::any_of(values.begin(), values.end(), [](const GoValue& v) { return v.is_true(); });
}
GoValue sprig_ternary(const GoValue& yes, const GoValue& no, bool which) {
  return which ? yes : no;
}
/// What the user wants to fail does.
GoAnswer sprig_fail(std::string_view) {
  return std::nullopt;
}

std::string_view sprig_type_of(const GoValue& v) {
  return type_of(v);
}
std::string_view sprig_kind_of(const GoValue& v) {
  static constexpr std::string_view kKinds[] = {"invalid", "bool", "int", "float64", "string",
                                                "slice",   "map",  "map", "struct"};
  return kKinds[v.data.index()];
}
bool sprig_type_is(std::string_view type, const GoValue& v) {
  return type_of(v) == type;
}
/// Also of a pointer to it, which no value here is.
bool sprig_type_is_like(std::string_view type, const GoValue& v) {
  return type_of(v) == type || type_of(v) == "*" + std::string(type);
}
bool sprig_kind_is(std::string_view kind, const GoValue& v) {
  return sprig_kind_of(v) == kind;
}

}  // namespace

TemplateFunctions kind_functions() {
  static constexpr TemplateFunction kRows[] = {
      go_row<&sprig_default>("default"),   go_row<&sprig_empty>("empty"),
      go_row<&sprig_coalesce>("coalesce"), go_row<&sprig_all>("all"),
      go_row<&sprig_any>("any"),           go_row<&sprig_ternary>("ternary"),
      go_row<&sprig_fail>("fail"),         go_row<&sprig_type_of>("typeOf"),
      go_row<&sprig_type_is>("typeIs"),    go_row<&sprig_type_is_like>("typeIsLike"),
      go_row<&sprig_kind_of>("kindOf"),    go_row<&sprig_kind_is>("kindIs"),
      go_row<&deep_equal>("deepEqual"),
  };
  return kRows;
}

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// The functions of templates, by family: Go's own, the reference's for text, and its library's
// (sprig's). Each family is one table, and the table is all that others see of it.

#pragma once

#include "components/loki/process/go_template.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace weir::loki {

/// The longest list that a function makes of a number or a text.
inline constexpr std::int64_t kMaxMadeItems = 1'000'000;

using TemplateFunctions = std::span<const TemplateFunction>;
TemplateFunctions builtin_functions();
TemplateFunctions text_functions();
TemplateFunctions letter_functions();
TemplateFunctions number_functions();
TemplateFunctions list_functions();
TemplateFunctions dict_functions();
TemplateFunctions kind_functions();
TemplateFunctions regex_functions();
TemplateFunctions json_functions();
TemplateFunctions code_functions();
TemplateFunctions date_functions();
TemplateFunctions path_functions();

template <auto function>
constexpr TemplateFunction go_row(std::string_view name) {
  return row<TemplateLanguage, function>(name);
}

/// Anything as a whole number, as the library reads it; 0 if it is none.
std::int64_t whole_of(const GoValue& v);
double real_of(const GoValue& v);
/// All the arguments as one text: the only one if it is a text, else as `print` writes them.
std::string print_all(GoRest values);

}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// string.format.

#include "interpreter/catalog/function_def.h"
#include "interpreter/value/sprintf.h"
#include "stdlib/limits.h"

namespace weir::stdlib {
namespace {

Result<std::string> format_text(catalog::Call& call, const std::string& format,
                                const catalog::Rest<value::Value>& values) {
  WEIR_TRY(value::Formatted made, value::sprintf(format, values.values, kMaxTextBytes));
  if (!made.mistake.empty()) {
    call.warn({0,
               text::DiagnosticCode::kFormatVerb,
               {},
               weir::format("does not fit its values: the text will hold {}", made.mistake),
               {}});
  }
  return std::move(made.text);
}

constexpr catalog::Param kFormatParams[] = {
    {"format", "The text, with a verb such as `%s`, `%d` or `%.2f` for each value."},
    {"values", "What the verbs stand for, in order."},
};
constexpr catalog::Example kFormatExamples[] = {
    {R"(string.format("%s:%d", "localhost", 80))", R"("localhost:80")"},
    {R"(string.format("%5.1f|%-4s|%04d|%x", 3.14159, "ab", 7, 255))", R"("  3.1|ab  |0007|ff")"},
    {R"(string.format("%v %v", [1, "a", true], {b = 2, a = null}))",
     R"("[1 a true] map[a:<nil> b:2]")"},
    {R"(string.format("%[2]s %[1]q", "a", "b"))", R"("b \"a\"")"},
};

}  // namespace

extern constexpr catalog::FunctionDef string_format =
    catalog::function<&format_text>(
        "string.format",
        "Writes values into a text; verbs and flags are those of Go's fmt.Sprintf.", kFormatParams,
        kFormatExamples)
        .refusing_secrets();
extern constexpr catalog::FunctionDef old_format = string_format.alias("format");

}  // namespace weir::stdlib

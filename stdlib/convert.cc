// SPDX-License-Identifier: Apache-2.0
// convert: the one way out of a secret.

#include "interpreter/catalog/function_def.h"

namespace weir::stdlib {
namespace {

Result<std::string> nonsensitive(const value::Secret& secret) {
  return secret.text;
}

constexpr catalog::Param kNonsensitiveParams[] = {{"secret", "A secret, or a string."}};
constexpr catalog::Example kNonsensitiveExamples[] = {
    {R"(convert.nonsensitive("open"))", R"("open")"}};

}  // namespace

extern constexpr catalog::FunctionDef convert_nonsensitive = catalog::function<&nonsensitive>(
    "convert.nonsensitive", "Takes the text out of a secret, to be shown or used as a string.",
    kNonsensitiveParams, kNonsensitiveExamples);
extern constexpr catalog::FunctionDef old_nonsensitive = convert_nonsensitive.alias("nonsensitive");

}  // namespace weir::stdlib

// SPDX-License-Identifier: Apache-2.0
// json_path: parts of a JSON document by path.

#include "interpreter/catalog/function_def.h"
#include "interpreter/value/json.h"
#include "stdlib/jsonpath.h"
#include "stdlib/limits.h"

namespace weir::stdlib {
namespace {

Result<value::Array> json_path_of(const std::string& text, const std::string& path) {
  if (text.size() > kMaxDocumentBytes) return too_long(kMaxDocumentBytes);
  if (path.size() > kMaxPathBytes) return too_long(kMaxPathBytes);
  WEIR_TRY(const value::Value document, value::parse_json(text, value::JsonNumbers::kAsWritten));
  return select(document, path);
}

constexpr catalog::Param kJsonPathParams[] = {
    {"text", "A JSON document."},
    {"path", "A JSONPath; the `$` in front may be left out."},
};
constexpr catalog::Example kJsonPathExamples[] = {
    {R"(json_path("{\"a\": {\"b\": [1, 2]}}", ".a.b[-1]"))", "[2]"},
    {R"(json_path("[{\"n\": \"x\", \"v\": 1}, {\"n\": \"y\", \"v\": 2}]", "$[?(@.n == \"y\")].v"))",
     "[2]"},
    {R"(json_path("{\"a\": {\"k\": 1}, \"b\": {\"k\": 2.5}}", "$..k"))", "[1, 2.5]"},
    {R"(json_path("{\"a\": 1}", "."))", "[{a = 1}]"},
    {R"(json_path("{}", ".missing"))", "[]"},
};

}  // namespace

extern constexpr catalog::FunctionDef json_path = catalog::function<&json_path_of>(
    "json_path", "Returns the list of all that a JSONPath selects of a JSON document.",
    kJsonPathParams, kJsonPathExamples);

}  // namespace weir::stdlib

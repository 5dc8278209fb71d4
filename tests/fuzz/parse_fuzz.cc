// SPDX-License-Identifier: Apache-2.0
// Any bytes are a configuration, an expression and a token, or give diagnostics that can be
// printed.

#include "base/check.h"
#include "interpreter/syntax/parse.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  const auto source =
      text::Source::make("fuzz", std::string(reinterpret_cast<const char*>(data), size));
  text::DiagnosticSink sink;
  WEIR_CHECK(syntax::parse_file(source, sink) != nullptr, "a tree comes of any text");
  WEIR_CHECK(syntax::parse_expression(source, sink).expression != nullptr,
             "an expression comes of any text");
  syntax::scan_first_token(source, sink);
  for (const auto style :
       {text::RenderStyle::kText, text::RenderStyle::kJson, text::RenderStyle::kGithub}) {
    WEIR_CHECK(sink.all().empty() || !text::render(sink.all(), {style, true}).empty(),
               "what is said can be shown");
  }
  return 0;
}

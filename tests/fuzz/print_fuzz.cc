// SPDX-License-Identifier: Apache-2.0
// The formatter keeps its promises for whatever parses: the result parses to the same tree with all
// its comments, and a second run changes nothing.

#include "base/check.h"
#include "interpreter/syntax/parse.h"
#include "interpreter/syntax/print.h"
#include "tests/support/same_tree.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  text::DiagnosticSink sink;
  const auto parse = [&](std::string text) {
    return syntax::parse_file(text::Source::make("fuzz", std::move(text)), sink);
  };
  const auto first = parse(std::string(reinterpret_cast<const char*>(data), size));
  if (sink.has_errors()) return 0;
  const std::string once = syntax::print(*first);
  const auto second = parse(once);
  WEIR_CHECK(!sink.has_errors(), once);
  WEIR_CHECK(test::tree_difference(first->body, second->body).empty(), once);
  WEIR_CHECK(first->comments.size() == second->comments.size(), once);
  WEIR_CHECK(syntax::print(*second) == once, once);
  return 0;
}

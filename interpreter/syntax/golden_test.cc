// SPDX-License-Identifier: Apache-2.0
// What is said about texts that do not parse: tests/golden/syntax/, each NAME.alloy there and
// NAME.txt, its diagnostics as the command line shows them. Every code of this layer has a case.

#include "tests/support/golden.h"

#include "interpreter/syntax/parse.h"
#include "tests/support/paths.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

namespace weir::syntax {
namespace {

std::string shown(const std::string& text) {
  text::DiagnosticSink sink;
  parse_file(text::Source::make("main.alloy", text), sink);
  sink.sort();
  return text::render(sink.all(), {});
}

const bool kGoldens = test::register_goldens("SyntaxGolden", "syntax", ".alloy", shown);

TEST(SyntaxGoldens, ShowEveryCodeOfTheLayer) {
  std::set<std::string> cases;
  for (const auto& entry :
       std::filesystem::directory_iterator(WEIR_SOURCE_DIR "/tests/golden/syntax")) {
    cases.insert(entry.path().filename().string().substr(0, 5));
  }
  for (const text::CodeInfo& code : text::all_codes()) {
    if (code.code == text::DiagnosticCode::kTooManyErrors) continue;  // Parse.MistakesWithoutEnd...
    if (code.code == text::DiagnosticCode::kUnreadable) continue;     // there is no text to show
    if (!code.number.starts_with("E01") && !code.number.starts_with("E02")) continue;
    EXPECT_TRUE(cases.contains("e" + std::string(code.number.substr(1))))
        << code.number << " has no golden";
  }
}

}  // namespace
}  // namespace weir::syntax

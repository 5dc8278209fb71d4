// SPDX-License-Identifier: Apache-2.0
// The checker over tests/golden/check/: each NAME.alloy there tells what NAME.txt says, with the
// components of tests/support/small_catalog.h. UPDATE_GOLDEN=1 rewrites the .txt files.

#include "interpreter/check/check.h"

#include "interpreter/syntax/parse.h"
#include "tests/support/small_catalog.h"
#include "tests/support/paths.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace weir::check {
namespace {

/// "E0312 3:2-9 unknown attribute ..." for each diagnostic, hint and notes below.
std::string print_told(const text::DiagnosticSink& sink) {
  const auto place = [](text::Span span) {
    const auto start = span.start();
    const auto last = span.last();
    const std::string end = last.line == start.line ? format("{}", last.column)
                                                    : format("{}:{}", last.line, last.column);
    return format("{}:{}-{}", start.line, start.column, end);
  };
  std::string out;
  for (const auto& d : sink.all()) {
    out += format("{} {} {}\n", text::info(d.code).number, place(d.span), d.message);
    if (!d.hint.empty()) out += format("    = {}\n", d.hint);
    for (const auto& note : d.notes) out += format("    {} {}\n", place(note.span), note.message);
  }
  return out;
}

std::string told(const std::string& text, const Options& options = {}) {
  text::DiagnosticSink sink;
  const auto file = syntax::parse_file(text::Source::make("t.alloy", text), sink);
  if (sink.has_errors()) return "does not parse\n" + print_told(sink);
  return print_told(check({file}, test::small_catalog(), test::small_library(), options));
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

class CheckGolden : public testing::Test {
 public:
  explicit CheckGolden(std::filesystem::path input) : input_(std::move(input)) {}
  void TestBody() override {
    std::filesystem::path expected = input_;
    expected.replace_extension(".txt");
    const std::string got = told(read_text(input_));
    if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(expected) << got;
    EXPECT_EQ(got, read_text(expected));
  }

 private:
  std::filesystem::path input_;
};

const bool kCheckGoldensRegistered = [] {
  std::vector<std::filesystem::path> inputs;
  for (const auto& entry :
       std::filesystem::directory_iterator(WEIR_SOURCE_DIR "/tests/golden/check")) {
    if (entry.path().extension() == ".alloy") inputs.push_back(entry.path());
  }
  std::sort(inputs.begin(), inputs.end());
  for (const auto& input : inputs) {
    testing::RegisterTest(
        "CheckGolden", input.stem().c_str(), nullptr, nullptr, __FILE__, __LINE__,
        [input]() -> testing::Test* { return std::make_unique<CheckGolden>(input).release(); });
  }
  return !inputs.empty();
}();

TEST(Check, GoldensAreThere) {
  EXPECT_TRUE(kCheckGoldensRegistered);
}

}  // namespace
}  // namespace weir::check

// SPDX-License-Identifier: Apache-2.0
// The checker with the components and functions of the program, over the conformance corpus: real
// configurations pass, and what `validate` tells of broken ones is told at the same places.

#include "base/codec/json.h"
#include "components/catalog.h"
#include "interpreter/check/check.h"
#include "interpreter/syntax/parse.h"
#include "server/services.h"
#include "stdlib/functions.h"
#include "tests/support/corpus.h"
#include "tests/support/paths.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace weir {
namespace {

using codec::JsonValue;
using text::DiagnosticCode;
using text::Severity;

using NamedTexts = std::vector<std::pair<std::string, std::string>>;

const catalog::Catalog& whole_catalog() {
  static const catalog::Catalog kCatalog([] {
    std::vector<const catalog::ComponentDef*> rows;
    for (const auto* row : components()) rows.push_back(row);
    for (const auto* row : server::services()) rows.push_back(row);
    return rows;
  }());
  return kCatalog;
}

text::DiagnosticSink check_texts(const NamedTexts& texts, const check::Options& options) {
  static const catalog::FunctionTable kFunctions =
      stdlib::functions(stdlib::Constants::of_this_machine("0"));
  text::DiagnosticSink sink;
  std::vector<std::shared_ptr<const syntax::File>> files;
  for (const auto& [name, text] : texts)
    files.push_back(syntax::parse_file(text::Source::make(name, text), sink));
  if (!sink.has_errors()) return check::check(files, whole_catalog(), kFunctions, options);
  sink.sort();
  return sink;
}

/// A real configuration: that something is not built yet may be said where it is not, nothing else.
void expect_passes(const std::string& file) {
  check::Options options;
  options.minimum_stability = schema::Stability::kExperimental;
  options.community = true;
  options.module_path = "/etc/weir";
  const auto sink = check_texts({{file, test::corpus_bytes("configs/" + file)}}, options);
  for (const auto& d : sink.all()) {
    if (d.code == DiagnosticCode::kNotBuiltYet) {
      EXPECT_TRUE(test::may_be_unbuilt(d.message));
    } else if (d.severity == Severity::kError) {
      ADD_FAILURE() << text::info(d.code).number << " " << text::one_line(d);
    }
  }
}

/// One test for each configuration that is known to be good.
bool register_configs() {
  for (const JsonValue& row : test::read_corpus("configs/index.jsonl")) {
    const std::string file = test::text_of(row, "file");
    const JsonValue* strict = row.find("strict_ok");
    if (strict == nullptr || !*strict->as_bool()) continue;
    test::register_case("ConfigsCorpus", file, [file] {
      if (const std::string* reason = test::exception_reason("configs/index.jsonl", file))
        GTEST_SKIP() << *reason;
      expect_passes(file);
    });
  }
  return true;
}

/// Where something is told: "Error main.alloy:4:2-20", or "-..." if the range has several lines.
std::string place_of(const text::Diagnostic& d) {
  const auto start = d.span.start();
  const auto last = d.span.last();
  return format("{} {}:{}:{}-{}", d.severity == Severity::kError ? "Error" : "Warning",
                d.source->name(), start.line, start.column,
                last.line == start.line ? format("{}", last.column) : "...");
}

/// The places in what the reference's `validate` prints: a header, then the lines with their
/// markers.
std::multiset<std::string> places_in(const std::string& told) {
  std::multiset<std::string> out;
  std::istringstream in(told);
  std::string header;  // one whose markers did not come yet
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("Error: ") || line.starts_with("Warning: ")) {
      if (!header.empty()) out.insert(header + "-0");  // beyond the line: no marker
      const std::size_t colon = line.find(": ");
      header = line.substr(0, colon) + " " +
               line.substr(colon + 2, line.find(": ", colon + 2) - colon - 2);
    } else if (const std::size_t first = line.find('^');
               first != std::string::npos && !header.empty()) {
      const bool long_range = line.find("_^") != std::string::npos;
      const auto width = std::count(line.begin(), line.end(), '^');
      const auto column = std::stol(header.substr(header.rfind(':') + 1));
      out.insert(header + "-" + (long_range ? "..." : std::to_string(column + width - 1)));
      header.clear();
    }
  }
  if (!header.empty()) out.insert(header + "-0");
  return out;
}

/// The reference has no warnings about where data flows.
bool is_ours_alone(DiagnosticCode code) {
  return text::info(code).severity == Severity::kWarning && code != DiagnosticCode::kDeprecated &&
         code != DiagnosticCode::kShadowing;
}

/// The first place of each file, without where it ends.
std::multiset<std::string> first_places(const std::multiset<std::string>& places) {
  std::map<std::string, std::pair<std::pair<long, long>, std::string>> first;
  for (const std::string& place : places) {
    const std::size_t column = place.rfind(':');
    const std::size_t line = place.rfind(':', column - 1);
    const std::pair at(std::stol(place.substr(line + 1)), std::stol(place.substr(column + 1)));
    const auto [known, fresh] =
        first.try_emplace(place.substr(0, line), at, place.substr(0, place.rfind('-')));
    if (!fresh && at < known->second.first) known->second = {at, place.substr(0, place.rfind('-'))};
  }
  std::multiset<std::string> out;
  for (const auto& [file, found] : first) out.insert(found.second);
  return out;
}

/// Syntax errors: the first place of each file. Else all places; of a case that names components
/// which are not built, what we tell must at least be told by the reference too.
void expect_same_places(const JsonValue& described) {
  check::Options options;
  options.minimum_stability = *schema::parse_stability(test::text_of(described, "stability_level"));
  NamedTexts texts;
  for (const auto& [name, text] : *described.find("files")->as_object())
    texts.emplace_back(name, *text.as_string());
  const auto sink = check_texts(texts, options);
  const std::multiset<std::string> want = places_in(test::text_of(described, "expect_stderr"));
  std::multiset<std::string> got;
  std::string told;
  for (const auto& d : sink.all())
    told += format("{} {}\n", text::info(d.code).number, text::one_line(d));
  SCOPED_TRACE(told);
  bool complete = true;
  bool parsed = true;
  for (const auto& d : sink.all()) {
    if (text::info(d.code).number < "E03") parsed = false;
    if (d.code == DiagnosticCode::kNotBuiltYet) {
      EXPECT_TRUE(test::may_be_unbuilt(d.message));
      complete = false;
    } else if (!is_ours_alone(d.code)) {
      got.insert(place_of(d));
    }
  }
  if (!parsed) {
    EXPECT_EQ(first_places(got), first_places(want));
    return;
  }
  if (complete) {
    EXPECT_EQ(got, want);
    return;
  }
  for (const std::string& place : got) EXPECT_LE(got.count(place), want.count(place)) << place;
}

const bool kConfigs = register_configs();
const bool kValidate =
    test::register_corpus("ValidateCorpus", "language/validate/cases.jsonl", expect_same_places);

TEST(CheckCorpus, NothingBuiltIsOnTheListOfWhatIsNot) {
  const catalog::Catalog& all = whole_catalog();
  std::ifstream in(std::filesystem::path(WEIR_SOURCE_DIR) / "tests/not_built.txt");
  std::size_t components = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#') || line.find(' ') != std::string::npos) continue;
    if (line.starts_with("stage.")) continue;  // loki.process's tests look at those
    EXPECT_TRUE(all.is_unbuilt(line)) << line << " is built, or is nothing of the reference";
    ++components;
  }
  EXPECT_EQ(components, all.unbuilt().size()) << "`weir components` knows others";
}

TEST(CheckCorpus, IsRegistered) {
  EXPECT_TRUE(kConfigs && kValidate);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
// The conformance corpus of the parser and the formatter, and every real configuration.

#include "base/codec/base64.h"
#include "interpreter/syntax/parse.h"
#include "interpreter/syntax/print.h"
#include "tests/support/corpus.h"
#include "tests/support/same_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace weir::syntax {
namespace {

using codec::JsonValue;

struct Parsed {
  std::shared_ptr<const File> file;
  text::DiagnosticSink sink;
};

Parsed parsed(std::string text) {
  Parsed out;
  out.file = parse_file(text::Source::make("t", std::move(text)), out.sink);
  return out;
}

/// "line:column" of the first error; "" if there is none.
std::string first_place(const text::DiagnosticSink& sink) {
  if (sink.all().empty()) return {};
  const text::Position at = sink.all().front().span.start();
  return format("{}:{}", at.line, at.column);
}

std::string source_of(const JsonValue& line) {
  const JsonValue* encoded = line.find("source_base64");
  return encoded == nullptr ? test::text_of(line, "source")
                            : codec::base64_decode(*encoded->as_string()).value_or("");
}

/// Accepted or refused, and refused at the reference's place; also one scanned token.
void run_parse_case(const JsonValue& line) {
  const auto source = text::Source::make("t", source_of(line));
  const std::string mode = test::text_of(line, "mode");
  text::DiagnosticSink sink;
  if (mode == "file") {
    parse_file(source, sink);
  } else if (mode == "expr") {
    parse_expression(source, sink);
  } else {
    EXPECT_EQ(scan_first_token(source, sink).name, test::text_of(line, "token"));
  }
  const std::string* want = line.find("error_at")->as_string();
  EXPECT_EQ(first_place(sink), want == nullptr ? "" : *want)
      << (sink.all().empty() ? "" : text::one_line(sink.all()[0]));
}

void run_token_case(const JsonValue& line) {
  text::DiagnosticSink sink;
  const ScannedToken token =
      scan_first_token(text::Source::make("t", test::text_of(line, "source")), sink);
  EXPECT_EQ(token.name, test::text_of(line, "token"));
  EXPECT_EQ(token.literal, test::text_of(line, "literal"));
  EXPECT_FALSE(sink.has_errors());
}

void run_identifier_case(const JsonValue& line) {
  const std::string operation = test::text_of(line, "op");
  const std::string input = test::text_of(line, "input");
  if (operation == "is_valid_identifier") {
    EXPECT_EQ(is_identifier(input), *line.find("expect")->as_bool());
  } else if (operation == "sanitize_identifier") {
    EXPECT_EQ(sanitize_identifier(input), test::text_of(line, "expect"));
  } else {
    const Parsed object = parsed("o = {" + input + "}");
    ASSERT_FALSE(object.sink.has_errors());
    EXPECT_EQ(object.file->body.statements[0].attribute->value->fields[0].name,
              test::text_of(line, "expect"));
  }
}

/// The first line in which two texts differ; "" if there is none. The texts are long.
std::string first_change(std::string_view want, std::string_view got) {
  if (want == got) return {};
  const auto differs = std::mismatch(want.begin(), want.end(), got.begin(), got.end());
  const auto begin =
      want.rfind('\n', static_cast<std::size_t>(differs.first - want.begin()) - 1) + 1;
  return format("wanted {} ... got {}", want.substr(begin, 80),
                got.substr(std::min(begin, got.size()), 80));
}

/// What the formatter promises of any text that parses.
void expect_sound_format(const File& file) {
  const std::string once = print(file);
  const Parsed again = parsed(once);
  ASSERT_FALSE(again.sink.has_errors()) << text::one_line(again.sink.all()[0]) << "\n"
                                        << once.substr(0, 2000);
  EXPECT_EQ(test::tree_difference(file.body, again.file->body), "");
  EXPECT_EQ(file.comments.size(), again.file->comments.size());
  EXPECT_EQ(first_change(once, print(*again.file)), "");
}

constexpr const char* kFormatIndex = "language/fmt/INDEX.jsonl";

void run_format_case(const JsonValue& line) {
  const std::string name = "language/fmt/" + test::text_of(line, "name");
  const std::string kind = test::text_of(line, "kind");
  const bool pair = kind == "pair";
  const Parsed input =
      parsed(test::corpus_bytes(name + (kind == "canonical" ? ".canonical.alloy" : ".in.alloy")));
  ASSERT_EQ(input.sink.has_errors(), kind == "error");
  if (kind == "error") return;
  std::string want = test::corpus_bytes(name + (pair ? ".out.alloy" : ".canonical.alloy"));
  while (want.ends_with('\n')) want.pop_back();
  EXPECT_EQ(first_change(want + '\n', print(*input.file)), "");
  expect_sound_format(*input.file);
}

/// Where the reference is wrong the values must stay what they are.
void run_format_exception(const JsonValue& line) {
  const Parsed input =
      parsed(test::corpus_bytes("language/fmt/" + test::text_of(line, "name") + ".in.alloy"));
  ASSERT_FALSE(input.sink.has_errors());
  expect_sound_format(*input.file);
}

void run_config(const std::string& path) {
  const Parsed config = parsed(test::corpus_bytes(path));
  ASSERT_FALSE(config.sink.has_errors()) << text::one_line(config.sink.all()[0]);
  expect_sound_format(*config.file);
}

void run_rejected(const JsonValue& line) {
  const Parsed config =
      parsed(test::corpus_bytes("configs/rejected/" + test::text_of(line, "file")));
  const std::string error = test::text_of(line, "error");
  EXPECT_EQ(first_place(config.sink), error.substr(0, error.find(": ")));
}

bool register_format_cases() {
  for (const JsonValue& line : test::read_corpus(kFormatIndex)) {
    const std::string name = test::text_of(line, "name");
    if (test::exception_reason(kFormatIndex, name) == nullptr) continue;
    test::register_case("FormatException", name, [line] { run_format_exception(line); });
  }
  return test::register_corpus("FormatCorpus", kFormatIndex, run_format_case);
}

bool register_configs() {
  if (test::corpus_folder().empty()) return true;
  const std::filesystem::path folder = std::filesystem::path(test::corpus_folder()) / "configs";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".alloy") continue;
    const std::string name = entry.path().filename();
    test::register_case("Configs", name, [name] { run_config("configs/" + name); });
  }
  for (const JsonValue& line : test::read_corpus("configs/rejected/index.jsonl")) {
    test::register_case("RejectedConfigs", test::text_of(line, "file"),
                        [line] { run_rejected(line); });
  }
  return true;
}

const bool kAccept =
    test::register_corpus("ParseAccept", "language/parse/accept.jsonl", run_parse_case);
const bool kReject =
    test::register_corpus("ParseReject", "language/parse/reject.jsonl", run_parse_case);
const bool kTokens =
    test::register_corpus("ParseTokens", "language/parse/tokens.jsonl", run_token_case);
const bool kIdentifiers = test::register_corpus(
    "ParseIdentifiers", "language/parse/identifiers.jsonl", run_identifier_case);
const bool kFormats = register_format_cases();
const bool kConfigs = register_configs();

}  // namespace
}  // namespace weir::syntax

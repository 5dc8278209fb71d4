// SPDX-License-Identifier: Apache-2.0
#include "tests/support/corpus.h"

#include "base/codec/base64.h"
#include "tests/support/paths.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>

namespace weir::test {
namespace {

namespace fs = std::filesystem;

class CorpusCase final : public testing::Test {
 public:
  explicit CorpusCase(std::function<void()> run) : run_(std::move(run)) {}
  void TestBody() override { run_(); }

 private:
  std::function<void()> run_;
};

std::optional<std::string> bytes_in(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

codec::JsonValue unreadable(std::string_view name, std::string why) {
  codec::JsonValue out;
  out.add("name", name);
  out.add("unreadable", std::move(why));
  return out;
}

/// Lines `PATH | NAME | REASON`.
std::map<std::pair<std::string, std::string>, std::string> load_exceptions() {
  std::map<std::pair<std::string, std::string>, std::string> out;
  std::ifstream in(fs::path(WEIR_SOURCE_DIR) / "tests/conformance_exceptions.txt");
  for (std::string line; std::getline(in, line);) {
    const auto first = line.find(" | ");
    const auto second = first == std::string::npos ? first : line.find(" | ", first + 3);
    if (line.starts_with('#') || second == std::string::npos) continue;
    out[{line.substr(0, first), line.substr(first + 3, second - first - 3)}] =
        line.substr(second + 3);
  }
  return out;
}

/// Lines `NAME`, as messages have it.
std::set<std::string, std::less<>> load_unbuilt() {
  std::set<std::string, std::less<>> out;
  std::ifstream in(fs::path(WEIR_SOURCE_DIR) / "tests/not_built.txt");
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && !line.starts_with('#')) out.insert(line);
  }
  return out;
}

void run_line(const std::string& path, const codec::JsonValue& line,
              const std::function<void(const codec::JsonValue&)>& run) {
  if (const auto* why = line.find("unreadable")) FAIL() << *why->as_string();
  if (const std::string* reason = exception_reason(path, text_of(line, "name")))
    GTEST_SKIP() << *reason;
  run(line);
}

}  // namespace

std::string corpus_folder() {
  static const std::string kFolder = [] {
    const auto folder = fs::path(WEIR_SOURCE_DIR).parent_path() / "shared" / "conformance";
    if (fs::is_directory(folder)) return folder.string();
    std::printf("no conformance corpus beside the project: its cases are left out\n");
    return std::string();
  }();
  return kFolder;
}

std::vector<codec::JsonValue> read_corpus(std::string_view path) {
  std::vector<codec::JsonValue> out;
  if (corpus_folder().empty()) return out;
  const auto text = bytes_in(fs::path(corpus_folder()) / path);
  if (!text) out.push_back(unreadable(path, "the file is not there"));
  for (std::string_view rest = text ? std::string_view(*text) : ""; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.empty()) continue;
    auto parsed = codec::parse_json(line);
    out.push_back(parsed ? std::move(*parsed) : unreadable(path, parsed.error().message));
  }
  return out;
}

void register_case(const char* suite, const std::string& name, std::function<void()> run) {
  testing::RegisterTest(suite, name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                        [run = std::move(run)]() -> testing::Test* {
                          return std::make_unique<CorpusCase>(run).release();
                        });
}

bool register_corpus(const char* suite, std::string_view path,
                     std::function<void(const codec::JsonValue&)> run,
                     const std::function<bool(const codec::JsonValue&)>& takes) {
  for (codec::JsonValue& line : read_corpus(path)) {
    if (takes && line.find("unreadable") == nullptr && !takes(line)) continue;
    const auto shared = std::make_shared<const codec::JsonValue>(std::move(line));
    register_case(suite, text_of(*shared, "name"),
                  [shared, run, file = std::string(path)] { run_line(file, *shared, run); });
  }
  return true;
}

const std::string* exception_reason(std::string_view path, std::string_view name) {
  static const auto kExceptions = load_exceptions();
  const auto found = kExceptions.find({std::string(path), std::string(name)});
  return found == kExceptions.end() ? nullptr : &found->second;
}

bool may_be_unbuilt(std::string_view messages) {
  static const auto kUnbuilt = load_unbuilt();
  bool good = true;
  std::istringstream in{std::string(messages)};
  for (std::string line; std::getline(in, line);) {
    const std::size_t end = line.find(" is not built yet");
    if (end == std::string::npos) continue;
    // A place may stand before it: "3:4: stage.geoip".
    const std::size_t colon = line.rfind(": ", end);
    const std::size_t begin = colon == std::string::npos ? 0 : colon + 2;
    const std::string name = line.substr(begin, end - begin);
    if (kUnbuilt.contains(name)) continue;
    ADD_FAILURE() << name << " says that it is not built, and tests/not_built.txt does not have it";
    good = false;
  }
  return good;
}

std::string corpus_bytes(std::string_view path) {
  auto bytes = bytes_in(fs::path(corpus_folder()) / path);
  EXPECT_TRUE(bytes.has_value()) << path;
  return std::move(bytes).value_or("");
}

std::string text_of(const codec::JsonValue& object, std::string_view key) {
  const codec::JsonValue* member = object.find(key);
  if (member != nullptr && member->as_string() != nullptr) return *member->as_string();
  ADD_FAILURE() << "the case has no text \"" << key << "\"";
  return {};
}

std::string bytes_of(const codec::JsonValue& value) {
  if (value.as_string() != nullptr) return *value.as_string();
  const auto decoded = codec::base64_decode(text_of(value, "b64"));
  EXPECT_TRUE(decoded) << decoded.error().message;
  return decoded.value_or("");
}

}  // namespace weir::test

// SPDX-License-Identifier: Apache-2.0
#include "tests/support/corpus.h"

#include "base/codec/base64.h"
#include "tests/support/process.h"
#include "tests/support/paths.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

namespace weir::test {
namespace {

class CorpusTest final : public testing::Test {
 public:
  CorpusTest(std::shared_ptr<const codec::JsonValue> line,
             std::function<void(const codec::JsonValue&)> run)
      : line_(std::move(line)), run_(std::move(run)) {}
  void TestBody() override {
    if (const auto* why = line_->find("unreadable")) FAIL() << *why->as_string();
    run_(*line_);
  }

 private:
  std::shared_ptr<const codec::JsonValue> line_;
  std::function<void(const codec::JsonValue&)> run_;
};

codec::JsonValue unreadable(std::string_view name, std::string why) {
  codec::JsonValue out;
  out.add("name", name);
  out.add("unreadable", std::move(why));
  return out;
}

}  // namespace

std::string corpus_folder() {
  static const std::string kFolder = [] {
    const auto folder =
        std::filesystem::path(WEIR_SOURCE_DIR).parent_path() / "shared" / "conformance";
    if (std::filesystem::is_directory(folder)) return folder.string();
    std::printf("no conformance corpus beside the project: its cases are left out\n");
    return std::string();
  }();
  return kFolder;
}

std::vector<codec::JsonValue> read_corpus(std::string_view path) {
  std::vector<codec::JsonValue> out;
  if (corpus_folder().empty()) return out;
  const std::string text = read_file(corpus_folder() + "/" + std::string(path));
  if (text.empty()) out.push_back(unreadable(path, "the file is not there"));
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.empty()) continue;
    auto parsed = codec::parse_json(line);
    out.push_back(parsed ? std::move(*parsed) : unreadable(path, parsed.error().message));
  }
  return out;
}

bool register_corpus(const char* suite, std::string_view path,
                     std::function<void(const codec::JsonValue&)> run,
                     const std::function<bool(const codec::JsonValue&)>& takes) {
  for (codec::JsonValue& line : read_corpus(path)) {
    if (takes && line.find("unreadable") == nullptr && !takes(line)) continue;
    const auto shared = std::make_shared<const codec::JsonValue>(std::move(line));
    const std::string name = text_of(*shared, "name");
    testing::RegisterTest(suite, name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [shared, run]() -> testing::Test* {
                            return std::make_unique<CorpusTest>(shared, run).release();
                          });
  }
  return true;
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

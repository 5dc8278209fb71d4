// SPDX-License-Identifier: Apache-2.0
#include "components/core/targets.h"
#include "tests/support/component_fixture.h"
#include "tests/support/corpus.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <poll.h>

namespace weir::local {
namespace {

using codec::JsonValue;

class Folder {
 public:
  Folder() {
    std::string name = testing::TempDir() + "matchXXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  void write(const std::string& name) const {
    std::filesystem::create_directories((std::filesystem::path(path) / name).parent_path());
    std::ofstream(path + "/" + name) << "x";
  }
  std::string path;
};

std::string with_folder(std::string text, const std::string& folder) {
  for (std::size_t at; (at = text.find("<dir>")) != std::string::npos;) text.replace(at, 5, folder);
  return text;
}

std::vector<std::string> found_paths(const test::TestComponent& match, const std::string& folder) {
  schema::Decoder decoder;
  std::vector<Target> targets;
  EXPECT_TRUE(schema::Codec<std::vector<Target>>::decode(
      *match.exports().as_object().find("targets"), targets, decoder));
  std::vector<std::string> paths;
  for (const Target& target : targets)
    paths.emplace_back(target.get("__path__").substr(folder.size() + 1));
  std::sort(paths.begin(), paths.end());
  return paths;
}

void run_match(const JsonValue& test) {
  const Folder folder;
  std::string body = "path_targets = [";
  for (const JsonValue& target : *test.find("path_targets")->as_array()) {
    body += "{";
    for (const auto& [name, value] : *target.as_object())
      body += format("\"{}\" = \"{}\", ", name, with_folder(*value.as_string(), folder.path));
    body += "}, ";
  }
  body += "]\n";
  if (const JsonValue* older = test.find("ignore_older_than"))
    body += format("ignore_older_than = \"{}\"\n", *older->as_string());
  test::TestComponent match(component("local.file_match"));
  for (const JsonValue& step : *test.find("steps")->as_array()) {
    if (const JsonValue* sleep = step.find("sleep_ms"))
      ::poll(nullptr, 0, static_cast<int>(sleep->number()));
    if (const JsonValue* write = step.find("write")) {
      for (const JsonValue& name : *write->as_array()) folder.write(*name.as_string());
    }
    if (const JsonValue* remove = step.find("remove")) {
      for (const JsonValue& name : *remove->as_array())
        std::filesystem::remove_all(folder.path + "/" + *name.as_string());
    }
    ASSERT_EQ(match.update(body), "");
    std::vector<std::string> want;
    for (const JsonValue& name : *step.find("found")->as_array()) want.push_back(*name.as_string());
    std::sort(want.begin(), want.end());
    EXPECT_EQ(found_paths(match, folder.path), want);
  }
}

const bool kMatchCorpus = test::register_corpus(
    "FileMatchCorpus", "components/discovery/cases.jsonl", run_match, [](const JsonValue& test) {
      const JsonValue* sd = test.find("sd");
      return sd != nullptr && sd->as_string() != nullptr && *sd->as_string() == "local.file_match";
    });

TEST(FileMatch, LooksAgain) {
  const Folder folder;
  folder.write("a.log");
  test::TestComponent match(component("local.file_match"));
  ASSERT_EQ(match.update(format(
                "path_targets = [{{__path__ = \"{}/*.log\", app = \"x\"}}]\nsync_period = \"20ms\"",
                folder.path)),
            "");
  ASSERT_TRUE(match.start());
  EXPECT_EQ(found_paths(match, folder.path), std::vector<std::string>{"a.log"});
  folder.write("b.log");
  EXPECT_TRUE(test::soon([&] { return found_paths(match, folder.path).size() == 2; }));
}

TEST(FileMatch, KeepsLabelsAndSaysWhatItCannotRead) {
  const Folder folder;
  folder.write("a.log");
  test::TestComponent match(component("local.file_match"));
  ASSERT_EQ(match.update(format("path_targets = [{{__path__ = \"{0}/[\"}}, {{__path__ = "
                                "\"{0}/a*\", app = \"x\"}}, {{app = \"none\"}}]",
                                folder.path)),
            "");
  schema::Decoder decoder;
  std::vector<Target> targets;
  ASSERT_TRUE(schema::Codec<std::vector<Target>>::decode(
      *match.exports().as_object().find("targets"), targets, decoder));
  ASSERT_EQ(targets.size(), 1u);
  EXPECT_EQ(targets[0].get("app"), "x");
  EXPECT_EQ(targets[0].get("__path__"), folder.path + "/a.log");
  EXPECT_TRUE(match.logged("pattern cannot be read"));
}

}  // namespace
}  // namespace weir::local

// SPDX-License-Identifier: Apache-2.0
// loki.source.file as a component, from configuration text. What reading does is in keeper_test.cc.

#include "tests/support/component_fixture.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace weir::loki {
namespace {

class SourceFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "sourceXXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override {
    source.stop();
    std::filesystem::remove_all(folder);
  }
  void append(const std::string& name, const std::string& text) {
    std::ofstream(folder + "/" + name, std::ios::app) << text;
  }
  std::string update(const std::string& more, const std::string& labels = "app = \"x\"") {
    return source.update(format(
        "forward_to = [next]\ntargets = [{{__path__ = \"{}/a.log\", __meta_x = \"gone\", {}}}]\n{}",
        folder, labels, more));
  }

  std::string folder;
  test::CaptureLogs out;
  test::TestComponent source{component("loki.source.file"), {{"next", out.receiver()}}};
};

TEST_F(SourceFileTest, SendsLinesWithTheirLabels) {
  append("a.log", "one\ntwo\n");
  ASSERT_EQ(update(""), "");
  ASSERT_TRUE(source.start());
  ASSERT_TRUE(test::soon([&] { return out.records().size() == 2; }));
  EXPECT_EQ(out.records()[0].labels,
            (std::map<std::string, std::string>{{"app", "x"}, {"filename", folder + "/a.log"}}));
  EXPECT_NE(source.metrics_text().find("loki_source_file_read_lines_total{"), std::string::npos);
  EXPECT_NE(source.metrics_text().find("loki_source_file_files_active_total"), std::string::npos);
  const value::Value info = source.component().debug_info();
  const value::Value& first = info.as_object().find("targets_info")->as_array().at(0);
  EXPECT_EQ(first.as_object().find("path")->as_string(), folder + "/a.log");
  EXPECT_EQ(first.as_object().find("read_offset")->as_number().text(), "8");
}

TEST_F(SourceFileTest, NewLabelsDoNotReadAgain) {
  append("a.log", "one\n");
  ASSERT_EQ(update(""), "");
  ASSERT_TRUE(source.start());
  ASSERT_TRUE(test::soon([&] { return out.records().size() == 1; }));
  ASSERT_EQ(update("", "app = \"y\""), "");
  append("a.log", "two\n");
  ASSERT_TRUE(test::soon([&] { return out.records().size() == 2; }));
  EXPECT_EQ(out.records()[1].labels.at("app"), "y");
  EXPECT_EQ(out.records()[1].line, "two");
}

TEST_F(SourceFileTest, FindsFilesByItself) {
  ASSERT_EQ(source.update(
                format("forward_to = [next]\ntargets = [{{__path__ = \"{}/*.log\"}}]\nfile_match "
                       "{{\n enabled = true\n sync_period = \"20ms\"\n}}",
                       folder)),
            "");
  ASSERT_TRUE(source.start());
  append("late.log", "one\n");
  ASSERT_TRUE(test::soon([&] { return out.records().size() == 1; }));
  EXPECT_EQ(out.records()[0].labels.at("filename"), folder + "/late.log");
}

TEST_F(SourceFileTest, GoesOnFromOldPositions) {
  append("a.log", "one\ntwo\n");
  append("positions.yml", format("positions:\n  {}/a.log: \"4\"\n", folder));
  ASSERT_EQ(update(format("legacy_positions_file = \"{}/positions.yml\"", folder)), "");
  ASSERT_TRUE(source.start());
  ASSERT_TRUE(test::soon([&] { return !out.records().empty(); }));
  EXPECT_EQ(out.records()[0].line, "two");
}

TEST_F(SourceFileTest, OldPositionsThatCannotBeReadAreNotPassedOver) {
  append("a.log", "one\n");
  append("positions.yml", std::string(64, '\0'));
  EXPECT_NE(
      update(format("legacy_positions_file = \"{}/positions.yml\"", folder)).find("cannot be read"),
      std::string::npos);
  ASSERT_EQ(update(format("legacy_positions_file = \"{}/positions.yml\"\non_positions_file_error = "
                          "\"restart_from_end\"",
                          folder)),
            "");
  ASSERT_TRUE(source.start());
  append("a.log", "two\n");
  ASSERT_TRUE(test::soon([&] { return !out.records().empty(); }));
  EXPECT_EQ(out.records()[0].line, "two");
}

TEST_F(SourceFileTest, RefusesWrongArguments) {
  EXPECT_NE(update("encoding = \"klingon\""), "");
  EXPECT_NE(update("on_positions_file_error = \"shrug\""), "");
  EXPECT_NE(update("decompression {\n enabled = true\n format = \"rar\"\n}"), "");
  EXPECT_NE(update("file_watch {\n min_poll_frequency = \"0s\"\n}"), "");
}

}  // namespace
}  // namespace weir::loki

// SPDX-License-Identifier: Apache-2.0
// For tests that look at files: a folder with files of a given age.

#pragma once

#include "components/loki/source_file/identity.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

namespace weir::loki {

class FolderFixture : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "folderXXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  std::string write(const std::string& name, const std::string& text, int age_seconds) {
    const std::string path = folder + "/" + name;
    std::ofstream(path) << text;
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::seconds(age_seconds));
    return path;
  }
  static FileIdentity identity(const std::string& path, const std::string& text) {
    return {file_facts(path)->key, Fingerprint::of(text)};
  }

  std::string folder;
};

}  // namespace weir::loki

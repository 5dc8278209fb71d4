// SPDX-License-Identifier: Apache-2.0
// docs/reference is what the program itself says of its tables.

#include "base/format.h"
#include "cli/command.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

namespace weir {
namespace {

std::set<std::string> files_in(const std::string& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    names.insert(entry.path().filename().string());
  return names;
}

TEST(Reference, IsFresh) {
  const test::TempDir fresh;
  cli::World world;
  world.out = world.err = [](std::string_view text) { ADD_FAILURE() << text; };
  ASSERT_EQ(cli::run_program({"docs", "--write", fresh.path()}, world), cli::ExitCode::kOk);
  const std::string committed = format("{}/docs/reference", WEIR_SOURCE_DIR);
  EXPECT_EQ(files_in(committed), files_in(fresh.path()))
      << "build/weir docs --write docs/reference writes them";
  for (const std::string& name : files_in(fresh.path())) {
    EXPECT_EQ(test::read_file(committed + "/" + name), test::read_file(fresh / name))
        << name << ": build/weir docs --write docs/reference writes it";
  }
}

}  // namespace
}  // namespace weir

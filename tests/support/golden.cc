// SPDX-License-Identifier: Apache-2.0
#include "tests/support/golden.h"

#include "tests/support/paths.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <utility>
#include <vector>

namespace weir::test {
namespace {

namespace fs = std::filesystem;
using Produce = std::function<std::string(const std::string&)>;

std::string golden_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

class GoldenTest final : public testing::Test {
 public:
  GoldenTest(fs::path input, Produce produce)
      : input_(std::move(input)), produce_(std::move(produce)) {}
  void TestBody() override {
    fs::path expected = input_;
    expected.replace_extension(".txt");
    const std::string got = produce_(golden_text(input_));
    if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(expected, std::ios::binary) << got;
    ASSERT_TRUE(fs::exists(expected)) << expected << " is missing; UPDATE_GOLDEN=1 writes it";
    EXPECT_EQ(got, golden_text(expected))
        << expected << " says otherwise; UPDATE_GOLDEN=1 rewrites it";
  }

 private:
  fs::path input_;
  Produce produce_;
};

class GoldensAreThere final : public testing::Test {
 public:
  explicit GoldensAreThere(std::size_t count) : count_(count) {}
  void TestBody() override { EXPECT_GT(count_, 0u); }

 private:
  std::size_t count_;
};

}  // namespace

bool register_goldens(const char* suite, std::string_view folder, std::string_view extension,
                      Produce produce) {
  std::vector<fs::path> inputs;
  std::error_code none;
  for (const auto& entry :
       fs::directory_iterator(fs::path(WEIR_SOURCE_DIR) / "tests/golden" / folder, none)) {
    if (entry.path().extension() == extension) inputs.push_back(entry.path());
  }
  std::sort(inputs.begin(), inputs.end());
  for (const fs::path& input : inputs) {
    testing::RegisterTest(suite, input.stem().c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [input, produce]() -> testing::Test* {
                            return std::make_unique<GoldenTest>(input, produce).release();
                          });
  }
  const std::size_t count = inputs.size();
  testing::RegisterTest(
      suite, "are_there", nullptr, nullptr, __FILE__, __LINE__,
      [count]() -> testing::Test* { return std::make_unique<GoldensAreThere>(count).release(); });
  return true;
}

}  // namespace weir::test

// SPDX-License-Identifier: Apache-2.0
// Configurations that nobody would write: they must be answered, and soon.

#include "interpreter/check/check.h"
#include "interpreter/syntax/parse.h"
#include "tests/support/small_catalog.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>

namespace weir::check {
namespace {

std::size_t hostile_told(const std::string& text) {
  text::DiagnosticSink sink;
  const auto file = syntax::parse_file(text::Source::make("t.alloy", text), sink);
  EXPECT_FALSE(sink.has_errors());
  const auto begin = std::chrono::steady_clock::now();
  const auto told = check({file}, test::small_catalog(), test::small_library(), {});
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
  return told.error_count() + told.warning_count();
}

std::string repeat(std::size_t count, const std::function<std::string(std::size_t)>& line) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += line(i);
  return out;
}

TEST(CheckHostile, ALongRing) {
  constexpr std::size_t kCount = 3000;
  EXPECT_EQ(hostile_told(repeat(
                kCount,
                [](std::size_t i) {
                  return format(
                      "test.process \"p{}\" {{ forward_to = [test.process.p{}.receiver] }}\n", i,
                      (i + 1) % kCount);
                })),
            kCount);
}

TEST(CheckHostile, ALongChainOfDeclares) {
  constexpr std::size_t kCount = 3000;
  hostile_told(repeat(kCount, [](std::size_t i) {
    return format(
        "declare \"d{}\" {{\n  d{} \"x\" {{ }}\n  export \"e\" {{ value = d{}.x.e }}\n}}\n", i,
        i + 1, i + 1);
  }));
}

TEST(CheckHostile, ALongChainOfCustomComponents) {
  constexpr std::size_t kCount = 20000;
  hostile_told(
      "declare \"c\" {\n  argument \"x\" {\n    optional = true\n  }\n  export \"y\" { value "
      "= argument.x.value }\n}\n" +
      repeat(kCount,
             [](std::size_t i) { return format("c \"n{}\" {{ x = c.n{}.y }}\n", i, i + 1); }));
}

TEST(CheckHostile, DeclaresInsideEachOther) {
  constexpr std::size_t kDepth = 400;
  hostile_told(repeat(kDepth, [](std::size_t i) { return format("declare \"d{}\" {{\n", i); }) +
               repeat(kDepth, [](std::size_t) { return "}\n"; }));
}

TEST(CheckHostile, ManyUnknownNames) {
  EXPECT_GE(hostile_told(repeat(
                2000,
                [](std::size_t i) {
                  return format(
                      "test.process \"p{}\" {{ forward_to = [test.process.q{}.receiver] }}\n", i,
                      i);
                })),
            2000U);
}

TEST(CheckHostile, ALongName) {
  EXPECT_EQ(hostile_told(repeat(20000, [](std::size_t i) { return i == 0 ? "a" : ".a"; }) +
                         " \"x\" { }\n"),
            1U);
  EXPECT_GE(hostile_told("settings { level = " +
                         repeat(900, [](std::size_t i) { return i == 0 ? "a" : ".a"; }) + " }\n"),
            1U);
}

}  // namespace
}  // namespace weir::check

// SPDX-License-Identifier: Apache-2.0
#include "tests/support/component_fixture.h"

#include <gtest/gtest.h>

namespace weir::loki {
namespace {

TEST(Echo, SaysEachEntry) {
  const auto echo = test::make_component(component("loki.echo"), "");
  ASSERT_NE(echo, nullptr);
  test::Outcomes outcomes;
  echo->logs()->consume(
      test::log_batch({{Time{1'000'000'000}, {{"app", "a\"b"}}, "hello world", {{"k", "v"}}},
                       {Time{2'000'000'000}, {}, "two", {}}},
                      outcomes.receipt()));
  EXPECT_EQ(outcomes.count(Verdict::kDelivered), 1U);
  EXPECT_TRUE(echo->logged(R"(entry="hello world")"));
  EXPECT_TRUE(echo->logged("1970-01-01T00:00:01Z"));
  EXPECT_TRUE(echo->logged("entry=two"));
  EXPECT_TRUE(echo->logged("k="));
}

TEST(Echo, DropsWhatComesAfterItsEnd) {
  const auto echo = test::make_component(component("loki.echo"), "");
  test::Outcomes outcomes;
  const auto port = echo->logs();
  echo->stop();
  port->consume(test::log_batch({{.line = "late"}}, outcomes.receipt()));
  EXPECT_EQ(outcomes.count(Verdict::kAbandoned), 1U);
}

TEST(Echo, TakesNoArguments) {
  test::TestComponent echo(component("loki.echo"));
  EXPECT_NE(echo.update("forward_to = []"), "");
}

}  // namespace
}  // namespace weir::loki

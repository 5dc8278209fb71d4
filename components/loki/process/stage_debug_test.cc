// SPDX-License-Identifier: Apache-2.0
// What stages say at debug about entries they could do nothing with: dashboards and people search
// for the field's own words.

#include "tests/support/stage_fixture.h"

#include <gtest/gtest.h>

namespace weir::loki {
namespace {

TEST(StageDebug, SaysWhyNothingCameOfAnEntry) {
  struct Case {
    std::string_view stage;
    std::string_view line;
    std::string_view said;
  };
  constexpr std::string_view kNull = R"({"v":null})", kNothing = "{}";
  const std::vector<Case> cases = {
      {R"(stage.output { source = "v" })", kNull,
       "extracted output could not be converted to a string"},
      {R"(stage.output { source = "w" })", kNull, "extracted data did not contain output source"},
      {R"(stage.template {
            source   = "t"
            template = "{{ .w }}"
          })",
       kNull, "extracted template could not be converted to a string"},
      {R"(stage.structured_metadata { values = { v = "" } })", kNull,
       "failed to convert extracted label value to string"},
      {R"(stage.structured_metadata { regex = "v" })", kNull,
       "failed to convert extracted label value to string"},
      {R"(stage.tenant { source = "v" })", kNull, "failed to convert value to string"},
      {R"(stage.tenant { source = "w" })", kNull,
       "the tenant source does not exist in the extracted data"},
      {R"(stage.tenant { label = "w" })", kNull, "the tenant source does not exist in the labels"},
      {"stage.regex { expression = \"(?P<a>never)\" }", kNothing, "regex did not match"},
      {R"(stage.pattern { pattern = "never <a>" })", kNothing, "pattern did not match"},
      {R"(stage.drop {
            source     = "v"
            expression = "x"
          })",
       kNull, "Failed to convert extracted map value to string"},
      {R"(stage.metrics { metric.counter {
            name   = "v"
            action = "add"
          } })",
       kNull, "failed to convert extracted value to positive float"},
      {R"(stage.metrics { metric.histogram {
            name    = "v"
            buckets = [1]
          } })",
       kNull, "failed to convert extracted value to float"},
      {R"--(stage.json { expressions = { a = "abs('x')" } })--", kNothing,
       "failed to search JMES expression"},
  };
  for (const Case& c : cases) {
    StageWorld world(format("stage.json {{\n expressions = {{ v = \"\" }}\n}}\n{}", c.stage));
    ASSERT_EQ(world.decoded.first_problem(), "") << c.stage;
    world.run({{{1}, {{"app", "a"}}, std::string(c.line)}});
    EXPECT_NE(world.log.find(c.said), std::string::npos) << c.stage << "\n" << world.log;
  }
}

}  // namespace
}  // namespace weir::loki

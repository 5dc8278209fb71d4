// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/foreach_ids.h"

#include "base/codec/sha.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::graph {
namespace {

using testing::ElementsAre;
using value::Value;

Value object(std::string key, Value member) {
  value::Object out;
  out.members.emplace_back(std::move(key), std::move(member));
  return Value(std::move(out));
}

std::vector<std::string> ids(const std::vector<Value>& items, const std::string& field = "",
                             bool hash = false) {
  std::vector<std::size_t> missing;
  return foreach_ids(items, field, hash, missing);
}

TEST(ForeachIds, AreMadeOfTheItem) {
  EXPECT_THAT(ids({Value::integer(-2), Value(true), Value::real(1.5), Value("a b/c"), Value("é")}),
              ElementsAre("foreach_-2_1", "foreach_true_1", "foreach_1_500000_1", "foreach_a_b_c_1",
                          "foreach_é_1"));
  EXPECT_THAT(ids({Value("a"), Value("b"), Value("a")}),
              ElementsAre("foreach_a_1", "foreach_b_1", "foreach_a_2"));
  EXPECT_THAT(ids({Value("a")}, "", true), ElementsAre("foreach_" + codec::sha256_hex("a") + "_1"));
  EXPECT_THAT(ids({Value("a\u20acb"), Value("\u0663"), Value("\xff"), Value("a\u0301")}),
              ElementsAre("foreach_a_b_1", "foreach_\u0663_1", "foreach___1", "foreach_a__1"));
  EXPECT_THAT(ids({Value(), Value::natural(~std::uint64_t{0})}),
              ElementsAre("foreach_" + codec::sha256_hex("<nil>") + "_1",
                          "foreach_" + codec::sha256_hex("0xffffffffffffffff") + "_1"));
  EXPECT_THAT(ids({Value(value::Array{Value::integer(1)})}),
              ElementsAre("foreach_" + codec::sha256_hex("[]interface {}{1}") + "_1"));
}

TEST(ForeachIds, AFieldMayStandForTheItem) {
  std::vector<std::size_t> missing;
  const auto got =
      foreach_ids({object("k", Value("x")), object("other", Value("x"))}, "k", false, missing);
  EXPECT_EQ(got[0], "foreach_x_1");
  EXPECT_EQ(got[1],
            "foreach_" + codec::sha256_hex("map[string]interface {}{\"other\":\"x\"}") + "_1");
  EXPECT_THAT(missing, ElementsAre(1));
}

TEST(GoSyntax, WritesValuesAsGoDoes) {
  EXPECT_EQ(go_syntax(Value()), "interface {}(nil)");
  EXPECT_EQ(go_syntax(Value(value::Array{Value(true), Value::real(3.14)})),
            "[]interface {}{true, 3.14}");
  EXPECT_EQ(go_syntax(Value(value::Array{Value::real(1e21), Value::real(-1e-7), Value::real(1e5),
                                         Value::real(1234567), Value::natural(255), Value()})),
            "[]interface {}{1e+21, -1e-07, 100000, 1.234567e+06, 0xff, interface {}(nil)}");
  EXPECT_EQ(go_syntax(object("b", Value("c"))), "map[string]interface {}{\"b\":\"c\"}");
}

}  // namespace
}  // namespace weir::graph

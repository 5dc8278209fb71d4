// SPDX-License-Identifier: Apache-2.0
#include "components/core/relabel.h"

#include "tests/support/component_fixture.h"

#include <gtest/gtest.h>

namespace weir::loki {
namespace {

class LokiRelabel : public testing::Test {
 protected:
  void update(const std::string& rest) {
    ASSERT_EQ(relabel.update("forward_to = [next]\n" + rest), "");
  }
  void send(const std::map<std::string, std::string>& labels) {
    relabel.logs()->consume(test::log_batch({{.labels = labels, .line = "x"}}, outcomes.receipt()));
  }
  double count(const std::string& name) const {
    const std::string text = relabel.metrics_text();
    for (std::size_t at = 0; (at = text.find("\n" + name, at)) != std::string::npos; ++at) {
      const std::size_t end = text.find('\n', at + 1);
      return std::stod(text.substr(text.rfind(' ', end) + 1));
    }
    return -1;
  }

  test::Outcomes outcomes;
  test::CaptureLogs out;
  test::TestComponent relabel{component("loki.relabel"), {{"next", out.receiver()}}};
};

TEST_F(LokiRelabel, RewritesAndDrops) {
  update(
      "rule {\n source_labels = [\"a\"]\n regex = \"no\"\n action = \"drop\"\n}\nrule {\n "
      "target_label = \"b\"\n replacement = \"2\"\n}");
  send({{"a", "yes"}});
  send({{"a", "no"}});
  ASSERT_EQ(out.records().size(), 1u);
  EXPECT_EQ(out.records()[0].labels,
            (std::map<std::string, std::string>{{"a", "yes"}, {"b", "2"}}));
  EXPECT_EQ(outcomes.count(Verdict::kDelivered), 2u) << "dropping is delivery";
}

TEST_F(LokiRelabel, NoLabelsNoEntry) {
  update("rule {\n regex = \".*\"\n action = \"labeldrop\"\n}");
  send({{"a", "1"}});
  EXPECT_TRUE(out.records().empty());
}

TEST_F(LokiRelabel, ALabelWithoutAValueIsNone) {
  update("rule {\n target_label = \"b\"\n replacement = \"2\"\n}");
  send({{"a", ""}, {"c", "1"}});
  ASSERT_EQ(out.records().size(), 1u);
  EXPECT_EQ(out.records()[0].labels, (std::map<std::string, std::string>{{"b", "2"}, {"c", "1"}}));
}

TEST_F(LokiRelabel, CountsAndForgetsTheOldest) {
  update("max_cache_size = 2\nrule {\n target_label = \"b\"\n replacement = \"2\"\n}");
  for (const char* a : {"1", "2", "1", "3", "2", "1"}) send({{"a", a}});
  EXPECT_EQ(out.records().size(), 6u);
  EXPECT_EQ(count("loki_relabel_entries_processed"), 6);
  EXPECT_EQ(count("loki_relabel_entries_written"), 6);
  EXPECT_EQ(count("loki_relabel_cache_hits"), 1) << "the second 1";
  EXPECT_EQ(count("loki_relabel_cache_misses"), 5);
  EXPECT_EQ(count("loki_relabel_cache_size"), 2);
}

TEST_F(LokiRelabel, NewRulesForgetWhatTheOldOnesMade) {
  update("rule {\n target_label = \"b\"\n replacement = \"old\"\n}");
  send({{"a", "1"}});
  update("rule {\n target_label = \"b\"\n replacement = \"new\"\n}");
  send({{"a", "1"}});
  ASSERT_EQ(out.records().size(), 2u);
  EXPECT_EQ(out.records()[1].labels.at("b"), "new");
}

TEST_F(LokiRelabel, SaysWhatIsWrong) {
  EXPECT_NE(relabel.update("forward_to = [next]\nrule {\n regex = \"(\"\n target_label = \"a\"\n}")
                .find("regular expression"),
            std::string::npos);
  EXPECT_NE(relabel.update("forward_to = [next]\nrule { }").find("target_label"),
            std::string::npos);
  EXPECT_NE(relabel.update("forward_to = [next]\nmax_cache_size = 0").find("max_cache_size"),
            std::string::npos);
}

}  // namespace
}  // namespace weir::loki

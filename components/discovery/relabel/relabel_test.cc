// SPDX-License-Identifier: Apache-2.0
// Most of discovery.relabel is the rules' (components/core/relabel_corpus_test.cc).

#include "components/core/relabel.h"

#include "components/core/targets.h"
#include "tests/support/component_fixture.h"

#include <gtest/gtest.h>

#include <chrono>

namespace weir::discovery {
namespace {

TEST(DiscoveryRelabel, ExportsItsRulesAndLeavesTargetsAlone) {
  test::TestComponent relabel(component("discovery.relabel"));
  ASSERT_EQ(relabel.update("targets = [{__address__ = \"a\", n = 1}]"), "");
  const value::Value exports = relabel.exports();
  EXPECT_EQ(exports.as_object().find("output")->as_array().at(0).as_object().find("n")->as_string(),
            "1");
  schema::Decoder decoder;
  RelabelRules rules;
  ASSERT_TRUE(
      schema::Codec<RelabelRules>::decode(*exports.as_object().find("rules"), rules, decoder));
  EXPECT_TRUE(rules.empty());
}

TEST(DiscoveryRelabel, TargetsMayHaveLabelsOfAnyName) {
  test::TestComponent relabel(component("discovery.relabel"));
  ASSERT_EQ(relabel.update("targets = [{pod = \"a\"}]\n"
                           "rule {\n source_labels = [\"pod\"]\n target_label = \"k8s.pod\"\n}"),
            "");
  const value::Value exports = relabel.exports();
  const value::Value& target = exports.as_object().find("output")->as_array().at(0);
  ASSERT_NE(target.as_object().find("k8s.pod"), nullptr);
  EXPECT_EQ(target.as_object().find("k8s.pod")->as_string(), "a");
}

TEST(DiscoveryRelabel, TenThousandTargets) {
  value::Array targets;
  for (int i = 0; i < 10'000; ++i) {
    std::vector<Label> labels;
    std::vector<std::string> texts;
    texts.reserve(40);
    for (int j = 0; j < 20; ++j) {
      texts.push_back(format("__meta_kubernetes_pod_label_{:02}", j));
      texts.push_back(format("value {} {}", i, j));
      labels.push_back({texts[texts.size() - 2], texts.back()});
    }
    targets.push_back(Target(labels).value());
  }
  test::TestComponent relabel(component("discovery.relabel"),
                              {{"t", value::Value(std::move(targets))}});
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(
      relabel.update("targets = t\nrule {\n regex = \"__meta_kubernetes_pod_label_(.+)\"\n action "
                     "= \"labelmap\"\n}\n"
                     "rule {\n source_labels = [\"l_01\", \"_02\"]\n target_label = \"x\"\n}"),
      "");
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(relabel.exports().as_object().find("output")->as_array().size(), 10'000u);
  EXPECT_LT(took, std::chrono::seconds(5))
      << "took " << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms";
  RecordProperty(
      "milliseconds",
      static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
}

}  // namespace
}  // namespace weir::discovery

// SPDX-License-Identifier: Apache-2.0
// The conformance corpus of relabelling rules.

#include "base/codec/yaml.h"
#include "components/core/relabel.h"
#include "components/core/targets.h"
#include "tests/support/component_fixture.h"
#include "tests/support/corpus.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

using codec::JsonValue;

const std::string* text_member(const JsonValue& json, std::string_view key) {
  const JsonValue* found = json.find(key);
  return found != nullptr ? found->as_string() : nullptr;
}

/// A rule as the corpus has it; what is absent keeps the default. Adds to `problems` what cannot be
/// read.
RelabelRule rule_of(const JsonValue& json, schema::Problems& problems) {
  RelabelRule rule;
  if (const JsonValue* labels = json.find("source_labels")) {
    for (const JsonValue& label : *labels->as_array())
      rule.source_labels.push_back(*label.as_string());
  }
  if (const auto* text = text_member(json, "separator")) rule.separator = *text;
  if (const auto* text = text_member(json, "regex")) rule.regex = AnchoredRegex::of(*text);
  if (const auto* text = text_member(json, "target_label")) rule.target_label = *text;
  if (const auto* text = text_member(json, "replacement")) rule.replacement = *text;
  if (const JsonValue* modulus = json.find("modulus"))
    rule.modulus = static_cast<std::uint64_t>(modulus->number());
  if (const auto* text = text_member(json, "action")) {
    schema::Decoder decoder;
    schema::Codec<RelabelAction>::decode(value::Value(*text), rule.action, decoder);
    for (const auto& failure : decoder.failures()) problems.add("action", failure.message);
  }
  return rule;
}

Labels labels_of(const JsonValue& json) {
  std::vector<Label> labels;
  for (const auto& [name, value] : *json.as_object()) labels.push_back({name, *value.as_string()});
  return Labels::of(labels);
}

std::string print_labels(const std::optional<Labels>& labels) {
  if (!labels) return "dropped";
  std::string out = "{";
  for (const Label& label : *labels) out += format("{}=\"{}\" ", label.name, label.value);
  return out + "}";
}

LabelNames names_of(const JsonValue& test) {
  return test::text_of(test, "profile") == "prometheus" ? LabelNames::kUtf8 : LabelNames::kPlain;
}

void run_apply(const JsonValue& test) {
  schema::Problems problems;
  std::vector<RelabelRule> rules;
  for (const JsonValue& rule : *test.find("rules")->as_array())
    rules.push_back(rule_of(rule, problems));
  ASSERT_TRUE(problems.all().empty());
  const JsonValue* want = test.find("output");
  std::optional<Labels> got =
      RelabelRules(rules, names_of(test)).apply(labels_of(*test.find("input")));
  const auto* component = text_member(test, "component");
  if (component != nullptr && got && got->empty())
    got.reset();  // loki.relabel drops what has no labels
  EXPECT_EQ(print_labels(got), want->is_null() ? "dropped" : print_labels(labels_of(*want)));
}

void run_validate(const JsonValue& test) {
  const bool any_name = test::text_of(test, "name_validation") == "utf8";
  const LabelNames names = any_name ? LabelNames::kUtf8 : LabelNames::kPlain;
  const bool is_prometheus = test::text_of(test, "profile") == "prometheus";
  schema::Problems problems;
  for (const JsonValue& json : *test.find("rules")->as_array()) {
    if (json.find("action") == nullptr) {  // no defaults here: the action is the empty text
      schema::Decoder decoder;
      RelabelAction action{};
      schema::Codec<RelabelAction>::decode(value::Value(""), action, decoder);
      for (const auto& failure : decoder.failures()) problems.add("action", failure.message);
      continue;
    }
    const RelabelRule rule = rule_of(json, problems);
    if (is_prometheus)
      rule.check(problems, names, names);
    else
      rule.validate(problems);
  }
  std::string all;
  for (const auto& problem : problems.all()) all += problem.message + "\n";
  const auto* error = test.find("error")->as_string();
  if (error == nullptr)
    EXPECT_EQ(all, "");
  else
    EXPECT_NE(all.find(*error), std::string::npos) << all << "should hold " << *error;
}

void run_target_label(const JsonValue& test) {
  EXPECT_EQ(is_label_template(test::text_of(test, "target_label")), *test.find("valid")->as_bool());
}

void run_yaml(const JsonValue& test) {
  schema::Problems problems;
  const auto yaml = codec::parse_yaml(test::text_of(test, "yaml"));
  ASSERT_TRUE(yaml) << yaml.error().message;
  EXPECT_EQ(rule_of(*yaml, problems), rule_of(test.find("rules")->as_array()->at(0), problems));
}

void run_component(const JsonValue& test) {
  test::TestComponent relabel(component(test::text_of(test, "component")));
  ASSERT_EQ(relabel.update(test::text_of(test, "config")), "");
  const JsonValue* output = test.find("output");
  if (output == nullptr) return;
  schema::Decoder decoder;
  std::vector<Target> got;
  ASSERT_TRUE(schema::Codec<std::vector<Target>>::decode(
      *relabel.exports().as_object().find("output"), got, decoder));
  ASSERT_EQ(got.size(), output->as_array()->size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(print_labels(Labels::of(got[i].labels())),
              print_labels(labels_of(output->as_array()->at(i))));
  }
}

void run_case(const JsonValue& test) {
  const std::string kind = test::text_of(test, "kind");
  if (kind == "apply") return run_apply(test);
  if (kind == "validate") return run_validate(test);
  if (kind == "target_label_legacy") return run_target_label(test);
  if (kind == "yaml_roundtrip") return run_yaml(test);
  if (kind == "component") return run_component(test);
  FAIL() << "a kind of case that nobody runs: " << kind;
}

bool is_ours(const JsonValue& test) {
  const auto* component = text_member(test, "component");
  return component == nullptr || *component != "prometheus.relabel";  // not built yet
}

const bool kRelabelCorpus =
    test::register_corpus("RelabelCorpus", "components/relabel/cases.jsonl", run_case, is_ours);

/// Bodies of the components of files and relabelling: whether they load.
void run_config(const JsonValue& test) {
  const test::DecodedArgs decoded =
      test::decode_args(component(test::text_of(test, "component")), test::text_of(test, "config"));
  const JsonValue* error = test.find("error");
  if (error == nullptr || error->is_null())
    EXPECT_EQ(decoded.errors, "");
  else
    EXPECT_NE(decoded.errors, "");
}

const bool kConfigCorpus = test::register_corpus(
    "FilesConfigCorpus", "components/config/cases.jsonl", run_config, [](const JsonValue& test) {
      const auto* name = text_member(test, "component");
      for (const std::string_view ours : {"local.file", "local.file_match", "discovery.relabel",
                                          "loki.relabel", "loki.source.file"}) {
        if (name != nullptr && *name == ours) return true;
      }
      return false;
    });

}  // namespace
}  // namespace weir

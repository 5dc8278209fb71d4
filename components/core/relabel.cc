// SPDX-License-Identifier: Apache-2.0
// How rules run. What they look like as arguments is in relabel_rule.cc.

#include "components/core/relabel.h"

#include "base/case.h"
#include "base/codec/md5.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

/// hashmod's number: the second half of the MD5 sum, most significant byte first.
std::uint64_t md5_number(std::string_view text) {
  const auto sum = codec::md5(text);
  std::uint64_t number = 0;
  for (std::size_t i = 8; i < 16; ++i) number = number << 8 | sum[i];
  return number;
}

/// One rule made ready.
class RuleStep {
 public:
  RuleStep(const RelabelRule& rule, LabelNames names)
      : rule_(rule),
        names_(names),
        regex_(rule.regex.regex),
        target_(rule.target_label, rule.regex.regex),
        replacement_(rule.replacement, rule.regex.regex),
        group_count_(static_cast<std::size_t>(
            std::max(target_.groups_needed(), replacement_.groups_needed()))) {}

  bool apply(LabelsBuilder& labels) const {
    switch (rule_.action) {
      case RelabelAction::kReplace: replace(labels); return true;
      case RelabelAction::kKeep: return regex_.matches(source(labels));
      case RelabelAction::kDrop: return !regex_.matches(source(labels));
      case RelabelAction::kKeepEqual: return labels.get(rule_.target_label) == source(labels);
      case RelabelAction::kDropEqual: return labels.get(rule_.target_label) != source(labels);
      case RelabelAction::kHashMod:
        labels.set(rule_.target_label, std::to_string(md5_number(source(labels)) % rule_.modulus));
        return true;
      case RelabelAction::kLowercase:
        put(labels, rule_.target_label, to_lower(source(labels)));
        return true;
      case RelabelAction::kUppercase:
        put(labels, rule_.target_label, to_upper(source(labels)));
        return true;
      case RelabelAction::kLabelMap: map(labels); return true;
      case RelabelAction::kLabelDrop:
        labels.remove_if(
            [this](std::string_view name, std::string_view) { return regex_.matches(name); });
        return true;
      case RelabelAction::kLabelKeep:
        labels.remove_if(
            [this](std::string_view name, std::string_view) { return !regex_.matches(name); });
        return true;
    }
    return true;
  }

 private:
  /// The joined values of the source labels.
  [[nodiscard]] std::string source(const LabelsBuilder& labels) const {
    std::string joined;
    for (std::size_t i = 0; i < rule_.source_labels.size(); ++i) {
      if (i != 0) joined += rule_.separator;
      joined += labels.get(rule_.source_labels[i]);
    }
    return joined;
  }
  /// A label of empty value is no label.
  static void put(LabelsBuilder& labels, std::string_view name, std::string_view value) {
    if (value.empty())
      labels.remove(name);
    else
      labels.set(name, value);
  }

  void replace(LabelsBuilder& labels) const {
    const std::string joined = source(labels);
    std::vector<std::string_view> groups(group_count_);
    if (!regex_.match(joined, groups)) return;
    std::string name, value;
    target_.expand(groups, name);
    if (!is_label_name(name, names_)) return;
    replacement_.expand(groups, value);
    put(labels, name, value);
  }

  void map(LabelsBuilder& labels) const {
    std::vector<std::string_view> groups(group_count_);
    std::vector<std::pair<std::string, std::string>> made;
    for (const auto& [name, value] : labels.all()) {
      if (!regex_.match(name, groups)) continue;
      std::string mapped;
      replacement_.expand(groups, mapped);
      made.emplace_back(std::move(mapped), value);
    }
    for (const auto& [name, value] : made) put(labels, name, value);
  }

  RelabelRule rule_;
  LabelNames names_;
  const Regex regex_;
  RegexTemplate target_;
  RegexTemplate replacement_;
  std::size_t group_count_;
};

}  // namespace

struct RelabelRules::Plan {
  std::vector<RelabelRule> rules;
  std::vector<RuleStep> steps;
};

RelabelRules::RelabelRules() {
  static const auto kNone = std::make_shared<const Plan>();
  plan_ = kNone;
}

RelabelRules::RelabelRules(std::vector<RelabelRule> rules, LabelNames names) {
  auto plan = std::make_shared<Plan>();
  plan->steps.reserve(rules.size());
  for (const RelabelRule& rule : rules) plan->steps.emplace_back(rule, names);
  plan->rules = std::move(rules);
  plan_ = std::move(plan);
}

RelabelRules::~RelabelRules() = default;
RelabelRules::RelabelRules(const RelabelRules&) = default;
RelabelRules& RelabelRules::operator=(const RelabelRules&) = default;

bool RelabelRules::apply(LabelsBuilder& labels) const {
  return std::all_of(plan_->steps.begin(), plan_->steps.end(),
                     [&](const RuleStep& step) { return step.apply(labels); });
}

std::optional<Labels> RelabelRules::apply(const Labels& labels) const {
  if (empty()) return labels;
  LabelsBuilder builder(labels);
  if (!apply(builder)) return std::nullopt;
  return builder.build();
}

const std::vector<RelabelRule>& RelabelRules::rules() const {
  return plan_->rules;
}

}  // namespace weir

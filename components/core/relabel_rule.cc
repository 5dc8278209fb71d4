// SPDX-License-Identifier: Apache-2.0
// Rules as arguments: their table, what goes together in them, the capsule they travel in.

#include "base/case.h"
#include "base/utf8.h"
#include "components/core/relabel.h"
#include "interpreter/value/unknown.h"

#include <algorithm>
#include <array>

namespace weir {
namespace {

constexpr std::array<std::string_view, 11> kActionNames = {
    "replace",  "keep",      "drop",      "keepequal", "dropequal", "hashmod",
    "labelmap", "labeldrop", "labelkeep", "lowercase", "uppercase"};

bool needs_target(RelabelAction action) {
  switch (action) {
    case RelabelAction::kReplace:
    case RelabelAction::kHashMod:
    case RelabelAction::kKeepEqual:
    case RelabelAction::kDropEqual:
    case RelabelAction::kLowercase:
    case RelabelAction::kUppercase: return true;
    default: return false;
  }
}

/// Whether a member of a rule was left out or its value is known.
bool is_settled(const schema::EvaluatedBlock& block, std::string_view name) {
  for (const schema::EvaluatedAttribute& attribute : block.body.attributes) {
    if (attribute.name == name && (!attribute.value || value::has_unknown(*attribute.value)))
      return false;
  }
  return true;
}

bool same_rules(const void* a, const void* b) {
  return *static_cast<const RelabelRules*>(a) == *static_cast<const RelabelRules*>(b);
}

}  // namespace

std::string_view to_string(RelabelAction action) {
  return kActionNames[static_cast<std::size_t>(action)];
}

const AnchoredRegex& RelabelRule::default_regex() {
  static const AnchoredRegex kRegex = AnchoredRegex::of("(.*)");
  return kRegex;
}

schema::Schema RelabelRule::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&RelabelRule::source_labels>("source_labels",
                                                "Labels whose values are joined and matched."),
      schema::attr<&RelabelRule::separator>("separator", "Text put between the joined values."),
      schema::attr<&RelabelRule::regex>(
          "regex", "What the joined values, or the names of labels, have to match as a whole."),
      schema::attr<&RelabelRule::modulus>("modulus", "Divisor of the hash, for `hashmod`."),
      schema::attr<&RelabelRule::target_label>(
          "target_label", "The label that is written or compared; may refer to groups of `regex`."),
      schema::attr<&RelabelRule::replacement>("replacement",
                                              "What is written; may refer to groups of `regex`."),
      schema::attr<&RelabelRule::action>(
          "action",
          "What the rule does: `replace`, `keep`, `drop`, `keepequal`, `dropequal`, `hashmod`, "
          "`labelmap`, `labeldrop`, "
          "`labelkeep`, `lowercase` or `uppercase`."),
  });
  return kTable;
}

bool is_label_name(std::string_view text, LabelNames names) {
  return names == LabelNames::kPlain ? is_plain_label_name(text) : is_utf8_label_name(text);
}

bool is_label_template(std::string_view text) {
  const auto is_word = [](char c) {
    return is_plain_label_name(std::string_view(&c, 1)) || (c >= '0' && c <= '9');
  };
  if (text.empty()) return false;
  bool started = false;  // the next character need not be one that begins a name
  while (!text.empty()) {
    if (text.front() != '$') {
      if (!is_word(text.front()) || (!started && text.front() >= '0' && text.front() <= '9'))
        return false;
      started = true;
      text.remove_prefix(1);
      continue;
    }
    const bool braced = text.substr(1).starts_with('{');
    std::size_t end = braced ? 2 : 1;
    const std::size_t begin = end;
    while (end < text.size() && is_word(text[end])) ++end;
    if (end == begin || (braced && (end >= text.size() || text[end] != '}'))) return false;
    started = true;
    text.remove_prefix(end + (braced ? 1 : 0));
  }
  return true;
}

void RelabelRule::check(schema::Problems& problems, LabelNames names, LabelNames templates) const {
  const std::string_view name = to_string(action);
  const RelabelRule defaults;
  const auto valid_name = [names](std::string_view text) { return is_label_name(text, names); };
  const auto valid_template = [templates](std::string_view text) {
    return templates == LabelNames::kPlain ? is_label_template(text)
                                           : is_label_name(text, templates);
  };
  const auto bad_name = [&](std::string_view field, std::string_view text) {
    problems.add(
        field, format("\"{}\" is invalid '{}' for {} action", text, field, name),
        "a label name is a letter or underscore followed by letters, digits and underscores",
        text::DiagnosticCode::kBadLabelName);
  };
  const bool has_groups = target_label.find('$') != std::string::npos;
  const auto takes_only = [&](std::string_view what,
                              std::initializer_list<std::pair<std::string_view, bool>> others) {
    for (const auto& [field, given] : others) {
      if (given)
        problems.add(field, format("{} action requires only {}, and no other fields", name, what));
    }
  };

  if (action == RelabelAction::kHashMod && modulus == 0)
    problems.add("modulus", "relabel configuration for hashmod requires non-zero modulus");
  if (needs_target(action) && target_label.empty()) {
    problems.add("target_label",
                 format("relabel configuration for {} action requires 'target_label' value", name));
    return;
  }
  if (action == RelabelAction::kReplace) {
    if (!(has_groups ? valid_template(target_label) : valid_name(target_label)))
      bad_name("target_label", target_label);
  } else if (needs_target(action) && !valid_name(target_label)) {
    bad_name("target_label", target_label);
  }
  if (action == RelabelAction::kLabelMap && !valid_template(replacement))
    bad_name("replacement", replacement);

  const bool keeps_replacement =
      action == RelabelAction::kLowercase || action == RelabelAction::kUppercase ||
      action == RelabelAction::kKeepEqual || action == RelabelAction::kDropEqual;
  if (keeps_replacement && replacement != defaults.replacement) {
    problems.add("replacement", format("'replacement' can not be set for {} action", name));
    return;
  }
  switch (action) {
    case RelabelAction::kKeepEqual:
    case RelabelAction::kDropEqual:
      takes_only("'source_labels' and 'target_label'",
                 {{"regex", !(regex == defaults.regex)},
                  {"modulus", modulus != 0},
                  {"separator", separator != defaults.separator}});
      break;
    case RelabelAction::kLabelDrop:
    case RelabelAction::kLabelKeep:
      takes_only("'regex'", {{"source_labels", !source_labels.empty()},
                             {"target_label", !target_label.empty()},
                             {"modulus", modulus != 0},
                             {"separator", separator != defaults.separator},
                             {"replacement", replacement != defaults.replacement}});
      break;
    default: break;
  }
}

const value::CapsuleType kRelabelRulesType = {"relabel.Rules", "relabelling rules", &same_rules,
                                              nullptr};

namespace {
/// Which names the rules may write.
void lint_written_names(const std::vector<RelabelRule>& rules, catalog::Lint& lint) {
  constexpr auto kNames = text::DiagnosticCode::kNeverExtracted;
  lint.passes(kNames);
  const auto blocks = lint.blocks("rule");
  for (std::size_t i = 0; i < rules.size() && i < blocks.size(); ++i) {
    const bool known = is_settled(*blocks[i], "action") && is_settled(*blocks[i], "target_label");
    if (!known || rules[i].action == RelabelAction::kLabelMap ||
        rules[i].target_label.find('$') != std::string::npos)
      return lint.gives(kNames);
    if (!rules[i].target_label.empty()) lint.gives(kNames, rules[i].target_label);
  }
}
}  // namespace

void lint_rules(const std::vector<RelabelRule>& rules, catalog::Lint& lint) {
  lint_written_names(rules, lint);
  const auto blocks = lint.blocks("rule");
  for (std::size_t i = 0; i + 1 < rules.size() && i + 1 < blocks.size(); ++i) {
    const RelabelRule& rule = rules[i];
    const std::string& regex = rule.regex.regex.text();
    const bool takes_all = regex == "(.*)" || regex == ".*";
    if (!takes_all ||
        (rule.action != RelabelAction::kDrop && rule.action != RelabelAction::kLabelDrop))
      continue;
    if (!is_settled(*blocks[i], "regex") || !is_settled(*blocks[i], "action")) continue;
    lint.warn(blocks[i + 1]->head, text::DiagnosticCode::kUnreachableRule,
              rule.action == RelabelAction::kDrop
                  ? "nothing reaches this rule: the one before it drops everything"
                  : "no label reaches this rule: the one before it drops them all",
              "give the rule before it a regex, or remove what follows it");
    return;
  }
}

}  // namespace weir

namespace weir::schema {

value::Type Codec<RelabelAction>::type() {
  return Codec<std::string>::type();
}

bool Codec<RelabelAction>::decode(const value::Value& in, RelabelAction& out, Decoder& decoder) {
  std::string text;
  if (!Codec<std::string>::decode(in, text, decoder)) return false;
  if (text.empty())
    return decoder.fail(text::DiagnosticCode::kBadValue, "relabel action cannot be empty");
  const std::string lower = to_lower(text);
  for (std::size_t i = 0; i < kActionNames.size(); ++i) {
    if (kActionNames[i] != lower) continue;
    out = static_cast<RelabelAction>(i);
    return true;
  }
  return decoder.fail(text::DiagnosticCode::kBadValue, format("\"{}\" is no relabel action", text),
                      text::did_you_mean(lower, {kActionNames.begin(), kActionNames.end()}));
}

value::Value Codec<RelabelAction>::encode(const RelabelAction& in) {
  return value::Value(to_string(in));
}

value::Type Codec<RelabelRules>::type() {
  return value::Type::capsule(kRelabelRulesType);
}

bool Codec<RelabelRules>::decode(const value::Value& in, RelabelRules& out, Decoder& decoder) {
  if (in.is_null()) return true;
  if (in.kind() != value::Kind::kCapsule || in.as_capsule().type != &kRelabelRulesType)
    return decoder.mismatch(type(), in);
  out = *static_cast<const RelabelRules*>(in.as_capsule().object.get());
  return true;
}

value::Value Codec<RelabelRules>::encode(const RelabelRules& in) {
  return value::Value(value::Capsule{&kRelabelRulesType, std::make_shared<const RelabelRules>(in)});
}

}  // namespace weir::schema

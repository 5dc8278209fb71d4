// SPDX-License-Identifier: Apache-2.0
// Relabelling: rules that rewrite, keep or drop a label set, as Prometheus defined them.
//
// A Rule is what a `rule { }` block holds. RelabelRules are rules made ready to run: expressions
// compiled, templates split, the common forms of expressions (`(.*)`, `a|b`) told apart so that
// they cost a comparison. Immutable and shared, they travel through expressions as a capsule.

#pragma once

#include "components/core/codecs.h"
#include "components/core/labels.h"
#include "interpreter/catalog/lint.h"
#include "interpreter/schema/schema.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

enum class RelabelAction : std::uint8_t {
  kReplace,
  kKeep,
  kDrop,
  kKeepEqual,
  kDropEqual,
  kHashMod,
  kLabelMap,
  kLabelDrop,
  kLabelKeep,
  kLowercase,
  kUppercase,
};
/// "labelmap"
std::string_view to_string(RelabelAction action);

/// Which names a label may have: letters, digits and underscores, or any UTF-8.
enum class LabelNames : std::uint8_t { kPlain, kUtf8 };
bool is_label_name(std::string_view text, LabelNames names);

/// One rule, as written.
struct RelabelRule {
  std::vector<std::string> source_labels;
  std::string separator = ";";
  AnchoredRegex regex = default_regex();
  std::uint64_t modulus = 0;
  std::string target_label;
  std::string replacement = "$1";
  RelabelAction action = RelabelAction::kReplace;

  static schema::Schema schema();
  /// The fields an action needs, and those it does not take. As in the reference, a name that is
  /// written out may be any UTF-8, one put together from groups is a plain one.
  void validate(schema::Problems& problems) const {
    check(problems, LabelNames::kUtf8, LabelNames::kPlain);
  }
  void check(schema::Problems& problems, LabelNames names, LabelNames templates) const;

  friend bool operator==(const RelabelRule&, const RelabelRule&) = default;

 private:
  static const AnchoredRegex& default_regex();  // (.*)
};

/// Whether `text` may be the target_label of a replace rule: a plain label name once its `$1`,
/// `${name}` are put in.
bool is_label_template(std::string_view text);

/// Rules ready to run. Cheap to copy; copies share. Threads: any, many at once. `names`: a replace
/// rule that makes another name does nothing. As in the reference, targets may have any name and
/// the labels of logs plain ones.
class RelabelRules {
 public:
  RelabelRules();  // no rules: every set stays as it is
  explicit RelabelRules(std::vector<RelabelRule> rules, LabelNames names = LabelNames::kPlain);
  ~RelabelRules();
  RelabelRules(const RelabelRules&);
  RelabelRules& operator=(const RelabelRules&);

  /// Runs the rules in order; false if one of them dropped the set, whose labels then mean nothing.
  [[nodiscard]] bool apply(LabelsBuilder& labels) const;
  /// The set that comes out, or nothing.
  [[nodiscard]] std::optional<Labels> apply(const Labels& labels) const;
  [[nodiscard]] const std::vector<RelabelRule>& rules() const;
  [[nodiscard]] bool empty() const { return rules().empty(); }

  friend bool operator==(const RelabelRules& a, const RelabelRules& b) {
    return a.rules() == b.rules();
  }

 private:
  struct Plan;
  std::shared_ptr<const Plan> plan_;
};

extern const value::CapsuleType kRelabelRulesType;

/// Warns of rules that nothing can reach: those behind one that drops everything.
void lint_rules(const std::vector<RelabelRule>& rules, catalog::Lint& lint);

}  // namespace weir

namespace weir::schema {
WEIR_DECLARE_CODEC(RelabelAction);
WEIR_DECLARE_CODEC(RelabelRules);
}  // namespace weir::schema

// SPDX-License-Identifier: Apache-2.0
// A table of words: the first that a wording has decides, so the special stand before the general.
#include "tests/support/reference_errors.h"

#include <utility>
#include <vector>

namespace weir::test {

using text::DiagnosticCode;

std::set<DiagnosticCode> codes_for(const std::string& wording) {
  using enum DiagnosticCode;
  static const std::vector<std::pair<std::string, std::set<DiagnosticCode>>> kCodes = {
      // The reference hides why the import has no such declare: that may be its syntax.
      {"config not found in the registry",
       {kUnknownComponent, kImport, kBadString, kIllegalCharacter, kSyntax}},
      {"only allowed inside a module", {kMisplacedBlock}},
      {"not allowed inside a module", {kMisplacedBlock}},
      {"only declare and import blocks", {kMisplacedBlock}},
      {"nested blocks not supported", {kMisplacedBlock}},
      {"cycle", {kCycle}},
      {"self reference", {kCycle}},
      {"out of scope", {kUnknownName}},
      {"identifier \"", {kUnknownName}},
      {"does not have field named", {kUnknownField}},
      {"cannot access field", {kTypeMismatch}},
      {"field \"", {kUnknownField}},
      {"is out of range of array", {kIndexRange}},
      {"not a valid label", {kBadLabel}},
      {"already declared", {kDuplicateBlock}},
      {"duplicate definition of", {kDuplicateBlock}},
      {"may only be specified once", {kDuplicateBlock}},
      {"must be specified exactly", {kDuplicateBlock}},
      {"may only be provided once", {kDuplicateAttribute}},
      {"template is missing", {kMissingBlock}},
      {"missing required block", {kMissingBlock}},
      {"missing required attribute", {kMissingAttribute}},
      {"missing required argument", {kMissingArgument}},
      {"not defined in the module", {kUnknownArgument}},
      {"is used as a block", {kBlockNotAttribute}},
      {"is used as an attribute", {kBlockNotAttribute}},
      {"unrecognized attribute", {kUnknownAttribute}},
      {"unrecognized block name", {kUnknownBlock}},
      {"unrecognized log ", {kBadValue}},
      {"must have a label", {kMissingLabel}},
      {"requires non-empty label", {kMissingLabel}},
      {"requires empty label", {kUnexpectedLabel}},
      {"does not support specifying labels", {kUnexpectedLabel}},
      {"stability level", {kStability}},
      {"community component", {kStability}},
      {"cannot find the definition", {kUnknownComponent}},
      {"secrets may not be converted", {kSecretExposed}},
      {"should be function", {kBadCall}},
      {"should be capsule", {kTypeMismatch, kWrongWiring}},
      {"expected capsule", {kTypeMismatch, kWrongWiring}},
      {"should be ", {kTypeMismatch}},
      {"divide by zero", {kOperation}},
      {"time: ", {kBadDuration}},
      {"frequency must not be 0", {kBuild}},
      {"no such file", {kImport}},
      {"args, got", {kBadCall}},
      {"string literal not terminated", {kBadString}},
      {"single-quoted string", {kBadString}},
      {"escape sequence", {kBadString}},
      {"illegal character", {kIllegalCharacter}},
      {"attribute names may", {kBadAttributeName}},
      {"cannot use a block as an expression", {kBlockInExpression}},
      {"expected block label to be", {kBadLabel}},
      {"expected ", {kSyntax}},
      {"missing ','", {kSyntax}},
  };
  for (const auto& [part, codes] : kCodes) {
    if (wording.find(part) != std::string::npos) return codes;
  }
  return {};
}

}  // namespace weir::test

// SPDX-License-Identifier: Apache-2.0
#include "components/core/file_lint.h"

namespace weir {

void lint_files(const schema::EvaluatedBody& body, catalog::Lint& lint) {
  for (const schema::EvaluatedAttribute& attribute : body.attributes) {
    const bool is_known = attribute.value && attribute.value->kind() == value::Kind::kString;
    if (!attribute.name.ends_with("_file") || !is_known || attribute.value->as_string().empty())
      continue;
    lint.reads(attribute.expression != nullptr ? attribute.expression->span : attribute.statement,
               std::string(attribute.value->as_string()));
  }
  for (const schema::EvaluatedBlock& block : body.blocks) lint_files(block.body, lint);
}

}  // namespace weir

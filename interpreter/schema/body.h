// SPDX-License-Identifier: Apache-2.0
// A block's body after its expressions were evaluated: what decoding reads and what the graph
// compares.
//
// The evaluator makes bodies whose attributes all have values; the checker makes bodies in which an
// attribute may have only a type, because what it refers to exists only at run time. One decode()
// serves both, so what runs and what is checked cannot drift apart.

#pragma once

#include "interpreter/syntax/ast.h"
#include "interpreter/value/type.h"
#include "interpreter/value/value.h"

#include <optional>
#include <string>
#include <vector>

namespace weir::schema {

struct EvaluatedBlock;

struct EvaluatedAttribute {
  std::string name;
  std::optional<value::Value> value;  ///< absent: only `type` is known
  value::Type type;
  text::Span statement;  ///< the whole `name = value`
  text::Span name_span;
  const syntax::Expression* expression = nullptr;  ///< null if it comes from no text
  bool failed = false;  ///< its expression was already reported; decode passes over it
};

struct EvaluatedBody {
  std::vector<EvaluatedAttribute> attributes;  ///< in source order, repeats kept
  std::vector<EvaluatedBlock> blocks;          ///< in source order
};

struct EvaluatedBlock {
  std::string name;  ///< "endpoint", "stage.json"
  std::string label;
  EvaluatedBody body;
  text::Span name_span;
  text::Span label_span;
  text::Span head;   ///< name and label
  text::Span whole;  ///< to the closing brace
};

/// The body as configuration text, formatted, attributes before blocks; secrets as (secret).
std::string print(const EvaluatedBody& body);

/// Same attributes and blocks with the same values, wherever they were written.
bool same(const EvaluatedBody& a, const EvaluatedBody& b);

}  // namespace weir::schema

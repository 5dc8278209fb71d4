// SPDX-License-Identifier: Apache-2.0
// Bodies as text: written roughly, then laid out by the formatter.

#include "base/format.h"
#include "interpreter/schema/body.h"
#include "interpreter/syntax/parse.h"
#include "interpreter/syntax/print.h"
#include "interpreter/value/quote.h"

namespace weir::schema {
namespace {

void append_rough(std::string& out, const EvaluatedBody& body) {
  for (const EvaluatedAttribute& attribute : body.attributes) {
    if (attribute.value) out += format("{} = {}\n", attribute.name, print(*attribute.value));
  }
  for (const EvaluatedBlock& block : body.blocks) {
    out += block.name;
    if (!block.label.empty()) out += ' ' + value::quote(block.label);
    out += " {\n";
    append_rough(out, block.body);
    out += "}\n";
  }
}

}  // namespace

std::string print(const EvaluatedBody& body) {
  std::string rough;
  append_rough(rough, body);
  text::DiagnosticSink sink;
  return syntax::print(*syntax::parse_file(text::Source::make("body", std::move(rough)), sink));
}

}  // namespace weir::schema

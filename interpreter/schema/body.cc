// SPDX-License-Identifier: Apache-2.0
#include "interpreter/schema/body.h"

#include <algorithm>

namespace weir::schema {
namespace {

bool same_attribute(const EvaluatedAttribute& a, const EvaluatedAttribute& b) {
  if (a.name != b.name || a.failed != b.failed || a.value.has_value() != b.value.has_value())
    return false;
  return a.value ? value::same(*a.value, *b.value) : a.type == b.type;
}

bool same_block(const EvaluatedBlock& a, const EvaluatedBlock& b) {
  return a.name == b.name && a.label == b.label && same(a.body, b.body);
}

}  // namespace

bool same(const EvaluatedBody& a, const EvaluatedBody& b) {
  return std::equal(a.attributes.begin(), a.attributes.end(), b.attributes.begin(),
                    b.attributes.end(), same_attribute) &&
         std::equal(a.blocks.begin(), a.blocks.end(), b.blocks.begin(), b.blocks.end(), same_block);
}

}  // namespace weir::schema

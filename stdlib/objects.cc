// SPDX-License-Identifier: Apache-2.0
#include "stdlib/objects.h"

namespace weir::schema {

using value::Kind;
using value::Type;

Type Codec<stdlib::Objects>::type() {
  return Type::list(Type::map(Type::any()));
}

bool Codec<stdlib::Objects>::decode(const value::Value& in, stdlib::Objects& out,
                                    Decoder& decoder) {
  if (in.kind() != Kind::kArray) return decoder.mismatch(type(), in);
  bool good = true;
  for (std::size_t i = 0; i < in.as_array().size(); ++i) {
    const value::Value& element = in.as_array()[i];
    decoder.enter(i);
    if (element.kind() != Kind::kObject) good = decoder.mismatch(type().element(), element);
    decoder.leave();
  }
  out.elements = in.as_array();
  return good;
}

value::Value Codec<stdlib::Objects>::encode(const stdlib::Objects& in) {
  return value::Value(in.elements);
}

}  // namespace weir::schema

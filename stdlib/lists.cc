// SPDX-License-Identifier: Apache-2.0
#include "stdlib/lists.h"

namespace weir::schema {

using value::Kind;
using value::Type;
using value::Value;

Type Codec<stdlib::List>::type() {
  return Type::of(Type::Tag::kList);
}

bool Codec<stdlib::List>::decode(const Value& in, stdlib::List& out, Decoder& decoder) {
  if (in.kind() != Kind::kArray) return decoder.mismatch(type(), in);
  out.value = in;
  return true;
}

Type Codec<stdlib::Objects>::type() {
  return Type::list(Type::of(Type::Tag::kMap));
}

bool Codec<stdlib::Objects>::decode(const Value& in, stdlib::Objects& out, Decoder& decoder) {
  if (in.kind() != Kind::kArray) return decoder.mismatch(type(), in);
  bool good = true;
  for (std::size_t i = 0; i < in.as_array().size(); ++i) {
    const Value& element = in.as_array()[i];
    decoder.enter(i);
    if (element.kind() != Kind::kObject) good = decoder.mismatch(type().element(), element);
    decoder.leave();
  }
  if (good) out.value = in;
  return good;
}

}  // namespace weir::schema

// SPDX-License-Identifier: Apache-2.0
#include "interpreter/value/unknown.h"

#include <algorithm>
#include <utility>

namespace weir::value {
namespace {

constexpr CapsuleType kUnknownType = {"unknown", "a value known only at run time"};

}  // namespace

Value unknown(Type type) {
  return Value(Capsule{&kUnknownType, std::make_shared<const Type>(std::move(type))});
}

const Type* unknown_type(const Value& value) {
  if (value.kind() != Kind::kCapsule || value.as_capsule().type != &kUnknownType) return nullptr;
  return static_cast<const Type*>(value.as_capsule().object.get());
}

bool has_unknown(const Value& value) {
  switch (value.kind()) {
    case Kind::kCapsule: return unknown_type(value) != nullptr;
    case Kind::kArray:
      return std::any_of(value.as_array().begin(), value.as_array().end(), has_unknown);
    case Kind::kObject: {
      const auto& members = value.as_object().members;
      return std::any_of(members.begin(), members.end(),
                         [](const auto& m) { return has_unknown(m.second); });
    }
    default: return false;
  }
}

}  // namespace weir::value

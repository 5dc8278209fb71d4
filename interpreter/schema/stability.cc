// SPDX-License-Identifier: Apache-2.0
#include "interpreter/schema/stability.h"

namespace weir::schema {

std::string_view to_string(Stability stability) {
  switch (stability) {
    case Stability::kExperimental: return "experimental";
    case Stability::kPublicPreview: return "public-preview";
    case Stability::kGenerallyAvailable: return "generally-available";
  }
  return {};
}

std::optional<Stability> parse_stability(std::string_view text) {
  for (const auto level :
       {Stability::kExperimental, Stability::kPublicPreview, Stability::kGenerallyAvailable}) {
    if (text == to_string(level)) return level;
  }
  return std::nullopt;
}

}  // namespace weir::schema

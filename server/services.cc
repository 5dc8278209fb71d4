// SPDX-License-Identifier: Apache-2.0
#include "server/services.h"

namespace weir::server {

#define SERVICE(id) extern const catalog::ComponentDef id;
#include "server/services.def"
#undef SERVICE

std::span<const catalog::ComponentDef* const> services() {
#define SERVICE(id) &id,
  static constexpr const catalog::ComponentDef* kServices[] = {
#include "server/services.def"
  };
#undef SERVICE
  return kServices;
}

}  // namespace weir::server

// SPDX-License-Identifier: Apache-2.0
// Invariants: what must hold unless Weir itself is wrong. A failed check prints why and aborts.

#pragma once

#include <string_view>

namespace weir::detail {
[[noreturn]] void check_failed(const char* file, int line, const char* condition,
                               std::string_view why);
}

/// Aborts unless `condition` holds; `why` says why it must. Kept in release builds.
#define WEIR_CHECK(condition, why)                                         \
  do {                                                                     \
    if (!(condition)) [[unlikely]]                                         \
      ::weir::detail::check_failed(__FILE__, __LINE__, #condition, (why)); \
  } while (false)

#ifdef NDEBUG
#define WEIR_DCHECK(condition, why) \
  do {                              \
  } while (false)
#else
#define WEIR_DCHECK(condition, why) WEIR_CHECK(condition, why)
#endif

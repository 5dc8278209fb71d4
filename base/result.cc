// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <cerrno>
#include <system_error>

namespace weir {

std::string_view to_string(Code code) {
  switch (code) {
    case Code::kInvalid: return "invalid";
    case Code::kNotFound: return "not found";
    case Code::kUnavailable: return "unavailable";
    case Code::kThrottled: return "throttled";
    case Code::kPermanent: return "permanent";
    case Code::kCancelled: return "cancelled";
    case Code::kInternal: return "internal";
  }
  return "internal";
}

Error system_error(int errno_value, std::string_view what) {
  const Code code = errno_value == ENOENT ? Code::kNotFound : Code::kUnavailable;
  return {code, format("{}: {}", what, std::generic_category().message(errno_value))};
}

}  // namespace weir

// SPDX-License-Identifier: Apache-2.0
#include "base/redact.h"

#include <algorithm>

namespace weir {

std::string redact_url(std::string_view text) {
  std::string out(text);
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos || scheme > text.find_first_of("/?# \n")) return out;
  const std::size_t begin = scheme + 3;
  const std::string_view authority = text.substr(begin, text.substr(begin).find_first_of("/?#"));
  const std::size_t at = authority.rfind('@');
  const std::size_t colon = authority.find(':');
  if (at == std::string_view::npos || colon >= at) return out;
  return out.replace(begin + colon + 1, at - colon - 1, "xxxxx");
}

}  // namespace weir

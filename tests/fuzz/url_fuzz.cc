// SPDX-License-Identifier: Apache-2.0
// A URL that is taken apart is one that libcurl would go to as well, and joining keeps URLs whole.

#include "base/check.h"
#include "base/net/url.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  const std::string input(reinterpret_cast<const char*>(data), size);
  const auto url = net::parse_url(input);
  if (url) {
    WEIR_CHECK(!url->host.empty() && url->path.starts_with('/'), input);
    const auto again = net::parse_url(url->scheme + "://" + url->authority() + url->path);
    WEIR_CHECK(again && again->host == url->host && again->path == url->path, input);
  }
  (void)net::join_url("http://host/a/b?c", input);
  const std::string escaped = net::url_escape(input);
  WEIR_CHECK(escaped.find_first_of("&=?#/ \n") == std::string::npos, "nothing ends a parameter");
  return 0;
}

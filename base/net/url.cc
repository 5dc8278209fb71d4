// SPDX-License-Identifier: Apache-2.0
// libcurl takes URLs apart, so that what we think a URL means is what it will do.

#include "base/net/url.h"

#include "base/format.h"
#include "base/redact.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <memory>

namespace weir::net {
namespace {

using CurlUrl = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

/// A part of the URL, or "" if it has none.
std::string url_part(const CurlUrl& url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> held(text, &curl_free);
  return text;
}

}  // namespace

std::string Url::authority() const {
  const bool ip6 = host.find(':') != std::string::npos;
  const std::string name = ip6 ? "[" + host + "]" : host;
  return explicit_port ? format("{}:{}", name, port) : name;
}

Result<Url> parse_url(std::string_view text) {
  const std::string shown = redact_url(text);
  if (text.find("://") == std::string_view::npos)
    return invalid("\"{}\" is not a URL: http:// or https:// is needed", shown);
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= ' ' || c == 127; }))
    return invalid("\"{}\" holds a space or a control character", shown);
  const CurlUrl handle(curl_url(), &curl_url_cleanup);
  const CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, std::string(text).c_str(),
                                      CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK) return invalid("\"{}\": {}", shown, curl_url_strerror(code));
  Url url;
  url.scheme = url_part(handle, CURLUPART_SCHEME);
  if (url.scheme != "http" && url.scheme != "https")
    return invalid("\"{}\": scheme {} where http or https is needed", shown, url.scheme);
  url.host = url_part(handle, CURLUPART_HOST);
  if (url.host.empty()) return invalid("\"{}\" names no host", shown);
  if (url.host.front() == '[') url.host = url.host.substr(1, url.host.size() - 2);
  url.explicit_port = !url_part(handle, CURLUPART_PORT).empty();
  url.port =
      static_cast<std::uint16_t>(std::stoul(url_part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT)));
  if (url.port == 0) return invalid("\"{}\": wrong port", shown);
  url.path = url_part(handle, CURLUPART_PATH);
  if (const std::string query = url_part(handle, CURLUPART_QUERY); !query.empty())
    url.path += "?" + query;
  return url;
}

Result<std::string> join_url(const std::string& base, std::string_view reference) {
  const CurlUrl handle(curl_url(), &curl_url_cleanup);
  CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, base.c_str(), 0);
  if (code == CURLUE_OK)
    code =
        curl_url_set(handle.get(), CURLUPART_URL, std::string(reference).c_str(), CURLU_URLENCODE);
  if (code != CURLUE_OK)
    return invalid("\"{}\" at {}: {}", reference, base, curl_url_strerror(code));
  return url_part(handle, CURLUPART_URL);
}

std::string url_escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 128 && std::isalnum(byte) != 0) || c == '-' || c == '_' || c == '.' || c == '~')
      out += c;
    else if (c == ' ')
      out += '+';
    else
      out += format("%{:02X}", byte);
  }
  return out;
}

}  // namespace weir::net

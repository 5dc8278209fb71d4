// SPDX-License-Identifier: Apache-2.0
#include "base/net/url.h"

#include "base/format.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <memory>

namespace weir::net {

std::string Url::authority() const {
  const bool ip6 = host.find(':') != std::string::npos;
  const std::string name = ip6 ? "[" + host + "]" : host;
  return explicit_port ? format("{}:{}", name, port) : name;
}

Result<Url> parse_url(std::string_view text) {
  Url url;
  const std::string whole(text);
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos)
    return invalid("\"{}\" is not a URL: http:// or https:// is needed", whole);
  url.scheme = text.substr(0, colon);
  std::transform(url.scheme.begin(), url.scheme.end(), url.scheme.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (url.scheme != "http" && url.scheme != "https")
    return invalid("\"{}\": scheme {} where http or https is needed", whole, url.scheme);
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= ' ' || c == 127; })) {
    return invalid("\"{}\" holds a space or a control character", whole);
  }
  text.remove_prefix(colon + 3);
  const std::size_t end = text.find_first_of("/?#");
  std::string_view authority = text.substr(0, end);
  const std::string_view rest =
      end == std::string_view::npos ? std::string_view() : text.substr(end);
  url.path = rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
  url.path = url.path.substr(0, url.path.find('#'));
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos)
    authority.remove_prefix(at + 1);
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return invalid("\"{}\": `[` without `]`", whole);
    url.host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
  } else {
    url.host = authority.substr(0, authority.find(':'));
    port = authority.substr(url.host.size());
  }
  if (url.host.empty()) return invalid("\"{}\" names no host", whole);
  url.port = url.scheme == "https" ? 443 : 80;
  if (port.size() > 1) {
    port.remove_prefix(1);
    unsigned number = 0;
    for (const char c : port) {
      if (c < '0' || c > '9' || number > 65535) return invalid("\"{}\": wrong port", whole);
      number = number * 10 + static_cast<unsigned>(c - '0');
    }
    if (number == 0 || number > 65535) return invalid("\"{}\": wrong port", whole);
    url.port = static_cast<std::uint16_t>(number);
    url.explicit_port = true;
  }
  return url;
}

Result<std::string> join_url(const std::string& base, std::string_view reference) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), &curl_url_cleanup);
  CURLUcode code = curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0);
  if (code == CURLUE_OK)
    code = curl_url_set(url.get(), CURLUPART_URL, std::string(reference).c_str(), CURLU_URLENCODE);
  char* joined = nullptr;
  if (code == CURLUE_OK) code = curl_url_get(url.get(), CURLUPART_URL, &joined, 0);
  const std::unique_ptr<char, decltype(&curl_free)> held(joined, &curl_free);
  if (code != CURLUE_OK)
    return invalid("\"{}\" at {}: {}", reference, base, curl_url_strerror(code));
  return std::string(joined);
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

// SPDX-License-Identifier: Apache-2.0
// From a request and a configuration to libcurl's options.

#include "base/net/transfer.h"

#include "base/format.h"

#include <algorithm>

namespace weir::net {
namespace {

constexpr long kUploadBuffer = 512 << 10;

std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto* transfer = static_cast<Transfer*>(self);
  transfer->too_large =
      transfer->response.body.size() + size * count > transfer->max_response_bytes;
  if (transfer->too_large) return 0;
  transfer->response.body.append(bytes, size * count);
  return size * count;
}

std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto* transfer = static_cast<Transfer*>(self);
  std::string_view line(bytes, size * count);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    transfer->response.headers.clear();  // of a redirect or a 100: only the last response counts
  } else if (const std::size_t colon = line.find(':');
             colon != std::string_view::npos && transfer->response.headers.size() < 1000) {
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
    transfer->response.headers.emplace_back(line.substr(0, colon), value);
  }
  return size * count;
}

template <class T>
void set(CURL* easy, CURLoption option, T value) {
  curl_easy_setopt(easy, option, value);
}

void set_blob_or_file(CURL* easy, CURLoption blob_option, CURLoption file_option,
                      const std::string& pem, const std::string& file) {
  if (!pem.empty()) {
    curl_blob blob{const_cast<char*>(pem.data()), pem.size(), CURL_BLOB_COPY};
    set(easy, blob_option, &blob);
  } else if (!file.empty()) {
    set(easy, file_option, file.c_str());
  }
}

long tls_version(const std::string& name) {
  if (name == "TLS10") return CURL_SSLVERSION_TLSv1_0;
  if (name == "TLS11") return CURL_SSLVERSION_TLSv1_1;
  return name == "TLS13" ? CURL_SSLVERSION_TLSv1_3 : CURL_SSLVERSION_TLSv1_2;
}

/// libcurl asks for and verifies the URL's host. To use another name, that name goes into the URL,
/// the connection goes to the real host, and the Host header says the real one.
void use_server_name(Transfer& transfer, const Url& url, const std::string& name) {
  const std::string at = format("{}://{}:{}{}", url.scheme, name, url.port, url.path);
  set(transfer.easy, CURLOPT_URL, at.c_str());
  const bool ip6 = url.host.find(':') != std::string::npos;
  const std::string to =
      format("{}:{}:{}{}{}:{}", name, url.port, ip6 ? "[" : "", url.host, ip6 ? "]" : "", url.port);
  transfer.connect_to = curl_slist_append(nullptr, to.c_str());
  set(transfer.easy, CURLOPT_CONNECT_TO, transfer.connect_to);
  transfer.headers =
      curl_slist_append(transfer.headers, format("Host: {}", url.authority()).c_str());
}

void set_tls(Transfer& transfer, const Url& url, const ClientTls& tls) {
  CURL* easy = transfer.easy;
  set_blob_or_file(easy, CURLOPT_CAINFO_BLOB, CURLOPT_CAINFO, tls.ca_pem, tls.ca_file);
  set_blob_or_file(easy, CURLOPT_SSLCERT_BLOB, CURLOPT_SSLCERT, tls.cert_pem, tls.cert_file);
  set_blob_or_file(easy, CURLOPT_SSLKEY_BLOB, CURLOPT_SSLKEY, tls.key_pem, tls.key_file);
  set(easy, CURLOPT_SSLVERSION, tls_version(tls.min_version));
  if (tls.insecure_skip_verify) {
    set(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    set(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!tls.server_name.empty() && url.scheme == "https")
    use_server_name(transfer, url, tls.server_name);
}

/// The proxy the environment names for `url`: libcurl knows the variables, but neither HTTP_PROXY
/// in capitals nor that one's own machine needs none, which the field relies on.
const char* environment_proxy(const Url& url) {
  if (url.host == "localhost" || url.host == "::1" || url.host.starts_with("127.")) return "";
  if (url.scheme != "http" || std::getenv("http_proxy") != nullptr) return nullptr;
  return std::getenv("HTTP_PROXY");
}

void set_proxy(Transfer& transfer, const Url& url, const ClientProxy& proxy) {
  CURL* easy = transfer.easy;
  if (!proxy.url.empty()) {
    set(easy, CURLOPT_PROXY, proxy.url.c_str());
    set(easy, CURLOPT_NOPROXY, proxy.no_proxy.c_str());
    for (const auto& [name, value] : proxy.connect_headers) {
      transfer.proxy_headers =
          curl_slist_append(transfer.proxy_headers, format("{}: {}", name, value).c_str());
    }
    set(easy, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
    set(easy, CURLOPT_PROXYHEADER, transfer.proxy_headers);
  } else if (!proxy.from_environment) {
    set(easy, CURLOPT_PROXY, "");  // libcurl would look at the environment by itself
  } else if (const char* named = environment_proxy(url); named != nullptr) {
    set(easy, CURLOPT_PROXY, named);
  }
}

void set_method(Transfer& transfer, const HttpRequest& request) {
  CURL* easy = transfer.easy;
  if (request.method == "HEAD")
    set(easy, CURLOPT_NOBODY, 1L);
  else if (request.method == "GET" && !request.body)
    set(easy, CURLOPT_HTTPGET, 1L);
  else {
    const std::string_view body =
        request.body ? std::string_view(*request.body) : std::string_view();
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDS, body.data() == nullptr ? "" : body.data());
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    set(easy, CURLOPT_UPLOAD_BUFFERSIZE, kUploadBuffer);
  }
}

bool printable_header(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace

Transfer::~Transfer() {
  curl_easy_cleanup(easy);
  curl_slist_free_all(headers);
  curl_slist_free_all(proxy_headers);
  curl_slist_free_all(connect_to);
}

Result<std::shared_ptr<Transfer>> make_transfer(const HttpClientConfig& config,
                                                const HttpRequest& request,
                                                const std::string& authorization, bool trusted) {
  WEIR_TRY(const Url url, parse_url(request.url));
  auto transfer = std::make_shared<Transfer>();
  transfer->easy = curl_easy_init();
  transfer->body = request.body;
  transfer->max_response_bytes = request.max_response_bytes;
  CURL* easy = transfer->easy;
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_URL, request.url.c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_HTTP_VERSION,
      static_cast<long>(config.enable_http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_TIMEOUT_MS,
      std::max<long>(
          1, std::chrono::duration_cast<std::chrono::milliseconds>(request.timeout).count()));
  set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy, CURLOPT_ERRORBUFFER, transfer->error);
  set(easy, CURLOPT_WRITEFUNCTION, &on_body);
  set(easy, CURLOPT_WRITEDATA, transfer.get());
  set(easy, CURLOPT_HEADERFUNCTION, &on_header);
  set(easy, CURLOPT_HEADERDATA, transfer.get());
  set_method(*transfer, request);
  set_tls(*transfer, url, config.tls);
  set_proxy(*transfer, url, config.proxy);
  Headers headers = trusted ? config.headers : Headers();
  headers.insert(headers.end(), request.headers.begin(), request.headers.end());
  if (!authorization.empty()) headers.emplace_back("Authorization", authorization);
  headers.emplace_back("Expect", "");  // never wait for a 100
  for (const auto& [name, value] : headers) {
    if (!printable_header(name) || !printable_header(value))
      return invalid("header \"{}\" holds a line break", name);
    transfer->headers = curl_slist_append(
        transfer->headers,
        (name + (value.empty() && name != "Expect" ? ";" : ": " + value)).c_str());
  }
  set(easy, CURLOPT_HTTPHEADER, transfer->headers);
  return transfer;
}

}  // namespace weir::net

// SPDX-License-Identifier: Apache-2.0
#include "components/loki/write/push_request.h"

#include "base/format.h"
#include "base/net/url.h"
#include "base/version.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <strings.h>
#include <unistd.h>
#include <vector>

namespace weir::loki {
namespace {

constexpr std::size_t kMaxErrorText = 1024;
constexpr std::size_t kMaxAnswerBytes = 1u << 20;

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || out < 0) return std::nullopt;
  return out;
}

/// "Wed, 21 Oct 2015 07:28:00 GMT"
std::optional<Time> parse_http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29) return std::nullopt;
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  const auto day = whole_number(text.substr(5, 2)), year = whole_number(text.substr(12, 4)),
             hour = whole_number(text.substr(17, 2)), minute = whole_number(text.substr(20, 2)),
             second = whole_number(text.substr(23, 2));
  if (month == kMonths.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
  const std::int64_t days = days_from_civil(
      *year, static_cast<unsigned>(month - kMonths.begin()) + 1, static_cast<unsigned>(*day));
  return Time{(((days * 24 + *hour) * 60 + *minute) * 60 + *second) * 1'000'000'000};
}

/// The files that a client's settings name.
std::vector<std::string> files_of(const net::HttpClientConfig& http) {
  std::vector<std::string> out;
  const auto tls = [&out](const net::ClientTls& one) {
    out.insert(out.end(), {one.ca_file, one.cert_file, one.key_file});
  };
  tls(http.tls);
  if (http.basic) out.push_back(http.basic->password.file);
  if (http.authorization) out.push_back(http.authorization->credentials.file);
  if (http.oauth2) {
    out.push_back(http.oauth2->client_secret.file);
    tls(http.oauth2->tls);
  }
  std::erase(out, "");
  return out;
}

bool has_header(const net::Headers& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(), [name](const auto& header) {
    return header.first.size() == name.size() &&
           ::strncasecmp(header.first.data(), name.data(), name.size()) == 0;
  });
}

}  // namespace

net::HttpRequest push_request(const EndpointConfig& config, const std::string& tenant,
                              std::shared_ptr<const std::string> body) {
  net::HttpRequest request;
  request.method = "POST";
  request.url = config.url;
  request.headers = {{"Content-Type", "application/x-protobuf"},
                     {"Content-Encoding", "snappy"},
                     {"User-Agent", format("Weir/{}", kVersion)}};
  if (!tenant.empty()) request.headers.emplace_back("X-Scope-OrgID", tenant);
  for (const auto& [name, value] : config.headers) {
    if (!has_header(request.headers, name)) request.headers.emplace_back(name, value);
  }
  request.body = std::move(body);
  request.timeout = config.remote_timeout;
  request.max_response_bytes = kMaxAnswerBytes;
  return request;
}

std::optional<std::string> why_unusable(const EndpointConfig& config) {
  if (const auto url = net::parse_url(config.url); !url) return url.error().message;
  for (const std::string& file : files_of(config.http)) {
    if (::access(file.c_str(), R_OK) != 0) return system_error(errno, file).message;
  }
  return std::nullopt;
}

std::string push_error(const Result<net::HttpResponse>& answer) {
  if (!answer) return answer.error().message;
  std::string_view line = answer->body;
  line = line.substr(0, std::min(line.find('\n'), kMaxErrorText));
  return format("server returned HTTP status {}: {}", answer->status, line);
}

Duration retry_after(const net::HttpResponse& answer, Time now) {
  const std::string_view text = answer.header("Retry-After");
  if (text.empty()) return Duration::zero();
  constexpr std::int64_t kMostSeconds = 24 * 3600;
  if (const auto seconds = whole_number(text))
    return std::chrono::seconds(std::min(*seconds, kMostSeconds));
  const auto date = parse_http_date(text);
  return date ? std::max(*date - now, Duration::zero()) : Duration::zero();
}

Duration backoff(const EndpointConfig& config, std::uint64_t attempts, std::minstd_rand& jitter) {
  Duration base = config.min_backoff;
  for (std::uint64_t i = 1; i < attempts && base < config.max_backoff; ++i) base *= 2;
  const double chance = std::uniform_real_distribution<double>(1, 2)(jitter);
  const double wanted = std::min(static_cast<double>(base.count()) * chance,
                                 static_cast<double>(config.max_backoff.count()));
  return Duration(static_cast<std::int64_t>(wanted));
}

}  // namespace weir::loki

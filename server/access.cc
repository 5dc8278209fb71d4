// SPDX-License-Identifier: Apache-2.0
#include "server/access.h"

#include "base/codec/base64.h"

#include <algorithm>

namespace weir::server {
namespace {

/// Compares in a time that does not tell how much of the text is right.
bool same_secret(std::string_view a, std::string_view b) {
  unsigned different = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    different |= static_cast<unsigned char>(a[i]) ^
                 static_cast<unsigned char>(b.empty() ? 0 : b[i % b.size()]);
  }
  return different == 0;
}

bool is_protected(const AccessRules& rules, std::string_view path) {
  const bool matches =
      std::any_of(rules.paths.begin(), rules.paths.end(),
                  [&](const std::string& prefix) { return path.starts_with(prefix); });
  return matches == rules.authenticate_matching_paths;
}

}  // namespace

void Access::set_rules(std::optional<AccessRules> rules) {
  MutexLock lock(mutex_);
  rules_ = std::move(rules);
}

std::optional<net::ServerResponse> Access::refuse(const net::ServerRequest& request) const {
  std::optional<AccessRules> rules;
  {
    MutexLock lock(mutex_);
    rules = rules_;
  }
  if (!rules || !is_protected(*rules, request.path)) return std::nullopt;
  const std::string wanted =
      "Basic " + codec::base64_encode(rules->username + ":" + rules->password);
  if (same_secret(request.header("Authorization"), wanted)) return std::nullopt;
  return net::ServerResponse{401,
                             "unauthorized\n",
                             "text/plain; charset=utf-8",
                             {{"WWW-Authenticate", "Basic realm=\"weir\""}}};
}

void Access::on_tls(UseTls use) {
  MutexLock lock(mutex_);
  use_tls_ = std::move(use);
}

Status Access::set_tls(std::optional<net::ServerTls> tls) {
  UseTls use;
  {
    MutexLock lock(mutex_);
    use = use_tls_;
  }
  return use ? use(std::move(tls)) : Status();
}

}  // namespace weir::server

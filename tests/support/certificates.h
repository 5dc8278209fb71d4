// SPDX-License-Identifier: Apache-2.0
// Certificates made for one test: an authority, and what it signs.

#pragma once

#include <memory>
#include <string>

namespace weir::test {

struct Certificate {
  std::string cert_pem;
  std::string key_pem;
};

/// A certificate authority that lives as long as a test.
class Authority {
 public:
  Authority();
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  [[nodiscard]] const std::string& cert_pem() const;
  /// Good for a day, for that DNS name and 127.0.0.1, as a server and as a client.
  [[nodiscard]] Certificate issue(const std::string& name) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::test

// SPDX-License-Identifier: Apache-2.0
// The real program running a configuration, and a client that asks it.
//
//   RunningWeir weir(R"(logging { })");
//   EXPECT_EQ(weir.get("/-/ready").status, 200);
//   EXPECT_EQ(weir.terminate(), 0);

#pragma once

#include "base/net/http_client.h"
#include "tests/support/process.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::test {

/// Ends with the test. Threads: one.
class RunningWeir {
 public:
  struct Options {
    std::vector<std::string> flags = {};
    std::map<std::string, std::string> env = {};
    net::HttpClientConfig client = {};
    bool tls = false;
  };
  explicit RunningWeir(const std::string& config) : RunningWeir(config, Options()) {}
  /// Waits until it is ready, or has ended.
  RunningWeir(const std::string& config, Options options);

  /// Status 0 and the reason as body if there is no answer.
  net::HttpResponse ask(const std::string& method, const std::string& path,
                        const net::HttpClientConfig& client);
  net::HttpResponse ask(const std::string& method, const std::string& path) {
    return ask(method, path, options_.client);
  }
  net::HttpResponse get(const std::string& path) { return ask("GET", path); }
  /// Writes the configuration and asks for a reload.
  net::HttpResponse reload(const std::string& config);
  void write_config(const std::string& config) { write_file(config_path(), config); }
  /// The value of a series as /metrics shows it; nothing if there is none.
  std::optional<double> metric(const std::string& series);

  /// The exit code after SIGTERM; nothing if it does not end in time.
  std::optional<int> terminate(std::chrono::milliseconds timeout = std::chrono::seconds(20));
  [[nodiscard]] Process& process() { return *process_; }
  [[nodiscard]] std::string log() const { return read_file(folder_ / "log"); }
  [[nodiscard]] bool logged(std::string_view part) const {
    return log().find(part) != std::string::npos;
  }
  [[nodiscard]] std::string config_path() const { return folder_ / "config.alloy"; }
  [[nodiscard]] const TempDir& folder() const { return folder_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  void use_tls(bool tls) { options_.tls = tls; }

 private:
  TempDir folder_;
  Options options_;
  std::uint16_t port_ = 0;
  std::optional<Process> process_;
};

}  // namespace weir::test

// SPDX-License-Identifier: Apache-2.0
#include "tests/support/running_weir.h"

#include <csignal>
#include <cstdlib>

namespace weir::test {
namespace {

/// From `addr=127.0.0.1:41234`, or the same in JSON; 0 if it is not said yet.
std::uint16_t port_in(const std::string& log) {
  const std::size_t line = log.find("now listening for http traffic");
  const std::size_t begin = line == std::string::npos ? line : log.find("addr", line);
  const std::size_t end = begin == std::string::npos ? begin : log.find('\n', begin);
  if (end == std::string::npos) return 0;
  const std::string address = log.substr(begin, end - begin);
  return static_cast<std::uint16_t>(std::atoi(address.c_str() + address.rfind(':') + 1));
}

}  // namespace

RunningWeir::RunningWeir(const std::string& config, Options options)
    : options_(std::move(options)) {
  write_config(config);
  Process::Options how{{weir_binary(), "run", "--server.http.listen-addr=127.0.0.1:0",
                        "--storage.path=" + folder_ / "data"},
                       options_.env,
                       folder_ / "log"};
  how.arguments.insert(how.arguments.end(), options_.flags.begin(), options_.flags.end());
  how.arguments.push_back(config_path());
  process_.emplace(how);
  eventually([this] {
    if (!process_->running()) return true;
    port_ = port_in(log());
    return port_ != 0 && get("/-/ready").status != 503;
  });
}

net::HttpResponse RunningWeir::ask(const std::string& method, const std::string& path,
                                   const net::HttpClientConfig& client) {
  net::HttpRequest request;
  request.method = method;
  request.url = (options_.tls ? "https" : "http") + std::string("://127.0.0.1:") +
                std::to_string(port_) + path;
  auto response = net::HttpClient(client).fetch(std::move(request));
  if (response) return *std::move(response);
  return {0, {}, response.error().message};
}

net::HttpResponse RunningWeir::reload(const std::string& config) {
  write_config(config);
  return ask("POST", "/-/reload");
}

std::optional<double> RunningWeir::metric(const std::string& series) {
  const std::string text = "\n" + get("/metrics").body;
  const std::size_t at = text.find("\n" + series + " ");
  if (at == std::string::npos) return std::nullopt;
  return std::atof(text.c_str() + at + series.size() + 2);
}

std::optional<int> RunningWeir::terminate(std::chrono::milliseconds timeout) {
  process_->signal(SIGTERM);
  const auto ended = process_->wait(timeout);
  if (!ended) return std::nullopt;
  return ended->signal == 0 ? ended->code : -ended->signal;
}

}  // namespace weir::test

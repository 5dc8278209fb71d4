// SPDX-License-Identifier: Apache-2.0
#include "server/daemon.h"

#include "base/net/http_client.h"
#include "server/services.h"
#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <csignal>
#include <future>
#include <unistd.h>

namespace weir::server {
namespace {

using namespace std::chrono_literals;

/// A daemon in this process whose configuration comes when the test gives it; ended by a signal.
class DaemonTest : public testing::Test {
 protected:
  void start() {
    options_.listen_port = 0;
    options_.listening = [this](const std::string& address) { address_.set_value(address); };
    options_.read = [this] { return read(); };
    exit_ = std::async(std::launch::async, [this] {
      const auto rows = services();
      const catalog::Catalog catalog({rows.begin(), rows.end()});
      return run_daemon(options_, catalog, {}, {});
    });
    url_ = "http://" + address_.get_future().get();
  }
  /// What the next reading gives.
  void give(const std::string& text) { texts_.set_value(text); }
  Result<graph::Controller::Files> read() {
    const std::string text = texts_.get_future().get();
    texts_ = {};
    if (text == "gone") return make_error(Code::kNotFound, "it is gone");
    return graph::Controller::Files{text::Source::make("main.alloy", text)};
  }
  int status(const std::string& path) {
    net::HttpRequest request;
    request.url = url_ + path;
    const auto response = net::HttpClient({}).fetch(std::move(request));
    return response ? response->status : 0;
  }
  DaemonExit end() {
    ::kill(::getpid(), SIGTERM);
    return exit_.get();
  }

  DaemonOptions options_;
  std::promise<std::string> address_, texts_;
  std::future<DaemonExit> exit_;
  std::string url_;
};

TEST_F(DaemonTest, IsReadyWhenItHasLoaded) {
  start();
  EXPECT_EQ(status("/-/ready"), 503);
  EXPECT_EQ(status("/-/healthy"), 200);
  EXPECT_EQ(status("/metrics"), 200);
  give("livedebugging { enabled = true }");
  EXPECT_TRUE(test::eventually([&] { return status("/-/ready") == 200; }));

  auto reloading = std::async(std::launch::async, [&] { return status("/-/reload"); });
  EXPECT_EQ(status("/-/ready"), 200) << "while it loads";
  give("nonsense");
  EXPECT_EQ(reloading.get(), 400);
  EXPECT_EQ(status("/-/ready"), 200) << "what runs goes on";
  EXPECT_EQ(end().reason, DaemonExit::Reason::kStopped);
}

TEST_F(DaemonTest, AFirstLoadThatFailsEndsIt) {
  start();
  give("livedebugging { enabled = 1 }\nnonsense");
  const DaemonExit ended = exit_.get();
  EXPECT_EQ(ended.reason, DaemonExit::Reason::kBadConfiguration);
  EXPECT_GT(ended.diagnostics.error_count(), 0U);
  EXPECT_EQ(status("/-/ready"), 0);
}

TEST_F(DaemonTest, AConfigurationThatIsGoneEndsItAtFirst) {
  start();
  give("gone");
  const DaemonExit ended = exit_.get();
  EXPECT_EQ(ended.reason, DaemonExit::Reason::kFailed);
  EXPECT_EQ(ended.message, "it is gone");
}

TEST_F(DaemonTest, SaysWhyItCannotListen) {
  options_.listen_host = "256.256.256.256";
  options_.read = [this] { return read(); };
  const catalog::Catalog catalog;
  const DaemonExit ended = run_daemon(options_, catalog, {}, {});
  EXPECT_EQ(ended.reason, DaemonExit::Reason::kFailed);
  EXPECT_NE(ended.message.find("listen on 256.256.256.256"), std::string::npos) << ended.message;
}

}  // namespace
}  // namespace weir::server

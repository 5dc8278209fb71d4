// SPDX-License-Identifier: Apache-2.0
// loki.source.api and loki.write together, as a client sees them that waits for its answers.

#include "base/net/http_client.h"
#include "tests/support/component_fixture.h"
#include "tests/support/fake_loki.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

namespace weir::loki {
namespace {

using namespace std::chrono_literals;
using test::FakeLoki;
using test::make_component;
using test::soon;
using test::TestComponent;
using testing::HasSubstr;

value::Value receiver_of(const TestComponent& component) {
  return *component.exports().as_object().find("receiver");
}

/// A client's way to `loki`: source, processing, relabelling and a writer that would gather for an hour.
struct Way {
  explicit Way(const FakeLoki& loki, const std::string& endpoint = {})
      : write(make_component(component("loki.write"),
                             format("endpoint {{\n url = \"{}\"\n batch_wait = \"1h\"\n"
                                    " min_backoff_period = \"1ms\"\n{}\n}}",
                                    loki.url(), endpoint))),
        relabel(make_component(component("loki.relabel"),
                               "forward_to = [next]\nrule {\n target_label = \"r\"\n"
                               " replacement = \"1\"\n}",
                               {{"next", receiver_of(*write)}})),
        process(make_component(component("loki.process"),
                               "forward_to = [next]\nstage.static_labels {\n values = { s = "
                               "\"1\" }\n}",
                               {{"next", receiver_of(*relabel)}})),
        api(make_component(component("loki.source.api"),
                           "forward_to = [next]\nhttp {\n listen_address = \"127.0.0.1\"\n "
                           "listen_port = 0\n}",
                           {{"next", receiver_of(*process)}})) {}

  [[nodiscard]] std::future<Result<net::HttpResponse>> push(const std::string& line) {
    net::HttpRequest request;
    request.method = "POST";
    const value::Value info = api->component().debug_info();
    request.url = format("http://127.0.0.1:{}/loki/api/v1/raw",
                         info.as_object().find("port")->as_number().natural);
    request.body = std::make_shared<const std::string>(line);
    auto promise = std::make_shared<std::promise<Result<net::HttpResponse>>>();
    auto future = promise->get_future();
    calls.push_back(client.send(
        std::move(request), strand,
        [promise](Result<net::HttpResponse> answer) { promise->set_value(std::move(answer)); }));
    return future;
  }
  [[nodiscard]] std::uint64_t queued() const {
    const value::Value info = write->component().debug_info();
    const value::Value& endpoint = info.as_object().find("endpoints")->as_array()[0];
    return endpoint.as_object().find("queued_bytes")->as_number().natural;
  }

  std::unique_ptr<TestComponent> write, relabel, process, api;
  exec::Pool pool{1};
  exec::Strand strand = pool.strand();
  net::HttpClient client{net::HttpClientConfig{}};
  std::vector<net::HttpCall> calls;
};

TEST(WaitingClient, IsAnsweredAtOnce) {
  FakeLoki loki;
  Way way(loki);
  for (std::size_t i = 1; i <= 5; ++i) {
    auto answer = way.push("x");
    ASSERT_EQ(answer.wait_for(20s), std::future_status::ready) << "the writer gathers for an hour";
    EXPECT_EQ(answer.get()->status, 204);
    EXPECT_EQ(loki.count(), i);
  }
}

TEST(WaitingClient, SharesAPushWithOthersWhileOneIsUnderWay) {
  FakeLoki loki;
  Way way(loki);
  loki.hold();
  std::vector<std::future<Result<net::HttpResponse>>> answers;
  answers.push_back(way.push("x"));
  ASSERT_TRUE(soon([&] { return loki.count() == 1; }));
  constexpr std::size_t kMany = 30;
  for (std::size_t i = 1; i < kMany; ++i) answers.push_back(way.push("x"));
  ASSERT_TRUE(soon([&] { return way.queued() == kMany; }));
  loki.release();
  for (auto& answer : answers) {
    const auto got = answer.get();
    EXPECT_EQ(got->status, 204);
  }
  EXPECT_EQ(loki.count(), 2U);
  EXPECT_EQ(loki.lines().size(), kMany);
}

TEST(WaitingClient, IsToldWhatTheDestinationSaid) {
  struct Case {
    int status;
    bool again;
  };
  for (const Case& c : {Case{400, false}, Case{429, true}, Case{500, true}}) {
    FakeLoki loki;
    loki.answer({{c.status, "entry too far behind\nmore", "text/plain", {}}});
    Way way(loki, "max_backoff_retries = 1");
    const auto answer = way.push("x").get();
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, c.status);
    EXPECT_THAT(answer->body, HasSubstr("entry too far behind"));
    EXPECT_EQ(!answer->header("Retry-After").empty(), c.again);
  }
}

TEST(WaitingClient, IsSentAwayWhenTheProgramEnds) {
  FakeLoki loki;
  loki.answer(503);
  Way way(loki, "max_backoff_retries = 0");
  auto answer = way.push("x");
  ASSERT_TRUE(soon([&] { return loki.count() > 0; }));
  const auto began = std::chrono::steady_clock::now();
  way.api->stop(10min);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 15s) << "far under graceful_shutdown_timeout";
  ASSERT_EQ(answer.wait_for(5s), std::future_status::ready);
  const auto got = answer.get();
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 503);
  EXPECT_THAT(got->body, HasSubstr("ending"));
  EXPECT_EQ(got->header("Retry-After"), "1");
}

TEST(WaitingClient, LearnsSoonWhatCannotBeDeliveredWhenTheWriterWindsDown) {
  FakeLoki loki;
  loki.answer(503);
  Way way(loki, "max_backoff_retries = 0");
  auto failing = way.push("x");
  ASSERT_TRUE(soon([&] { return loki.count() > 1; }));
  way.write->component().wind_down();
  ASSERT_EQ(failing.wait_for(20s), std::future_status::ready) << "nothing is tried for ever now";
  EXPECT_EQ(failing.get()->status, 503);
  EXPECT_EQ(way.push("y").get()->status, 503);
  loki.answer(204);
  EXPECT_EQ(way.push("z").get()->status, 204) << "what comes still goes through";
}

TEST(WaitingClient, IsSentAwayWhenItsWriterEnds) {
  FakeLoki loki;
  loki.hold();
  Way way(loki, "queue_config {\n drain_timeout = \"20ms\"\n}");
  auto answer = way.push("x");
  ASSERT_TRUE(soon([&] { return loki.count() == 1; }));
  way.write->stop();
  ASSERT_EQ(answer.wait_for(20s), std::future_status::ready);
  EXPECT_EQ(answer.get()->status, 503);
  loki.release();
}

}  // namespace
}  // namespace weir::loki
